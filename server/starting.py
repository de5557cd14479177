"""What the port answers before the server serves: the process lives, and is not ready. Migrations may take minutes."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PATIENCE_SECONDS = 1.0
_MOST_BYTES = 8_192
_ALIVE = b"ok\n"
_NOT_READY = b"not ready: starting\n"


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
        is_alive = head.startswith(b"GET /healthz ")
        status, body = (b"200 OK", _ALIVE) if is_alive else (b"503 Service Unavailable", _NOT_READY)
        connection.sendall(
            b"HTTP/1.1 %b\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nretry-after: 1\r\n"
            b"cache-control: no-store\r\nconnection: close\r\n\r\n%b" % (status, len(body), body)
        )
        connection.shutdown(socket.SHUT_WR)
        connection.recv(_MOST_BYTES)  # what else was sent: closing before would drop the answer too
