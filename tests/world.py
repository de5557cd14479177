"""A store on a simulated clock and stories told in it, a line each. As it closes, every log and total is proved."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from tortoise import Tortoise

from domain import access
from domain.commands import AdjustOperation
from domain.ledger import Transaction
from domain.refusals import UsageRefused
from domain.usage import Tally, UsageEvent
from models.config import tortoise_config
from services.billing import BilledRun, run_billing
from services.clock import Clock
from services.core import Core
from services.feed import Feed
from services.holds import capture_hold, place_hold, release_hold
from services.invoices import approve_invoice, void_invoice
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from services.posting import Posting
from services.posting_batch import Posted
from services.pricing import NewPrice, Timeline, set_price
from services.usage import record_usage
from services.wallets import adjust_balance, reverse_transaction, set_manual_lock, top_up, transfer
from tests.proof import prove
from tests.reused import Reused
from tests.stored import Stored

E = TypeVar("E", bound=BaseException)
_NUMBERS = itertools.count(1)


def at(text: str) -> datetime:
    """Of a date, or a date and a time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def new_key() -> str:
    """One that no request has used."""
    return f"key-{next(_NUMBERS)}"


def line(t: Transaction) -> str:
    """`DUE INVOICE due +2400000`: what a row of the log says, its zeros left out."""
    changes = (("", t.amount), ("locked ", t.locked_amount), ("due ", t.due_amount))
    return " ".join([t.type, t.reason, *(f"{name}{change:+}" for name, change in changes if change)])


class World(Stored):
    """One process on the store. Its clock stands until it is moved."""

    def __init__(self, core: Core, feed: Feed, database: "asyncpg.Connection[asyncpg.Record]", url: str) -> None:
        super().__init__(database)
        self.core, self.feed, self.url = core, feed, url

    def go(self, instant: str) -> None:
        self.core.clock.set(at(instant))

    async def tenant(self, name: str = "Mohan Sai Publications", **more: Any) -> UUID:
        return (await create_tenant(self.core, access.SYSTEM, NewTenant(name, **more))).id

    async def user(self, **more: Any) -> UUID:
        phone = f"+9198{next(_NUMBERS):08d}"
        return (await create_user(self.core, access.SYSTEM, NewUser(phone, "Ravi", None, **more))).id

    async def top_up(
        self, wallet: UUID, amount: int, key: str = "", text: str = "", *, dry_run: bool = False
    ) -> Posted:
        return await top_up(self.core, access.SYSTEM, wallet, amount, text, key or new_key(), dry_run=dry_run)

    async def adjust(self, wallet: UUID, how: str, amount: int, key: str = "", **more: Any) -> Posted:
        asked = AdjustOperation(how), amount, "by hand", key or new_key()
        return await adjust_balance(self.core, access.SYSTEM, wallet, *asked, **more)

    async def lock(self, wallet: UUID, *, on: bool = True, dry_run: bool = False) -> Posted:
        return await set_manual_lock(self.core, access.SYSTEM, wallet, "asked for", on=on, dry_run=dry_run)

    async def transfer(self, wallet: UUID, to: UUID, amount: int, key: str = "", *, dry_run: bool = False) -> Posted:
        asked = to, amount, "between us", key or new_key()
        return await transfer(self.core, access.SYSTEM, wallet, *asked, dry_run=dry_run)

    async def reverse(
        self, wallet: UUID, version: int, amount: int | None = None, key: str = "", **more: Any
    ) -> Posted:
        asked = version, amount, "a mistake", key or new_key()
        return await reverse_transaction(self.core, access.SYSTEM, wallet, *asked, **more)

    async def hold(self, wallet: UUID, amount: int, seconds: int = 86_400, key: str = "", **more: Any) -> Posted:
        asked = amount, "an order", seconds, key or new_key()
        return await place_hold(self.core, access.SYSTEM, wallet, *asked, **more)

    async def capture(self, wallet: UUID, number: int, amount: int | None = None, key: str = "", **more: Any) -> Posted:
        asked = number, amount, "delivered", key or new_key()
        return await capture_hold(self.core, access.SYSTEM, wallet, *asked, **more)

    async def release(self, wallet: UUID, number: int, key: str = "", *, dry_run: bool = False) -> Posted:
        return await release_hold(self.core, access.SYSTEM, wallet, number, key or new_key(), dry_run=dry_run)

    async def approve(self, wallet: UUID, count: int, key: str = "", *, dry_run: bool = False) -> Posted:
        asked = wallet, count, "", key or new_key()
        return await approve_invoice(self.core, access.SYSTEM, *asked, dry_run=dry_run)

    async def void(self, wallet: UUID, count: int, key: str = "", *, dry_run: bool = False) -> Posted:
        asked = wallet, count, "wrong", key or new_key()
        return await void_invoice(self.core, access.SYSTEM, *asked, dry_run=dry_run)

    async def price(
        self, tenant: UUID, since: str, minor: str, service: str = "EPAPER", unit: str = "page", **more: Any
    ) -> Timeline:
        replaces, dry_run = more.pop("replaces", None), more.pop("dry_run", False)
        asked = NewPrice(tenant, service, unit, Decimal(minor), at(since), replaces)
        return await set_price(self.core, access.SYSTEM, asked, dry_run=dry_run)

    async def use(self, tenant: UUID, quantity: str, when: str | None = None, key: str = "", **more: Any) -> Tally:
        return await self.record(event(tenant, quantity, when, key, **more))

    async def record(self, *events: UsageEvent, dry_run: bool = False) -> Tally:
        return await record_usage(self.core, access.SYSTEM, events, dry_run=dry_run)

    async def bill(self, month: str, *tenants: UUID, dry_run: bool = False) -> BilledRun:
        closed = date.fromisoformat(f"{month}-01")
        return await run_billing(self.core, access.SYSTEM, closed, tenants or None, dry_run=dry_run)

    async def priced(self, since: str = "2025-01-01", **terms: Any) -> UUID:
        """A tenant with a price of 10 a page."""
        tenant = await self.tenant(**terms)
        await self.price(tenant, since, "10")
        return tenant

    async def owing(self, **terms: Any) -> UUID:
        """A tenant that is billed 100 for February as March begins, with nothing to pay it from."""
        tenant = await self.tenant(**terms)
        await self.price(tenant, "2025-02-01", "100")
        await self.use(tenant, "1", "2025-02-01")
        self.go("2025-03-01")
        await self.bill("2025-02", tenant)
        return tenant

    async def lines(self, wallet: UUID, after: int = 0) -> list[str]:
        return [line(t) for t in await self.log(wallet, after)]

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """Nothing is written in the block."""
        before = await self.everything()
        yield
        assert await self.everything() == before

    @asynccontextmanager
    async def refuses(self, why: type[E]) -> AsyncIterator[pytest.ExceptionInfo[E]]:
        """The block is refused, and nothing is written."""
        async with self.unchanged():
            with pytest.raises(why) as caught:
                yield caught

    async def refuses_usage(self, *events: UsageEvent) -> UsageRefused:
        async with self.refuses(UsageRefused) as caught:
            await self.record(*events)
        return caught.value

    @asynccontextmanager
    async def another(self, clock: Clock | None = None) -> AsyncIterator["World"]:
        """Another process on the same store, with its own clock where one is given."""
        clock = clock or self.core.clock
        feed = Feed(clock)
        core = Core(Posting(clock, feed.tell), clock, self.core.secret)
        core.posting.start()
        try:
            yield World(core, feed, self.database, self.url)
        finally:
            await core.posting.stop()


