"""The cast on a stage of its own: one server for all tests of a module."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.access.asking import Asking
from tests.access.cast import acted
from tests.access.wire import Wire


@pytest_asyncio.fixture(scope="module")
async def staged(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Asking]:
    """For tests: `asking = staged`."""
    async with (
        database.copy(database_server, administrator) as url,
        acted(url) as cast,
        AsyncExitStack() as closing,
    ):
        wire = Wire(cast.here.url)
        closing.push_async_callback(wire.close)
        yield Asking(cast, wire, closing)
