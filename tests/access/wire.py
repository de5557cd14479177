"""HTTP with as little between as can be: what the server sends, byte by byte, and little time of the client's own."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_OF_THE_MOMENT = (b"date:", b"x-request-id:")


@dataclass(frozen=True)
class Heard:
    """`head` without what is of the moment."""

    status: int
    head: bytes
    body: bytes


@dataclass
class Wire:
    """Connections that stay open, each for one request at a time."""

    url: str
    idle: list[Connection] = field(default_factory=list)

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Heard:
        """One request. A body goes as JSON where no other type is named."""
        place = urlsplit(self.url)
        more = {"Host": place.netloc, "Content-Length": str(len(body)), "Content-Type": "application/json", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body
        while self.idle:
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # the server has closed what was idle
                return await self._over(self.idle.pop(), request)
        return await self._over(await asyncio.open_connection(place.hostname, place.port), request)

    async def _over(self, connection: Connection, request: bytes) -> Heard:
        reader, writer = connection
        writer.write(request)
        try:
            async with asyncio.timeout(20):
                heard = await _heard(reader)
        except BaseException:
            writer.close()
            raise
        self.idle.append(connection)
        return heard

    async def close(self) -> None:
        """All of them."""
        for _, writer in self.idle:
            writer.close()


async def _heard(reader: asyncio.StreamReader) -> Heard:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).strip().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:"))
    head = b"\n".join([first, *(line for line in lines if not line.lower().startswith(_OF_THE_MOMENT))])
    return Heard(int(first.split()[1]), head, await reader.readexactly(length))
