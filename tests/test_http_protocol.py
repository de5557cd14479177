"""Whoever sends a request without end, or sends none, is let go of; whoever is owed an answer is not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import repeat

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect

from server.http_protocol import LONGEST_HEAD
from server.listening import listen, server_config

SHORT = 0.15
ANSWERED, REQUEST = b"HTTP/1.1 200 OK", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = b"a" * 16_384


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """/slow takes its time, /deaf reads no body, a socket echoes; else how long the body was."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        return
    size, more = 0, scope["path"] != "/deaf"
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await asyncio.sleep(4 * SHORT if scope["path"] == "/slow" else 0)
    body = b"%d" % size
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(head_seconds: float = 30) -> AsyncIterator[int]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(server_config(app, head_seconds=head_seconds, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with asyncio.timeout(20):
            yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await running


class Caller:
    """One connection, of which each byte counts."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.sent = 0

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        self.sent += len(data)
        await self._writer.drain()

    async def answer(self) -> bytes:
        """The next answer's head and short body."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return head + await self._reader.readexactly(length)

    async def until_closed(self, pieces: Iterator[bytes], pause: float = 0.0) -> bytes:
        """All that was answered while these were sent, one by one, until the server closed the connection."""
        reading = asyncio.create_task(self._read())
        for piece in pieces:
            await asyncio.wait([reading], timeout=pause)
            if reading.done():
                break
            try:
                await self.send(piece)
            except ConnectionError:
                break
        return await reading

    async def _read(self) -> bytes:
        told = b""
        with suppress(ConnectionError):
            while piece := await self._reader.read(65_536):
                told += piece
        return told


@asynccontextmanager
async def calling(port: int) -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Caller(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


ENDLESS = {
    "a header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: ", PIECE),
    "a header's name": (b"GET / HTTP/1.1\r\nHost: x\r\n", PIECE),
    "an address": (b"GET /", PIECE),
    "headers": (b"GET / HTTP/1.1\r\n", b"X: a\r\n" * 2_000),
    "lines before a request": (b"", b"\r\n" * 8_000),
    "a trailer": (CHUNKED + b"1\r\na\r\n0\r\nX: ", PIECE),
    "a piece's extension": (CHUNKED + b"1;a=", PIECE),
}


@pytest.mark.parametrize("what", ENDLESS)
async def test_a_head_without_end_is_refused(what: str) -> None:
    begin, more = ENDLESS[what]
    async with serving() as port, calling(port) as caller:
        await caller.send(begin)
        told = await caller.until_closed(repeat(more))
        assert caller.sent < 32 * 1024 * 1024  # what the system's buffers take, not what the server read
        assert told.startswith(b"HTTP/1.1 431 ") or told == b""  # the answer may be lost to what was still on its way


async def test_who_sends_a_head_that_is_too_long_is_told_so() -> None:
    async with serving() as port:
        for size, status in ((LONGEST_HEAD - 100, ANSWERED), (LONGEST_HEAD + 100, b"HTTP/1.1 431 ")):
            async with calling(port) as caller:
                await caller.send(REQUEST[:-2] + b"X: " + b"a" * (size - len(REQUEST) - 5) + b"\r\n\r\n")
                assert (await caller.answer()).startswith(status)


async def test_a_body_in_many_pieces_is_no_head() -> None:
    async with serving() as port, calling(port) as caller:
        await caller.send(CHUNKED + b"1\r\na\r\n" * 300_000 + b"0\r\n\r\n" + REQUEST)
        assert (await caller.answer()).endswith(b"300000")
        assert (await caller.answer()).endswith(b"0")


@pytest.mark.parametrize("begin", [b"", b"GET /a", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
@pytest.mark.parametrize("before", [b"", REQUEST])
async def test_who_takes_too_long_for_a_head_is_let_go_of(begin: bytes, before: bytes) -> None:
    async with serving(SHORT) as port, calling(port) as caller:
        if before:
            await caller.send(before)
            assert (await caller.answer()).startswith(ANSWERED)
        await caller.send(begin)
        trickle = repeat(begin[-1:] if begin.strip() else b"\r\n") if begin or before else repeat(b"")
        told = await caller.until_closed(trickle, SHORT / 10)
        assert told.startswith(b"HTTP/1.1 408 ") if begin.strip() else told == b""


async def test_who_goes_on_with_a_body_that_nobody_reads_is_let_go_of() -> None:
    async with serving(SHORT) as port, calling(port) as caller:
        await caller.send(b"POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert (await caller.answer()).startswith(ANSWERED)
        assert await caller.until_closed(repeat(b"a"), SHORT / 10) == b""


async def test_a_half_sent_request_waits_for_the_answer_before_it() -> None:
    async with serving(SHORT) as port, calling(port) as caller:
        await caller.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + REQUEST[:-2])
        assert (await caller.answer()).startswith(ANSWERED)
        await caller.send(REQUEST[-2:])
        assert (await caller.answer()).startswith(ANSWERED)


async def test_a_websocket_has_all_the_time_that_it_wants() -> None:
    async with serving(SHORT) as port, connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
        async with calling(port) as slow:
            await slow.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await slow.answer()
        await socket.send("still here")
        assert await socket.recv() == "still here"
