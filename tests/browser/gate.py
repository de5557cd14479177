"""A gate of our own between a dashboard and the API: it can be shut, which cuts every connection, and opened again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress


class Gate:
    """Listens on a free port and passes everything on to the API's."""

    def __init__(self, api_port: int) -> None:
        self.api_port = api_port
        self.is_open = True
        self.keeps_answers = False
        """Whether what is asked arrives, and what is answered does not: the connection breaks instead."""
        self.connections: set[asyncio.StreamWriter] = set()
        self.websockets = 0
        self.quiet = asyncio.Event()
        self.server: asyncio.Server | None = None

    async def __aenter__(self) -> "Gate":
        self.server = await asyncio.start_server(self.pass_on, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.shut()
        assert self.server is not None
        self.server.close()

    @property
    def port(self) -> int:
        assert self.server is not None
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    def shut(self) -> None:
        self.is_open = False
        for writer in list(self.connections):
            writer.transport.abort()

    def open(self) -> None:
        self.is_open = True

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.is_open:
            writer.transport.abort()
            return
        ends = {writer}
        self.connections.add(writer)
        try:
            api_reader, api_writer = await asyncio.open_connection("127.0.0.1", self.api_port)
            ends.add(api_writer)
            self.connections.add(api_writer)
            if not writer.transport.is_closing():  # it may have been shut meanwhile
                await self.carry(reader, writer, api_reader, api_writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever came went away without asking anything
        finally:
            self.connections -= ends
            for end in ends:
                end.close()

    async def carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        api_reader: asyncio.StreamReader,
        api_writer: asyncio.StreamWriter,
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        is_websocket = b"upgrade: websocket" in head.lower()
        api_writer.write(head)
        self.count(is_websocket)
        try:
            await asyncio.gather(pump(reader, api_writer), self.answer(api_reader, writer))
        finally:
            self.count(-is_websocket)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on what the API says, while that is not kept."""
        await pump(reader, writer, while_=lambda: not self.keeps_answers)

    def count(self, change: int) -> None:
        """Websockets that pass through: quiet is set while there is none."""
        self.websockets += change
        if self.websockets:
            self.quiet.clear()
        else:
            self.quiet.set()


async def pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, while_: Callable[[], bool] = lambda: True
) -> None:
    with suppress(ConnectionError):
        while (data := await reader.read(65536)) and while_():
            writer.write(data)
            await writer.drain()
    with suppress(ConnectionError):
        writer.close()
        await writer.wait_closed()
