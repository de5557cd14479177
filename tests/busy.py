"""A store in which everything has happened: what proofs and exports are tried on."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from uuid import UUID

import asyncpg
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.world import World, open_world


@dataclass(frozen=True)
class Busy:
    press: UUID
    """Transfers, holds, corrections, late usage, two prices in a month; its invoices are paid."""
    reader: UUID
    """A person the press sends money to."""
    dairy: UUID
    """Its invoices wait for some days: one was collected then, one is pending."""
    mill: UUID
    """Owes February, within its grace, and March."""
    shop: UUID
    """Paid February, was charged back, and owes it again: locked."""
    school: UUID
    """Its paid invoice was voided, and billed again with March."""

    def named(self, text: str) -> str:
        """`txn press 5` as an id of the API, `{press}` as a UUID for SQL."""
        match text.split():
            case [kind, name, number]:
                return f"{kind}_{asdict(self)[name].hex}_{number}"
            case [kind, name]:
                return f"{kind}_{asdict(self)[name].hex}"
        raise ValueError(text)

    def filled(self, sql: str) -> str:
        """With `{press}` as its UUID."""
        return sql.format(**{name: f"'{uuid}'::uuid" for name, uuid in asdict(self).items()})


async def live(world: World) -> Busy:
    """From the first of February to the first of April 2025."""
    busy = Busy(
        await world.tenant('Mohan "Sai"\\ Publications'),
        await world.user(),
        await world.tenant("Godavari Dairy", finalization_days=20),
        await world.tenant("Mill", grace_days=90, currency="KWD"),
        await world.tenant("Shop", currency="JPY"),
        await world.tenant("=School()"),
    )
    await _press(world, busy)
    for tenant in (busy.dairy, busy.mill, busy.shop, busy.school):
        await world.price(tenant, "2025-02-01", "100")
        await world.use(tenant, "1")
    await world.top_up(busy.dairy, 1_000)
    await world.top_up(busy.school, 1_000, text="-2+3 \t\"fees\"\r\nfor 'all', ₹ and 𝒳")
    world.go("2025-03-01")
    await world.bill("2025-02")
    await _march(world, busy)
    world.go("2025-04-01")
    await world.bill("2025-03")
    return busy


async def _press(world: World, busy: Busy) -> None:
    """Its versions 1 to 15."""
    press = busy.press
    await world.price(press, "2025-02-01", "10")
    await world.price(press, "2025-02-15", "12")
    await world.top_up(press, 10_000, text="NEFT 4471")
    await world.transfer(press, busy.reader, 500)
    await world.reverse(press, 2, 200)
    await world.hold(press, 300)
    await world.capture(press, 4, 200)
    await world.hold(press, 50)
    await world.release(press, 7)
    await world.hold(press, 70, 3_600)
    await world.lock(press)
    await world.lock(press, on=False)
    await world.adjust(press, "SUBTRACT", 100)
    await world.reverse(press, 12)
    await world.use(press, "18", key="pages")
    await world.use(press, "-3", key="fewer", corrects="pages")
    world.go("2025-02-20")
    await world.use(press, "5", key="dearer")
    await world.top_up(press, 1, text="=1+1")


async def _march(world: World, busy: Busy) -> None:
    await world.top_up(busy.shop, 130)
    await world.reverse(busy.shop, 3, reopen_invoices=True)
    await world.void(busy.school, 1)
    await world.use(busy.press, "2", "2025-02-10", key="late")
    world.go("2025-03-20")
    await world.hold(busy.press, 25, 86_400 * 30)
    for tenant in (busy.press, busy.dairy, busy.mill):
        await world.use(tenant, "4")


@pytest_asyncio.fixture(scope="module")
async def busy_url(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[str]:
    """For tests: `url = busy_url`, `world = busy_world`, `busy = busy_store`; one for all of a module."""
    async with database.copy(database_server, administrator) as url:
        yield url


@pytest_asyncio.fixture(scope="module")
async def busy_world(url: str) -> AsyncIterator[World]:
    """Whoever changes it undoes it."""
    async with open_world(url) as world:
        yield world


@pytest_asyncio.fixture(scope="module")
async def busy_store(world: World) -> Busy:
    return await live(world)
