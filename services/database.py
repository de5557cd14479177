"""The door to the database: the one place that opens its transactions, and that tells it being away from a refusal."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol, TypeVar

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError
from tortoise.transactions import in_transaction

from domain.changes import Change
from domain.refusals import Unavailable
from services.clock import Clock

T = TypeVar("T")
Connection = asyncpg.Connection


class Row(Protocol):
    """A row of an answer, by column."""

    def __getitem__(self, column: str, /) -> Any: ...


DATABASE_AWAY = (
    OSError,
    asyncio.TimeoutError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
)
_DIED = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
"""What a statement is told whose connection ended: by itself this says nothing of the next one."""
COUNT_LIMIT = 10_000
Hear = Callable[[Collection[Change]], None]
hearers: set[Hear] = set()
"""Who hears in this process of what its transactions have changed, once they are committed."""
_noted: ContextVar[set[Change]] = ContextVar("noted")
BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Somebody else holds what this needs, longer than it may wait."""
HELD = "Another request holds this wallet or tenant. Repeat with the same key in a moment: it counts once."
AWAY = "The database cannot be reached. Repeat with the same key: it counts once."


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DATABASE_AWAY as error:
        raise Unavailable(AWAY) from error
    except BUSY as error:
        raise Unavailable(HELD) from error


async def read(sql: str, *values: object) -> Sequence[Row]:
    """One statement, outside of any transaction."""
    return await reading(lambda: get_connection("default").execute_query_dict(sql, list(values)))


async def reading(load: Callable[[], Awaitable[T]]) -> T:
    """What `load` reads, outside of any transaction; once more where a pooled connection had died."""
    with _translated():
        try:
            return await load()
        except _DIED:
            return await load()


@asynccontextmanager
async def snapshot(connection: Connection) -> AsyncIterator[None]:
    """One moment of the whole store, read while others write; nothing is written in it."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield


@asynccontextmanager
async def pooled_snapshot() -> AsyncIterator[Connection]:
    """The same on a connection of the pool."""
    with _translated():
        async with get_connection("default").acquire_connection() as connection, snapshot(connection):
            yield connection


async def batches(connection: Connection, sql: str, *values: object, size: int = 1_000) -> AsyncIterator[list[Any]]:
    """A statement's rows, so many at a time: the database keeps the rest. Only in a transaction."""
    cursor = await connection.cursor(sql, *values)
    while rows := await cursor.fetch(size):
        yield rows


async def count_rows(rows_sql: str, *values: object) -> int | None:
    """How many rows the statement has; None where counting on would read more than 10,000."""
    rows = await read(f"SELECT count(*) AS n FROM ({rows_sql} LIMIT {COUNT_LIMIT + 1}) AS found", *values)
    found: int = rows[0]["n"]
    return found if found <= COUNT_LIMIT else None


async def write(work: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    """Carry `work` through one transaction, to its end even if the caller goes away meanwhile."""
    return await asyncio.shield(asyncio.ensure_future(_in_transaction(work)))


async def _in_transaction(work: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    noted: set[Change] = set()
    _noted.set(noted)  # in the context of this task alone
    with _translated():
        try:
            async with in_transaction("default") as connection:
                done = await work(connection)
        except DATABASE_AWAY:  # whether it was committed is not known: better told once too often
            _tell(noted)
            raise
    _tell(noted)
    return done


def _tell(noted: set[Change]) -> None:
    for hear in hearers if noted else ():
        hear(noted)


def note(changes: Iterable[Change]) -> None:
    """Within `write`: what it changes, which is told once it is committed, and never if it is rolled back."""
    _noted.get().update(changes)


async def now(clock: Clock, connection: BaseDBAsyncClient | None = None) -> datetime:
    """The clock's instant."""
    if clock.fixed is not None:
        return clock.fixed
    sql = "SELECT clock_timestamp() AS now"
    rows = await connection.execute_query_dict(sql) if connection else await read(sql)
    instant: datetime = rows[0]["now"]
    return instant


@asynccontextmanager
async def posting_connection() -> AsyncIterator[Connection]:
    """The posting task's own: it holds it for its life, since giving it back would cost its callers a round trip."""
    async with get_connection("posting").acquire_connection() as connection:
        try:
            yield connection
        except BaseException:  # the next one is fresh: this one may still be up, and lead to a server that was demoted
            with suppress(asyncpg.InterfaceError):  # it has ended already: what ended it is the news
                connection.terminate()
            raise


@asynccontextmanager
async def posting_transaction(connection: Connection) -> AsyncIterator[None]:
    """One group commit."""
    async with connection.transaction():
        yield
