"""HTTP/1.1 as uvicorn speaks it, with the two bounds that it lacks: how long a head may be, and how long it may take.

Without them one connection fills the memory, and those that send nothing are kept for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 * 1024
"""Bytes, the address among them; and as many of what else is no body: trailers, or a chunk's extension."""
HEAD_SECONDS = 10.0
_REFUSALS = {
    408: (b"Request Timeout", b"The request took too long. Send it again."),
    431: (b"Request Header Fields Too Large", b"Send at most %d bytes before the body." % LONGEST_HEAD),
}


class _TooLongError(Exception):
    """Raised through the parser, which stops."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `head_seconds` is from its first byte to its last, and from connecting to the first one."""

    def __init__(self, *given: Any, head_seconds: float = HEAD_SECONDS, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_seconds = head_seconds
        self._timer: asyncio.TimerHandle | None = None
        self._unread = self._arrived = 0  # bytes since the parser last got anywhere, before and with these
        self._in_head = self._got_on = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The clock runs."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(self._head_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Most requests come whole, and cost a look at what is left to wait for."""
        self._got_on, self._arrived = False, self._unread + len(data)
        super().data_received(data)
        if self._got_on:
            self._unread = 0
        else:
            self._unread = self._arrived
            if self._unread > LONGEST_HEAD:
                self._refuse(431)
        if self._timer is None and (self._in_head or (self.cycle is not None and self.cycle.response_complete)):
            self._timer = self.loop.call_later(self._head_seconds, self._too_slow)

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head that came in one piece with others is measured by itself."""
        if self._arrived > LONGEST_HEAD and self._head_size() > LONGEST_HEAD:
            raise _TooLongError
        self._in_head, self._got_on = False, True
        self._stop_clock()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece."""
        self._got_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next head may follow."""
        self._got_on = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """To what the parser stopped at, which may be us."""
        if self._in_head and self._arrived > LONGEST_HEAD:
            self._refuse(431)
        else:
            super().send_400_response(msg)

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _too_slow(self) -> None:
        """While we owe an answer, what comes behind it has to wait for us."""
        self._timer = None
        if self not in self.connections:  # it is a websocket by now
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._timer = self.loop.call_later(self._head_seconds, self._too_slow)
        elif self._in_head:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            reason, text = _REFUSALS[status]
            self.transport.write(
                b"HTTP/1.1 %d %b\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
                b"cache-control: no-store\r\nconnection: close\r\n\r\n%b" % (status, reason, len(text), text)
            )
        self.transport.close()

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
