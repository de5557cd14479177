"""Processes tell each other what has changed, and whatever one may have missed it takes for changed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg
import pytest_asyncio

from domain import access
from domain.access import Role
from domain.changes import Change, ChangeKind
from domain.imports import Person
from server.bus import CHANGES_CHANNEL, Bus
from server.bus_changes import BEAT_SECONDS, DEAF_SECONDS, EVERYTHING, MOST_KEPT, ChangeMessages
from server.command_store import patient_store
from services.changes import ChangeFeed, Reader
from services.clock import Clock
from services.feed import Feed
from services.identity import new_uuid
from services.imports import Source, import_users
from services.run_feed import RunFeed
from tests.changes import taken
from tests.world import World, opened_world

world = opened_world
K = ChangeKind
ALL = tuple(ChangeKind)
OURS, THEIRS = UUID(int=1), UUID(int=2)
MEMBER = access.viewer_of_user(UUID(int=3), Role.MEMBER, OURS, None)
SOON_SECONDS = 20


class Wire:
    """Between processes of which nothing is there but what they say, on a clock of its own."""

    def __init__(self) -> None:
        self.now, self.broken, self.deaf = 1_000.0, False, False
        self.feeds = {name: ChangeFeed() for name in ("one", "two")}
        self.processes = {name: ChangeMessages(name, feed, lambda: self.now) for name, feed in self.feeds.items()}
        self.readers = {name: Reader(access.SYSTEM, ALL) for name in self.feeds}
        for name, feed in self.feeds.items():
            feed.listen(self.readers[name])

    async def notify(self, payload: str) -> None:
        assert len(payload) < 8_000
        if self.broken:
            raise OSError
        for process in () if self.deaf else self.processes.values():
            process.hear(payload)

    async def turn(self, seconds: float = 0.0) -> dict[str, list[ChangeKind]]:
        """The processes send; what each one's reader has heard."""
        self.now += seconds
        for process in self.processes.values():
            with suppress(OSError):
                await process.send(self.notify)
        return {name: taken(reader) for name, reader in self.readers.items()}


@pytest_asyncio.fixture
async def wire() -> Wire:
    wire = Wire()
    assert await wire.turn() == {"one": list(ALL), "two": list(ALL)}  # who starts may come after one that died
    return wire


async def test_other_processes_hear_what_has_changed_and_whose_it_is(wire: Wire) -> None:
    bound = Reader(MEMBER, ALL)
    wire.feeds["two"].listen(bound)
    wire.processes["one"].add([Change(K.USAGE, OURS), Change(K.PRICES, THEIRS), Change(K.BILLING, None)])
    assert await wire.turn() == {"one": [], "two": [K.PRICES, K.USAGE, K.BILLING]}
    assert taken(bound) == [K.USAGE]
    wire.processes["two"].hear("one,NEWER:,USERS:")
    assert taken(wire.readers["two"]) == [K.USERS]


async def test_what_could_not_be_sent_is_sent_later_and_much_of_it_as_everything(wire: Wire) -> None:
    wire.broken = True
    for count, heard in ((1, [K.USAGE]), (MOST_KEPT, [K.USAGE]), (MOST_KEPT + 1, list(ALL))):
        wire.processes["one"].add(Change(K.USAGE, new_uuid()) for _ in range(count))
        wire.broken = True
        assert await wire.turn() == {"one": [], "two": []}
        wire.broken = False
        assert (await wire.turn())["two"] == heard


async def test_a_process_that_does_not_hear_itself_takes_everything_for_changed(wire: Wire) -> None:
    quiet: dict[str, list[ChangeKind]] = {"one": [], "two": []}
    for _ in range(5):
        assert await wire.turn(DEAF_SECONDS) == quiet
    wire.deaf = True
    assert await wire.turn(DEAF_SECONDS) == quiet
    for _ in range(3):
        assert await wire.turn(DEAF_SECONDS) == {"one": list(ALL), "two": list(ALL)}
    wire.deaf = False
    await wire.turn(BEAT_SECONDS)
    assert await wire.turn(DEAF_SECONDS) == quiet


async def test_nothing_is_said_for_nobody() -> None:
    said: list[str] = []

    async def notify(payload: str) -> None:
        said.append(payload)

    process = ChangeMessages("one", ChangeFeed(), lambda: float(len(said)))
    for _ in range(3):
        await process.send(notify)
    assert said == ["one,*"]


@asynccontextmanager
async def bus(url: str, world: World) -> AsyncIterator[tuple[Bus, Reader]]:
    """Another process's, which is connected; and a reader there."""
    changes, reader = ChangeFeed(), Reader(access.SYSTEM, ALL)
    changes.listen(reader)
    bus = Bus(url, Feed(world.core.clock), RunFeed(), changes)
    bus.start()
    try:
        await hears(reader, set(ALL))
        yield bus, reader
    finally:
        await bus.stop()


async def hears(reader: Reader, kinds: set[ChangeKind]) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        while not kinds <= set(await reader.take()):
            pass


_END_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_notify%' AND pid <> pg_backend_pid()
    AND datname = current_database()
"""


async def test_processes_tell_each_other_over_postgresql(world: World) -> None:
    tenant = await world.owing()
    async with bus(world.url, world) as (one, heard_by_one), bus(world.url, world) as (two, heard_by_two):
        await hears(heard_by_one, set(ALL))  # that the other has started
        one.tell_changed(K.ALERTS, tenant)
        await hears(heard_by_two, {K.ALERTS})
        one.tell((await world.top_up(tenant, 500)).transactions)  # it collects the invoice
        await hears(heard_by_two, {K.INVOICES})
        two.tell_run(new_uuid())
        await hears(heard_by_one, {K.BILLING})
        await world.database.fetch(_END_CONNECTIONS)
        for reader in (heard_by_one, heard_by_two):
            await hears(reader, set(ALL))
        two.tell_changed(K.WEBHOOKS, None)  # and stop at once


async def test_a_command_that_changes_anything_says_so_at_its_end(database_url: str) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = await asyncpg.connect(database_url)
    await listening.add_listener(CHANGES_CHANNEL, lambda *message: heard.put_nowait(message[3]))
    people = [Person(2, "+919812345678", "Ravi", None, Role.MEMBER, None, active=True)]
    source = Source(new_uuid(), "people.csv", "", 1)
    async with patient_store(database_url):
        for dry_run in (True, False):
            await import_users(Clock(), access.SYSTEM, source, people, lambda *_: None, dry_run=dry_run)
        assert heard.empty()
    async with asyncio.timeout(SOON_SECONDS):
        assert (await heard.get()).endswith(f",{EVERYTHING}")
    await listening.close()
