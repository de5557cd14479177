"""Everything at once, over several processes: nothing is lost, nothing doubled, nobody waits for ever."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain.refusals import Refusal
from services.sweeping import sweep
from tests.world import World, open_world

MONTHS = ("02", "03", "04", "05")
PATIENCE_SECONDS = 60
EVENTS = """
SELECT sum(e.quantity)::int, sum(e.quantity * (
    SELECT p.unit_price FROM prices p WHERE p.wallet_id = e.wallet_id AND p.effective_from <= e.occurred_at
    ORDER BY p.effective_from DESC LIMIT 1))::int
FROM usage_events e
"""
LINES = "SELECT sum(quantity)::int, sum(amount)::int FROM invoice_lines"
NUMBERS = "SELECT count(*) = max(count) FROM invoices GROUP BY wallet_id"


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Postings wait for whoever holds a wallet, however long that takes on a busy machine."""
    async with open_world(database_url, lock_timeout="20000") as world:
        yield world


def stories(world: World, tenant: UUID, dice: random.Random) -> list[Callable[[], Awaitable[object]]]:
    """What may be asked at any moment; each is done or refused."""
    amount = dice.randint(1, 60)
    return [
        lambda: world.top_up(tenant, amount),
        lambda: world.adjust(tenant, dice.choice(("ADD", "SUBTRACT", "SET")), amount),
        lambda: world.lock(tenant, on=dice.random() < 0.4),
        lambda: world.use(tenant, str(amount)),
        lambda: world.use(tenant, "1", f"2025-{dice.choice(MONTHS)}-0{dice.randint(1, 9)}"),
        lambda: world.bill(f"2025-{dice.choice(MONTHS)}", tenant),
        lambda: world.bill(f"2025-{dice.choice(MONTHS)}"),
        lambda: world.price(tenant, f"2025-{dice.choice(MONTHS)}-1{dice.randint(0, 9)}", str(amount)),
        lambda: sweep(world.core),
    ]


async def chance(world: World, tenants: list[UUID], dice: random.Random) -> bool:
    """One story told; whether it was done."""
    try:
        await dice.choice(stories(world, dice.choice(tenants), dice))()
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_several_processes_do_at_once_the_store_is_whole(world: World, seed: int) -> None:
    dice = random.Random(seed)
    terms: tuple[dict[str, Any], ...] = (
        {},
        {"grace_days": 3},
        {"finalization_days": 4},
        {"grace_days": 2, "finalization_days": 2},
    )
    tenants = [await world.tenant(billing_zone=dice.choice(("UTC", "Asia/Kolkata")), **t) for t in terms]
    for tenant in tenants:
        await world.price(tenant, "2025-01-01", "4")
    done = 0
    async with asyncio.timeout(PATIENCE_SECONDS), world.another() as other:
        for day in range(2, 120, 9):
            world.go(f"2025-{2 + day // 28:02d}-{1 + day % 28:02d}")
            done += sum(await asyncio.gather(*(chance(dice.choice((world, other)), tenants, dice) for _ in range(30))))
        world.go("2025-07-01")
        await world.bill("2025-06")
    assert done > 100
    assert await world.sql(LINES) == await world.sql(EVENTS)
    assert await world.sql("SELECT count(*) FROM usage_totals WHERE quantity <> billed_quantity") == [(0,)]
    assert set(await world.sql(NUMBERS)) == {(True,)}
