"""Stands between the dashboard and the API, and cuts the connection on which a document of some name is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Sieve:
    """`held` names the documents that do not come through."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.held: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end closes it."""
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._port)
        back = asyncio.create_task(_pass(up_reader, writer))
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if any(f'"{name}"'.encode() in data for name in self.held):
                    break
                up_writer.write(data)
        back.cancel()
        for end in (up_writer, writer):
            end.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
    writer.close()


@asynccontextmanager
async def before(url: str) -> AsyncIterator[tuple[str, Sieve]]:
    """The URL of a way through the sieve to the API at the URL, and the sieve."""
    parts = urlsplit(url)
    assert parts.port is not None
    sieve = Sieve(parts.port)
    server = await asyncio.start_server(sieve.serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield parts._replace(netloc=f"127.0.0.1:{port}").geturl(), sieve
    finally:
        server.close()
