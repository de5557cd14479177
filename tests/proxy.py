"""Stands between a program and its PostgreSQL, and cuts the connection at a COMMIT: before it, or before its answer."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"


class Proxy:
    """`cut` says when the next COMMIT is cut off, `skip` how many are let through first."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.cut: Literal["before", "after"] | None = None
        self.skip = 0
        self.cuts = 0
        self.refusing = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end closes it."""
        if self.refusing:
            writer.close()
            return
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        back = asyncio.create_task(self._pass(up_reader, writer))
        try:
            while data := await reader.read(1 << 16):
                if self.cut and b"COMMIT;" in data:
                    self.skip -= 1
                if self.cut and self.skip < 0:
                    await self._cut(data, up_writer, up_reader, back)
                    break
                up_writer.write(data)
        except ConnectionError:
            pass
        finally:
            back.cancel()
            up_writer.close()
            writer.close()

    async def _cut(
        self, data: bytes, writer: asyncio.StreamWriter, reader: asyncio.StreamReader, back: "asyncio.Task[None]"
    ) -> None:
        how, self.cut, self.skip = self.cut, None, 0
        self.cuts += 1
        back.cancel()
        await asyncio.wait([back])
        if how == "after":
            writer.write(data)
            await reader.readuntil(b"COMMIT\0")

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):  # as a killed server ends it, now and then
            while data := await reader.read(1 << 16):
                writer.write(data)
        writer.close()


@asynccontextmanager
async def between(url: str) -> AsyncIterator[tuple[str, Proxy]]:
    """The URL of a way through the proxy to the database at the URL, and the proxy."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query)["host"][0]
    proxy = Proxy(f"{folder}/{SOCKET}")
    with tempfile.TemporaryDirectory(prefix="tijori-") as place:
        server = await asyncio.start_unix_server(proxy.serve, f"{place}/{SOCKET}")
        async with server:
            yield parts._replace(query=f"host={place}").geturl(), proxy
