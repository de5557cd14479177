"""A hold moves money from available to locked, and ends: law 11."""

import asyncio

import pytest

from domain.ledger import HoldStatus
from domain.refusals import BadInput, InsufficientFunds, NotFound, NotPossible, WalletLocked
from services.hold_queries import load_holds
from services.wallet_queries import state_at
from tests.world import World, at, line, opened_world

world = opened_world


async def status(world: World, wallet: object, number: int) -> tuple[HoldStatus, int]:
    [hold] = (await load_holds([(wallet, number)])).values()  # type: ignore[list-item]
    return hold.status, hold.captured


async def test_a_hold_locks_money_until_it_is_captured_in_part_and_the_rest_released(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    placed = await world.hold(wallet, 300)
    assert [line(t) for t in placed.transactions] == ["HOLD HOLD locked +300"]
    assert await world.money(wallet) == (500, 300, 0)
    captured = await world.capture(wallet, 2, 120)
    assert [line(t) for t in captured.transactions] == ["DEBIT HOLD -120 locked -120", "RELEASE HOLD locked -180"]
    assert await world.money(wallet) == (380, 0, 0)
    assert await status(world, wallet, 2) == (HoldStatus.CAPTURED, 120)


async def test_all_of_a_hold_is_captured_or_released_where_no_amount_is_given(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300)
    await world.hold(wallet, 200)
    assert [line(t) for t in (await world.capture(wallet, 2)).transactions] == ["DEBIT HOLD -300 locked -300"]
    assert [line(t) for t in (await world.release(wallet, 3)).transactions] == ["RELEASE HOLD locked -200"]
    assert await world.money(wallet) == (200, 0, 0)
    assert await status(world, wallet, 3) == (HoldStatus.RELEASED, 0)


async def test_a_hold_is_refused_beyond_what_is_available_or_while_locked(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300)
    async with world.refuses(InsufficientFunds) as caught:
        await world.hold(wallet, 201)
    assert caught.value.shortfall == 1
    for seconds in (59, 2_592_001):
        async with world.refuses(BadInput):
            await world.hold(wallet, 1, seconds)
    await world.lock(wallet)
    async with world.refuses(WalletLocked):
        await world.hold(wallet, 1)
    await world.capture(wallet, 2, 100)  # that money was promised
    assert await world.money(wallet) == (400, 0, 0)


async def test_more_than_is_held_is_not_captured_and_what_has_ended_not_again(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300)
    async with world.refuses(NotPossible):
        await world.capture(wallet, 2, 301)
    async with world.refuses(NotFound):
        await world.capture(wallet, 1)
    await world.release(wallet, 2)
    async with world.refuses(NotPossible) as released:
        await world.capture(wallet, 2)
    assert "released already" in str(released.value)
    async with world.refuses(NotPossible):
        await world.release(wallet, 2)


async def test_at_its_expiry_a_hold_is_gone_and_a_look_at_that_moment_says_so(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300, 60)
    world.go("2025-02-01T00:01")
    with pytest.raises(NotPossible, match="has expired"):
        await world.capture(wallet, 2)
    assert await world.lines(wallet, 2) == ["RELEASE HOLD_EXPIRED locked -300"]
    assert await status(world, wallet, 2) == (HoldStatus.EXPIRED, 0)
    assert (await state_at(world.core, wallet, at("2025-02-01T00:00:59"))).locked == 300
    assert (await state_at(world.core, wallet, at("2025-02-01T00:01"))).locked == 0


async def test_what_a_hold_gives_free_settles_what_is_due_and_unlocks(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "100")
    await world.top_up(tenant, 150)
    await world.hold(tenant, 120, 30 * 86_400)
    await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await world.money(tenant) == (150, 120, 100)
    captured = await world.capture(tenant, 2, 20)
    assert [line(t) for t in captured.transactions] == [
        "DEBIT HOLD -20 locked -20", "RELEASE HOLD locked -100", "DEBIT INVOICE -100", "DUE SETTLED due -100",
        "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip
    assert await world.money(tenant) == (30, 0, 0)


async def test_an_invoices_hold_is_captured_or_released_only_by_its_invoice(world: World) -> None:
    tenant = await world.tenant(finalization_days=3)
    await world.price(tenant, "2025-02-01", "100")
    await world.top_up(tenant, 150)
    await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await world.money(tenant) == (150, 100, 0)
    for act in (world.capture, world.release):
        async with world.refuses(NotPossible) as caught:
            await act(tenant, 2)
        assert "approve or void" in str(caught.value)


async def test_of_capture_and_release_at_once_one_happens(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    await world.hold(wallet, 300)
    async with world.another() as other:
        asked = [world.capture(wallet, 2), other.release(wallet, 2), world.release(wallet, 2), other.capture(wallet, 2)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(isinstance(outcome, NotPossible) for outcome in outcomes) == [False, True, True, True]


async def test_dry_runs_of_holds_say_what_would_be_and_write_nothing(world: World) -> None:
    wallet = await world.tenant()
    await world.top_up(wallet, 500)
    async with world.unchanged():
        dry = await world.hold(wallet, 300, 60, "key", dry_run=True)
    wet = await world.hold(wallet, 300, 60, "key")
    assert dry.after == wet.after
    assert dry.account is not None
    assert dry.account.holds[0].expires_at == at("2025-02-01T00:01")
    async with world.unchanged():
        assert (await world.capture(wallet, 2, 1, dry_run=True)).after.total == 499
        assert (await world.release(wallet, 2, dry_run=True)).after.locked == 0
