"""A snapshot of the whole store for a command that reads it to its end, however long that takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from server.migrate import connect
from server.settings import SetupError
from services.database import Connection, snapshot

_PATIENT = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "work_mem": "64MB",
    "timezone": "UTC",
    "application_name": "tijori reading the whole store",
}


@asynccontextmanager
async def whole_store(url: str) -> AsyncIterator[Connection]:
    """SetupError where it cannot be read. A server may go on writing meanwhile."""
    connection = await connect(url, **_PATIENT)
    try:
        async with snapshot(connection):
            yield connection
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        raise SetupError("the database's tables are not those of this program: run `tijori migrate` first") from None
    finally:
        await connection.close()
