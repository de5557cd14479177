"""What a void took back is billed again by a later invoice, neither lost nor twice: laws 16 and 19."""

import asyncio
from typing import Any
from uuid import UUID

from tests.priced import Terms, agree
from tests.world import World, open_world, opened_world

world = opened_world
LINES = """
SELECT l.count::int, l.kind, l.service, to_char(l.month, 'MM'), trim_scale(l.quantity)::text, l.amount
FROM invoice_lines l JOIN invoices i ON i.wallet_id = l.wallet_id AND i.count = l.count
WHERE l.wallet_id = $1 AND i.status <> 'VOID' ORDER BY l.count, position
"""
MARKED = "SELECT count::int FROM invoices WHERE wallet_id = $1 AND rebill ORDER BY 1"


async def standing(world: World, tenant: UUID) -> list[tuple[Any, ...]]:
    """The lines of invoices that are not void."""
    return await world.sql(LINES, tenant)


async def marked(world: World, tenant: UUID) -> list[int]:
    return [count for (count,) in await world.sql(MARKED, tenant)]


async def close(world: World, tenant: UUID, month: int) -> None:
    world.go(f"2025-{month + 1:02d}-01")
    await world.bill(f"2025-{month:02d}", tenant)


async def of_all_kinds(world: World) -> UUID:
    """A tenant with a fee, packages with a minimum and tiers, who used some of each in February."""
    tenant = await world.tenant()
    await world.top_up(tenant, 100_000)
    await agree(world, tenant, "2025-02-01", Terms("FLAT", flat=700), "FEE")
    await agree(world, tenant, "2025-02-01", Terms("PACKAGE", each="100", size="10", minimum=500), "PACKS")
    await agree(world, tenant, "2025-02-01", Terms("GRADUATED", tiers=[("10", "5", 50), (None, "1", 0)]), "TIERS")
    await world.use(tenant, "11", service="PACKS")
    await world.use(tenant, "12", service="TIERS")
    await close(world, tenant, 2)
    return tenant


async def test_a_void_invoice_is_billed_again_with_the_next_month_fee_and_minimum_included(world: World) -> None:
    tenant = await of_all_kinds(world)
    assert await world.invoices(tenant) == [(1, "2025-02", "PAID", 700 + 500 + 102)]
    await world.void(tenant, 1)
    assert (await marked(world, tenant), await standing(world, tenant)) == ([1], [])
    await close(world, tenant, 3)
    assert await standing(world, tenant) == [
        (2, "LATE", "FEE", "02", "0", 700),
        (2, "LATE", "PACKS", "02", "11", 500),
        (2, "LATE", "TIERS", "02", "12", 102),
        (2, "FLAT", "FEE", "03", "1", 700),
        (2, "MINIMUM", "PACKS", "03", "1", 500),
    ]
    assert await marked(world, tenant) == []
    await close(world, tenant, 4)
    assert [row[1] for row in await standing(world, tenant) if row[0] == 3] == ["FLAT", "MINIMUM"]


async def test_usage_is_corrected_before_it_is_billed_again(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "5", key="five")
    await close(world, tenant, 2)
    await world.void(tenant, 1)
    await world.use(tenant, "-3", key="less", corrects="five")
    await close(world, tenant, 3)
    assert await standing(world, tenant) == [(2, "LATE", "EPAPER", "02", "2", 20)]


async def test_a_void_invoice_with_late_lines_bills_their_months_again_too(world: World) -> None:
    tenant = await of_all_kinds(world)
    await world.use(tenant, "1", "2025-02-28", service="TIERS")
    await close(world, tenant, 3)
    await world.void(tenant, 2)
    assert await marked(world, tenant) == [2]
    await close(world, tenant, 4)
    assert await standing(world, tenant) == [
        (1, "FLAT", "FEE", "02", "1", 700),
        (1, "USAGE", "PACKS", "02", "11", 200),
        (1, "MINIMUM", "PACKS", "02", "1", 300),
        (1, "USAGE", "TIERS", "02", "12", 102),
        (3, "LATE", "TIERS", "02", "1", 1),
        (3, "LATE", "FEE", "03", "0", 700),
        (3, "LATE", "PACKS", "03", "0", 500),
        (3, "FLAT", "FEE", "04", "1", 700),
        (3, "MINIMUM", "PACKS", "04", "1", 500),
    ]


async def test_what_was_billed_again_and_voided_again_is_billed_again(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "5")
    for month in (2, 3, 4):
        await close(world, tenant, month)
        await world.void(tenant, month - 1)
    await close(world, tenant, 5)
    assert await standing(world, tenant) == [(4, "LATE", "EPAPER", "02", "5", 50)]
    assert await marked(world, tenant) == []


async def test_a_dry_run_bills_nothing_again(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "5")
    await close(world, tenant, 2)
    await world.void(tenant, 1)
    world.go("2025-04-01")
    async with world.unchanged():
        dry = await world.bill("2025-03", tenant, dry_run=True)
    assert [invoice.total for invoice in dry.invoices] == [50]
    await world.bill("2025-02", tenant)  # closed already: nothing is rated, and nothing forgotten
    assert await marked(world, tenant) == [1]


async def test_a_void_between_the_rating_and_the_lock_of_its_wallet_is_not_forgotten(database_url: str) -> None:
    async with open_world(database_url, lock_timeout="60s") as world, world.another() as other:
        tenant = await world.priced()
        await world.top_up(tenant, 1_000)
        await world.use(tenant, "5")
        await close(world, tenant, 2)
        await world.use(tenant, "1", "2025-02-28")
        await close(world, tenant, 3)
        await world.void(tenant, 1)
        world.go("2025-05-01")
        async with world.database.transaction():
            await world.sql("SELECT 1 FROM wallets WHERE id = $1 FOR NO KEY UPDATE", tenant)
            voiding = asyncio.create_task(other.void(tenant, 2))
            await world.waiting(1)
            closing = asyncio.create_task(world.bill("2025-04", tenant))
            await world.waiting(2)
        await asyncio.gather(voiding, closing)
        assert await standing(world, tenant) == [(3, "LATE", "EPAPER", "02", "5", 50)]
        assert await marked(world, tenant) == [2]
        await close(world, tenant, 5)
        assert (await standing(world, tenant))[1:] == [(4, "LATE", "EPAPER", "02", "1", 10)]
        assert await marked(world, tenant) == []
