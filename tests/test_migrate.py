"""Migrations: applied once, by one process at a time, to a database that is ours to change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aerich import Command
from aerich.utils import decompress_dict, get_models_describe, import_py_file

from models.config import tortoise_config
from server import migrate
from server.embedded import Server
from server.settings import SetupError
from tests.programs import tijori

FILES = sorted(migrate.files(), key=lambda name: int(name.partition("_")[0]))


@pytest.fixture
async def empty_url(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[str]:
    name = f"empty_{uuid4().hex}"  # workers share the server
    await administrator.execute(f"CREATE DATABASE {name} OWNER tijori")
    yield database_server.url(name)
    await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_migrating_twice_changes_nothing_more(empty_url: str) -> None:
    assert await asyncio.to_thread(migrate.apply, empty_url) == FILES
    assert await asyncio.to_thread(migrate.apply, empty_url) == []


async def test_of_processes_that_migrate_at_once_one_does_it_and_the_others_wait(empty_url: str) -> None:
    runs = [asyncio.to_thread(tijori, "migrate", DATABASE_URL=empty_url) for _ in range(3)]
    said = sorted(done.stdout.strip() or done.stderr for done in await asyncio.gather(*runs))
    assert said == sorted(["\n".join(FILES), "up to date", "up to date"])


async def test_the_newest_migration_knows_the_models_as_they_are(empty_url: str) -> None:
    """What `aerich migrate` compares them with: else the next migration would make again what is there."""
    await asyncio.to_thread(migrate.apply, empty_url)
    newest = import_py_file(migrate.FOLDER / migrate.APP / FILES[-1])
    async with Command(tortoise_config(empty_url), app=migrate.APP, location=str(migrate.FOLDER)):
        assert decompress_dict(newest.MODELS_STATE) == get_models_describe(migrate.APP)


async def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    for name in ("999_later.py", "99_sooner.py"):
        await connection.execute("INSERT INTO aerich (version, app, content) VALUES ($1, 'models', '{}')", name)
    await connection.close()
    with pytest.raises(SetupError, match=r"used by a newer program \(999_later.py\)"):
        await asyncio.to_thread(migrate.apply, database_url)


def test_a_database_that_cannot_be_reached_is_one_line_and_exit_code_1() -> None:
    done = tijori("migrate", DATABASE_URL="postgresql://tijori@127.0.0.1:1/tijori")
    assert done.returncode == 1
    assert done.stderr.startswith("tijori: cannot use the database: ")
    assert done.stderr.count("\n") == 1


def test_a_role_that_may_not_make_tables_is_told_so_in_one_line(database_server: Server) -> None:
    done = tijori("migrate", DATABASE_URL=database_server.url("postgres"))
    assert done.returncode == 1
    assert done.stderr == "tijori: cannot bring the database up to date: permission denied for schema public\n"


def test_the_first_start_makes_the_embedded_database_and_migrates_it(tmp_path: Path) -> None:
    data = {"TIJORI_DATA_DIR": str(tmp_path / "data")}
    assert tijori("migrate", **data).stdout.split() == FILES
    assert tijori("migrate", **data).stdout == "up to date\n"
