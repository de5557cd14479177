"""A program that webhooks are sent to: a real socket on loopback, whose answers a test sets."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


def says(status: str, body: str = "", **headers: str) -> bytes:
    """`says("500 Broken", "out of order")`."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body.encode())}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", body]).encode()


@dataclass(frozen=True)
class Heard:
    """One request."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """`answer` is what everybody is answered; None: nothing, until `free` is set."""

    port: int
    scheme: str = "http"
    answer: bytes | None = OK
    heard: list[Heard] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most_under_way: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks"

    async def hears(self, number: int) -> list[Heard]:
        """Once there are so many."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self.heard) >= number)
        return self.heard

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._take(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # whoever sent it has gone
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        told = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in told}
        body = await reader.readexactly(int(headers["content-length"]))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        async with self._news:
            self.heard.append(Heard(head[0], headers, body))
            self._news.notify_all()
        try:
            if self.answer is None:
                await self.free.wait()
            writer.write(self.answer or OK)
            await writer.drain()
        finally:
            self.under_way -= 1


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Until the block ends."""
    receiver = Receiver(0, "https" if context else "http")
    server = await asyncio.start_server(receiver.meet, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.free.set()
        server.close()
        await server.wait_closed()
