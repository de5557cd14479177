"""A mistake is mended by a reversal that names what it takes back; a charge-back makes invoices due again: law 8."""

import asyncio
from uuid import UUID

import pytest

from domain.refusals import IdempotencyConflict, InsufficientFunds, NotFound, NotPossible
from tests.world import World, line, opened_world

world = opened_world


async def charged(world: World, *pages: str) -> UUID:
    """A tenant that is billed at 100 a page for one month after the other, all of it due, in a long grace."""
    tenant = await world.tenant(grace_days=365)
    await world.price(tenant, "2025-02-01", "100")
    for month, quantity in enumerate(pages, 2):
        await world.use(tenant, quantity, f"2025-{month:02d}-01")
        world.go(f"2025-{month + 1:02d}-01")
        await world.bill(f"2025-{month:02d}", tenant)
    return tenant


async def test_a_credit_is_taken_back_in_parts_that_never_exceed_it(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    posted = await world.reverse(wallet, 1, 200)
    assert [line(t) for t in posted.transactions] == ["DEBIT REVERSAL -200"]
    assert posted.transactions[0].reverses == 1
    async with world.refuses(NotPossible) as caught:
        await world.reverse(wallet, 1, 301)
    assert "3.00" in str(caught.value)
    await world.reverse(wallet, 1)
    assert await world.money(wallet) == (0, 0, 0)
    async with world.refuses(NotPossible):
        await world.reverse(wallet, 1)


async def test_taking_back_a_credit_needs_it_to_be_available_still_but_not_an_unlocked_wallet(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.adjust(wallet, "SUBTRACT", 100)
    async with world.refuses(InsufficientFunds) as caught:
        await world.reverse(wallet, 1)
    assert (caught.value.available, caught.value.required) == (400, 500)
    await world.lock(wallet)
    await world.reverse(wallet, 1, 400)
    assert await world.money(wallet) == (0, 0, 0)


async def test_giving_back_a_debit_settles_what_is_due(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "100")
    await world.top_up(tenant, 120)
    await world.adjust(tenant, "SUBTRACT", 120)
    await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    posted = await world.reverse(tenant, 2)
    assert [line(t) for t in posted.transactions] == [
        "CREDIT REVERSAL +120", "DEBIT INVOICE -100", "DUE SETTLED due -100", "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip


async def test_a_capture_is_given_back(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300)
    await world.capture(wallet, 2, 100)
    await world.reverse(wallet, 3)
    assert await world.money(wallet) == (500, 0, 0)


async def test_only_credits_and_debits_by_hand_and_captures_are_reversed(world: World) -> None:
    tenant = await world.owing()
    await world.top_up(tenant, 500)
    await world.hold(tenant, 10)
    await world.reverse(tenant, 3, 1)
    assert await world.lines(tenant) == [
        "DUE INVOICE due +100", "LOCK INSUFFICIENT_FUNDS", "CREDIT TOP_UP +500", "DEBIT INVOICE -100",
        "DUE SETTLED due -100", "UNLOCK INSUFFICIENT_FUNDS", "HOLD HOLD locked +10", "DEBIT REVERSAL -1",
    ]  # fmt: skip
    instead = {4: "void the invoice", 7: "release it", 8: "do again", 1: "void the invoice", 2: "made by hand"}
    for version, why in instead.items():
        async with world.refuses(NotPossible) as caught:
            await world.reverse(tenant, version)
        assert why in str(caught.value)
    async with world.refuses(NotFound):
        await world.reverse(tenant, 99)


async def test_a_charge_back_makes_what_the_top_up_collected_due_again_and_locks(world: World) -> None:
    tenant = await world.owing()
    await world.top_up(tenant, 150)
    posted = await world.reverse(tenant, 3, reopen_invoices=True)
    assert [line(t) for t in posted.transactions] == [
        "CREDIT REVERSAL +100", "DUE INVOICE due +100", "DEBIT REVERSAL -150", "LOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert await world.money(tenant) == (0, 0, 100)
    assert await world.invoices(tenant) == [(1, "2025-02", "DUE", 100)]
    settled = await world.top_up(tenant, 100)
    assert [line(t) for t in settled.transactions][1:] == [
        "DEBIT INVOICE -100", "DUE SETTLED due -100", "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert await world.invoices(tenant) == [(1, "2025-02", "PAID", 100)]


async def test_a_charge_back_reopens_newest_first_as_far_as_it_takes_and_collects_nothing(world: World) -> None:
    tenant = await charged(world, "1", "2", "3")
    await world.top_up(tenant, 1000)
    first = len(await world.log(tenant))
    version = next(t.after.version for t in await world.log(tenant) if t.reason == "TOP_UP")
    await world.reverse(tenant, version, 350, reopen_invoices=True)
    assert await world.lines(tenant, first) == [
        "CREDIT REVERSAL +300", "DUE INVOICE due +300", "CREDIT REVERSAL +200", "DUE INVOICE due +200",
        "DEBIT REVERSAL -350", "LOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert [status for _, _, status, _ in await world.invoices(tenant)] == ["PAID", "DUE", "DUE"]
    assert await world.money(tenant) == (550, 0, 500)  # 400 and the rest of what came back: not collected here
    rest = await world.reverse(tenant, version, 550, reopen_invoices=True)
    assert [line(t) for t in rest.transactions] == [
        "CREDIT REVERSAL +100", "DUE INVOICE due +100", "DEBIT REVERSAL -550",
    ]  # fmt: skip
    assert await world.money(tenant) == (100, 0, 600)


async def test_what_was_paid_again_since_is_not_reopened_by_the_old_top_up(world: World) -> None:
    tenant = await world.owing()
    await world.top_up(tenant, 150)
    await world.reverse(tenant, 3, 100, reopen_invoices=True)
    await world.top_up(tenant, 200)
    posted = await world.reverse(tenant, 3, 50, reopen_invoices=True)
    assert [line(t) for t in posted.transactions] == ["DEBIT REVERSAL -50"]
    assert await world.invoices(tenant) == [(1, "2025-02", "PAID", 100)]


async def test_a_charge_back_of_money_that_was_spent_is_refused_with_what_is_short(world: World) -> None:
    tenant = await world.owing()
    await world.top_up(tenant, 150)
    await world.adjust(tenant, "SUBTRACT", 30)
    async with world.refuses(InsufficientFunds) as caught:
        await world.reverse(tenant, 3, reopen_invoices=True)
    assert (caught.value.available, caught.value.shortfall) == (120, 30)


async def test_only_a_top_up_is_charged_back(world: World) -> None:
    wallet = await world.tenant()
    await world.adjust(wallet, "ADD", 10)
    async with world.refuses(NotPossible):
        await world.reverse(wallet, 1, reopen_invoices=True)


async def test_reversals_at_once_from_two_processes_take_back_once(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.top_up(wallet, 500)
    async with world.another() as other:
        asked = [w.reverse(wallet, 1, 300) for w in (world, other) * 5]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(not isinstance(outcome, NotPossible) for outcome in outcomes) == 1
    assert await world.money(wallet) == (700, 0, 0)


async def test_a_reversal_has_a_key_and_a_dry_run(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    async with world.unchanged():
        dry = await world.reverse(wallet, 1, 200, "key", dry_run=True)
    first = await world.reverse(wallet, 1, 200, "key")
    again = await world.reverse(wallet, 1, 200, "key")
    assert (dry.after, again.replayed, again.transactions) == (first.after, True, first.transactions)
    with pytest.raises(IdempotencyConflict):
        await world.reverse(wallet, 1, 201, "key")
