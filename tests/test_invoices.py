"""An invoice is approved before its window ends, or voided for ever: laws 19 and 20."""

from typing import Any
from uuid import UUID

import pytest

from domain.refusals import NotFound, NotPossible
from tests.world import World, line, opened_world

world = opened_world


async def billed(world: World, money: int, **terms: Any) -> UUID:
    """A tenant that was billed 100 for February as March begins."""
    tenant = await world.tenant(**terms)
    await world.price(tenant, "2025-02-01", "100")
    if money:
        await world.top_up(tenant, money)
    await world.use(tenant, "1", "2025-02-01")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    return tenant


async def test_a_pending_invoice_is_collected_when_approved(world: World) -> None:
    tenant = await billed(world, 150, finalization_days=3)
    assert await world.invoices(tenant) == [(1, "2025-02", "PENDING", 100)]
    posted = await world.approve(tenant, 1, "key")
    assert [line(t) for t in posted.transactions] == ["DEBIT INVOICE -100 locked -100"]
    assert await world.money(tenant) == (50, 0, 0)
    assert await world.invoices(tenant) == [(1, "2025-02", "PAID", 100)]
    async with world.refuses(NotPossible):
        await world.approve(tenant, 1)
    assert (await world.approve(tenant, 1, "key")).replayed


async def test_only_a_pending_invoice_is_approved(world: World) -> None:
    tenant = await billed(world, 0)
    async with world.refuses(NotPossible) as caught:
        await world.approve(tenant, 1)
    assert "INR 1.00" in str(caught.value)
    async with world.refuses(NotFound):
        await world.approve(tenant, 2)


async def test_voiding_a_pending_invoice_releases_its_hold(world: World) -> None:
    tenant = await billed(world, 150, finalization_days=3)
    posted = await world.void(tenant, 1)
    assert [line(t) for t in posted.transactions] == ["RELEASE VOID locked -100"]
    assert await world.money(tenant) == (150, 0, 0)
    world.go("2025-03-10")
    await world.top_up(tenant, 1)
    assert await world.lines(tenant, 3) == ["CREDIT TOP_UP +1"]  # its window ends without it


async def test_voiding_a_due_invoice_unlocks(world: World) -> None:
    tenant = await billed(world, 40)
    posted = await world.void(tenant, 1)
    assert [line(t) for t in posted.transactions] == ["DUE VOID due -100", "UNLOCK INSUFFICIENT_FUNDS"]
    assert await world.money(tenant) == (40, 0, 0)
    assert await world.invoices(tenant) == [(1, "2025-02", "VOID", 100)]


async def test_voiding_a_due_invoice_in_its_grace_ends_the_grace(world: World) -> None:
    tenant = await billed(world, 0, grace_days=5)
    await world.void(tenant, 1)
    assert (await world.state(tenant)).locks_at is None


async def test_voiding_a_paid_invoice_returns_the_money_which_settles_others(world: World) -> None:
    tenant = await billed(world, 150)
    await world.use(tenant, "1")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert await world.money(tenant) == (50, 0, 100)
    posted = await world.void(tenant, 1)
    assert [line(t) for t in posted.transactions] == [
        "CREDIT VOID +100", "DEBIT INVOICE -100", "DUE SETTLED due -100", "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert await world.invoices(tenant) == [(1, "2025-02", "VOID", 100), (2, "2025-03", "PAID", 100)]


async def test_void_is_final(world: World) -> None:
    tenant = await billed(world, 150)
    dry = await world.void(tenant, 1, dry_run=True)
    wet = await world.void(tenant, 1)
    assert dry.after == wet.after
    for act in (world.void, world.approve):
        async with world.refuses(NotPossible):
            await act(tenant, 1)
    with pytest.raises(NotPossible):
        await world.reverse(tenant, wet.after.version)


async def test_a_voided_month_stays_closed_and_waits_to_be_billed_by_a_later_invoice(world: World) -> None:
    tenant = await billed(world, 150)
    await world.void(tenant, 1)
    assert await world.sql("SELECT rebill FROM invoices WHERE wallet_id = $1", tenant) == [(True,)]
    assert await world.closed(tenant) == [("02", 1)]
