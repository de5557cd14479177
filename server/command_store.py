"""The store for a command that writes: no server's tasks, as much time as it takes, maybe beside a server."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from tortoise import Tortoise

from domain.changes import Change
from domain.refusals import Unavailable
from models.config import tortoise_config
from server import embedded, migrate
from server.bus import CHANGES_CHANNEL, NOTIFY
from server.bus_changes import EVERYTHING
from server.migrate import UnreachableError
from server.settings import Settings
from services.database import DATABASE_AWAY, hearers, read

T = TypeVar("T")

_PATIENT = {"statement_timeout": "0", "lock_timeout": "30000"}
_TRIES, _PAUSE_SECONDS = 20, 0.25
_LOST = (UnreachableError, Unavailable, *DATABASE_AWAY)


def on_store(settings: Settings, work: Callable[[str], Awaitable[T]]) -> T:
    """What `work` answers for the migrated database's URL.

    The program that runs the embedded database may be another one, which starts or ends meanwhile: then `work` begins
    again, and must go on where it was.
    """
    for left in range(_TRIES, 0, -1):
        try:
            with embedded.database(settings, share=True) as url:
                migrate.apply(url)
                return asyncio.run(_awaited(work(url)))
        except _LOST as why:
            if left == 1 or settings.database_url is not None:
                raise _in_our_words(why) from None
            time.sleep(_PAUSE_SECONDS)
    raise AssertionError


@asynccontextmanager
async def patient_store(url: str) -> AsyncIterator[None]:
    """Open for stories, until the block ends: then servers hear if anything was changed."""
    config = tortoise_config(url)
    for connection in config["connections"].values():
        connection["credentials"]["server_settings"] |= _PATIENT
        connection["credentials"]["command_timeout"] = None
        connection["credentials"]["minsize"] = 0  # else the pool says loudly that it cannot refill itself
    await Tortoise.init(config=config, _enable_global_fallback=True)
    changed: set[Change] = set()
    hearers.add(changed.update)
    try:
        yield
    finally:
        hearers.discard(changed.update)
        if changed:
            with suppress(Unavailable):
                await read(NOTIFY, CHANGES_CHANNEL, f"a command,{EVERYTHING}")
        await Tortoise.close_connections()


async def _awaited(work: Awaitable[T]) -> T:
    return await work


def _in_our_words(why: Exception) -> Exception:
    return (
        why if isinstance(why, UnreachableError | Unavailable) else UnreachableError(f"the database went away: {why}")
    )
