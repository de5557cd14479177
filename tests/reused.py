"""A store that is emptied and used again, its connections too: a new one costs each story three times as much."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

import asyncpg
import pytest_asyncio
from tortoise import context

from models.config import tortoise_config
from server.embedded import SUPERUSER, Server
from tests import database

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
MUCH_BYTES = 4 << 20
"""What a story may have added to its files, before a new store is cheaper than an emptied one."""
# All of the tables at once. As a replica, so that neither references nor the log's guards stand in the way.
_EMPTY = """
SET session_replication_role = replica;
DO $$ BEGIN EXECUTE (
    SELECT string_agg(format('DELETE FROM %I', tablename), ';')
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'aerich'
); END $$
"""
# Changes with every table, column, trigger, function or rule that is made, changed or dropped.
_SHAPE = """
SELECT md5(string_agg(row, ' ' ORDER BY row)) FROM (
    SELECT 'c' || oid || ' ' || xmin || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 't' || oid || ' ' || xmin FROM pg_trigger
    UNION ALL SELECT 'k' || oid || ' ' || xmin FROM pg_constraint
    UNION ALL SELECT 'f' || oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS t (row)
"""
_SIZE = "SELECT pg_database_size(current_database())"
# Of processes that were killed, and whatever else a story left open; its own that wait for work stay.
_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> ALL($1::int[]) AND (application_name <> 'tijori' OR state <> 'idle')
"""


@dataclass(frozen=True)
class Open:
    """A database, and what stays connected to it between stories."""

    url: str
    orm: context.TortoiseContext
    database: Connection
    """The stories' own."""
    cleaner: Connection
    shape: str
    size: int


class Reused:
    """One a time, made when first asked for, and made anew after a story that left more than rows."""

    def __init__(self, server: Server, administrator: Connection) -> None:
        self._server, self._administrator = server, administrator
        self._made = AsyncExitStack()
        self._open: Open | None = None

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Open]:
        """Empty."""
        here = self._open = self._open or await self._make()
        context.set_global_context(here.orm)
        try:
            yield here
        finally:
            context._global_context = None
            if not await _emptied(here):
                await self.close()

    async def close(self) -> None:
        self._open = None
        await self._made.aclose()

    async def _make(self) -> Open:
        url = await self._made.enter_async_context(database.copy(self._server, self._administrator))
        orm = context.TortoiseContext()
        with orm:
            await orm.init(config=tortoise_config(url))
        self._made.push_async_callback(orm.close_connections)
        own = await asyncpg.connect(url)
        self._made.push_async_callback(own.close)
        cleaner = await asyncpg.connect(self._server.url(urlsplit(url).path[1:], SUPERUSER))
        self._made.push_async_callback(cleaner.close)
        return Open(url, orm, own, cleaner, await cleaner.fetchval(_SHAPE), await cleaner.fetchval(_SIZE))


async def _emptied(here: Open) -> bool:
    """Whether it is as new."""
    if here.database.is_closed() or here.cleaner.is_closed() or here.orm._connections is None:
        return False
    await here.database.reset()
    await here.cleaner.execute(_OTHERS, [here.database.get_server_pid(), here.cleaner.get_server_pid()])
    if await here.cleaner.fetchval(_SHAPE) != here.shape or await here.cleaner.fetchval(_SIZE) > here.size + MUCH_BYTES:
        return False
    await here.cleaner.execute(_EMPTY)
    return True


@pytest_asyncio.fixture(scope="session")
async def reused(database_server: Server, administrator: Connection) -> AsyncIterator[Reused]:
    """Of this run, or of this worker of it."""
    made = Reused(database_server, administrator)
    yield made
    await made.close()
