"""Bring the database's tables up to this program's version. One process does it, the others wait for it."""

import asyncio
import re
from pathlib import Path

import asyncpg

import migrations
from server.settings import SetupError

APP = "models"
FOLDER = Path(migrations.__path__[0])
OLDEST_POSTGRES = 15
ADVISORY_LOCK = 7_460_175_083  # any number, as long as nobody else on the database uses it
CONNECT_SECONDS = 10


class UnreachableError(SetupError):
    """There is no database there, or it takes no connections now."""


def apply(url: str) -> list[str]:
    """Apply what is missing and return its names; SetupError when the database cannot be reached or is not ours."""
    return asyncio.run(_apply(url))


async def _apply(url: str) -> list[str]:
    connection = await connect(url)
    try:
        _check_version(connection)
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        return await _upgrade(url) if await _missing(connection) else []
    finally:
        await connection.close()


async def connect(url: str, **settings: str) -> asyncpg.Connection:
    """A connection with these of PostgreSQL's settings; SetupError where the database cannot be reached."""
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=settings)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise UnreachableError(f"cannot use the database: {_in_one_line(error)}") from None


def files() -> frozenset[str]:
    """The names of all migrations that this program has."""
    return frozenset(path.name for path in (FOLDER / APP).glob("*.py") if re.match(r"\d+_", path.name))


async def _missing(connection: asyncpg.Connection) -> frozenset[str]:
    """The files not applied yet; asked first, because loading aerich takes longer than the whole of a usual start."""
    applied: set[str] = set()
    if await connection.fetchval("SELECT to_regclass('aerich') IS NOT NULL"):
        applied = {row["version"] for row in await connection.fetch("SELECT version FROM aerich WHERE app = $1", APP)}
    if newer := applied - files():
        raise SetupError(f"the database was used by a newer program ({max(newer, key=_number)}): start that one")
    return files() - applied


async def _upgrade(url: str) -> list[str]:
    from aerich import Command
    from tortoise.exceptions import BaseORMException

    from models.config import tortoise_config

    config = tortoise_config(url)
    for connection in config["connections"].values():  # building an index takes what it takes
        connection["credentials"]["server_settings"]["statement_timeout"] = "0"
        connection["credentials"]["command_timeout"] = None
    try:
        async with Command(config, app=APP, location=str(FOLDER)) as command:
            await command.init()
            return await command.upgrade()
    except (BaseORMException, asyncpg.PostgresError) as error:
        raise SetupError(f"cannot bring the database up to date: {_in_one_line(error)}") from error


def _number(name: str) -> int:
    """The one it begins with; of anything else none, and the least."""
    return int(found[0]) if (found := re.match(r"\d+", name)) else -1


def _check_version(connection: asyncpg.Connection) -> None:
    version = connection.get_server_version()
    if version.major < OLDEST_POSTGRES:
        raise SetupError(f"the database is PostgreSQL {version.major}: it must be {OLDEST_POSTGRES} or newer")


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
