"""What the port answers before the server serves: the process lives, and is not ready. Migrations may take minutes."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import orjson

from server.problems import MEDIA_TYPE, problem

_PATIENCE_SECONDS = 1.0
_MOST_BYTES = 8_192
_ALIVE = b"ok\n"
_NOT_READY = b"not ready: starting\n"
_SAID = "The server is starting. Repeat with the same key in a moment: it counts once."
_ERROR = orjson.dumps({"errors": [{"message": _SAID, "extensions": {"code": "UNAVAILABLE"}}]})
_PROBLEM = bytes(problem("UNAVAILABLE", _SAID).body)


@contextmanager
def answering(listening: socket.socket) -> Iterator[None]:
    """Until the block ends. Whoever connects later waits for the server."""
    stop, stopped = socket.socketpair()
    with listening.dup() as own, stop, stopped:
        thread = threading.Thread(target=_answer_all, args=(own, stopped), name="starting", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.send(b"\0")
            thread.join()


def _answer_all(listening: socket.socket, stopped: socket.socket) -> None:
    with selectors.DefaultSelector() as waiting:
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(stopped, selectors.EVENT_READ)
        while not any(key.fileobj is stopped for key, _ in waiting.select()):
            with suppress(OSError):  # gone again, or too slow
                _answer(listening)


def _answer(listening: socket.socket) -> None:
    listening.settimeout(_PATIENCE_SECONDS)
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(_PATIENCE_SECONDS)
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _MOST_BYTES and (data := connection.recv(_MOST_BYTES)):
            head += data
        status, media_type, body = _answer_to(head)
        connection.sendall(
            b"HTTP/1.1 %b\r\ncontent-type: %b\r\ncontent-length: %d\r\nretry-after: 1\r\n"
            b"cache-control: no-store\r\nconnection: close\r\n\r\n%b" % (status, media_type, len(body), body)
        )
        connection.shutdown(socket.SHUT_WR)
        connection.recv(_MOST_BYTES)  # what else was sent: closing before would drop the answer too


def _answer_to(head: bytes) -> tuple[bytes, bytes, bytes]:
    """Status, media type and body: to programs in the form that they read refusals in."""
    path = head.partition(b" ")[2]
    if head.startswith(b"GET /healthz "):
        return b"200 OK", b"text/plain; charset=utf-8", _ALIVE
    if path.startswith(b"/graphql"):
        return b"503 Service Unavailable", b"application/json; charset=utf-8", _ERROR
    if path.startswith(b"/api/"):
        return b"503 Service Unavailable", MEDIA_TYPE.encode(), _PROBLEM
    return b"503 Service Unavailable", b"text/plain; charset=utf-8", _NOT_READY