def reasons(refusal: UsageRefused) -> list[tuple[int, str]]:
    """Which events are why, and by which rule."""
    return [(one.index, one.code.value) for one in refusal.events]


def event(tenant: UUID, quantity: str, when: str | None = None, key: str = "", **more: Any) -> UsageEvent:
    """Of EPAPER, now, with a new key, where nothing else is said."""
    service, corrects = more.pop("service", "EPAPER"), more.pop("corrects", None)
    return UsageEvent(tenant, key or new_key(), service, Decimal(quantity), at(when) if when else None, corrects)


@asynccontextmanager
async def open_world(url: str, start: str = "2025-02-01", **settings: str) -> AsyncIterator[World]:
    """On the migrated, empty database at the URL; with other settings for the posting task's connection."""
    config = tortoise_config(url)
    config["connections"]["posting"]["credentials"]["server_settings"].update(settings)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    async with AsyncExitStack() as closing:  # all of it, also after one that fails: the next test begins anew
        closing.push_async_callback(Tortoise.close_connections)
        database = await asyncpg.connect(url)
        closing.push_async_callback(database.close)
        yield await closing.enter_async_context(_proved(url, database, start))


@asynccontextmanager
async def _proved(url: str, database: "asyncpg.Connection[asyncpg.Record]", start: str) -> AsyncIterator[World]:
    """One process, until the block ends."""
    clock = Clock(at(start))
    feed = Feed(clock)
    world = World(Core(Posting(clock, feed.tell), clock, b"secret of the tests"), feed, database, url)
    world.core.posting.start()
    try:
        yield world
        await prove(world.database)
    finally:
        await world.core.posting.stop()
        if world.database is not database:  # somebody has connected anew
            await world.database.close()


@pytest_asyncio.fixture
async def opened_world(reused: Reused) -> AsyncIterator[World]:
    """For tests: `world = opened_world`."""
    async with reused.store() as store, _proved(store.url, store.database, "2025-02-01") as world:
        yield world
