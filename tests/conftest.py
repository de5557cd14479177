"""Fixtures for every test: a database of its own, and a Chromium. With xdist the workers share one server."""

import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings
from playwright.sync_api import sync_playwright

from server.embedded import Server
from services import passwords
from tests import database
from tests.reused import reused

__all__ = ["reused"]

# No deadline: how long an example takes says nothing on a machine that runs other tests beside it.
settings.register_profile("default", max_examples=50, deadline=None)
settings.register_profile("proof", max_examples=2000, deadline=None)
settings.load_profile("default")

# Whoever guesses passwords pays for each hash, and so would each test in which somebody signs in.
passwords.hashing = passwords.Hashing(memory_kib=8, passes=1)

SHARED = pytest.StashKey[Server]()
LATER = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    # A shell's background job ignores it, and so would every program that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[LATER] = ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[LATER].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by xdist in its controller for each worker before it starts."""
    node.workerinput["socket_folder"] = str(_server(node.config).socket_folder)


def _server(config: pytest.Config) -> Server:
    """The run's one server: the controller's, or our own, started when first asked for."""
    if SHARED not in config.stash:
        given = getattr(config, "workerinput", {}).get("socket_folder")
        running = Server(Path(given)) if given else config.stash[LATER].enter_context(database.server())
        config.stash[SHARED] = running
    return config.stash[SHARED]


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> Server:
    return _server(pytestconfig)


@pytest_asyncio.fixture(scope="session")
async def administrator(database_server: Server) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    async with database.administrator(database_server) as connection:
        yield connection


@pytest.fixture
def costly_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in earnest."""
    monkeypatch.setattr(passwords, "hashing", passwords.Hashing())


@pytest_asyncio.fixture
async def database_url(
    database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> AsyncIterator[str]:
    async with database.copy(database_server, administrator) as url:
        yield url


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection of the test's own, beside those of whatever runs on the database."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where browsers are required."""
    found = find_chromium()
    if found is None and os.environ.get("TIJORI_BROWSER_REQUIRED") == "1":
        pytest.fail("no Chromium found, and TIJORI_BROWSER_REQUIRED is set")
    if found is None:
        pytest.skip("no Chromium found: install one, or run `.venv/bin/playwright install chromium`")
    return found


def find_chromium() -> str | None:
    """The system's, or else the one that Playwright has installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None
