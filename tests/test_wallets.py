"""Stories of wallets on a real store: limits, both locks, and what the clock decides: laws 3, 4, 8, 10 and 21."""

import asyncio
from uuid import UUID

import pytest

from domain.access import Viewer, viewer_of_token
from domain.commands import AdjustOperation
from domain.money import MOST_MINOR, Currency
from domain.refusals import BadInput, Forbidden, InsufficientFunds, NotFound, NotPossible, WalletLocked
from domain.wallets import LockReason
from services.identity import new_uuid
from services.sweeping import sweep
from services.wallet_queries import load_wallets
from services.wallets import adjust_balance, set_manual_lock, top_up
from tests.world import World, at, line, new_key, opened_world

world = opened_world


@pytest.mark.parametrize(("currency", "exponent"), [("INR", 2), ("JPY", 0), ("KWD", 3), ("USD", 2), ("CLF", 4)])
async def test_a_wallet_keeps_its_currency_and_its_exponent(world: World, currency: str, exponent: int) -> None:
    tenant = await world.tenant(currency=currency)
    await world.top_up(tenant, 1)
    found = (await load_wallets(world.core, [tenant]))[tenant]
    assert (found.id, found.currency) == (tenant, Currency(currency, exponent))
    assert found.state.total == 1


@pytest.mark.parametrize("currency", ["XXX", "XAU", "inr", "RUPEE", "", "IN\0"])
async def test_what_has_no_minor_units_is_no_currency(world: World, currency: str) -> None:
    async with world.refuses(BadInput):
        await world.tenant(currency=currency)


@pytest.mark.parametrize("amount", [0, -1, MOST_MINOR + 1])
async def test_zero_negative_and_inexact_amounts_are_refused_before_the_write(world: World, amount: int) -> None:
    tenant = await world.tenant()
    for story in (world.top_up(tenant, amount), world.adjust(tenant, "ADD", amount)):
        async with world.refuses(BadInput):
            await story


async def test_a_wallet_takes_any_amount_up_to_2_53_and_no_more(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, MOST_MINOR)
    assert await world.money(tenant) == (MOST_MINOR, 0, 0)
    async with world.refuses(NotPossible):
        await world.top_up(tenant, 1)
    await world.adjust(tenant, "SET", 0)
    await world.adjust(tenant, "SET", MOST_MINOR)
    await world.adjust(tenant, "SUBTRACT", MOST_MINOR)
    assert await world.lines(tenant) == [
        f"CREDIT TOP_UP +{MOST_MINOR}", f"DEBIT ADJUSTMENT -{MOST_MINOR}",
        f"CREDIT ADJUSTMENT +{MOST_MINOR}", f"DEBIT ADJUSTMENT -{MOST_MINOR}",
    ]  # fmt: skip


async def test_set_balance_is_an_adjustment_of_the_difference(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 100)
    for target in (250, 50, 0):
        await world.adjust(tenant, "SET", target)
        async with world.refuses(NotPossible):
            await world.adjust(tenant, "SET", target)
    assert await world.lines(tenant, after=1) == [
        "CREDIT ADJUSTMENT +150", "DEBIT ADJUSTMENT -200", "DEBIT ADJUSTMENT -50"
    ]  # fmt: skip


async def test_set_below_what_is_locked_is_refused(world: World) -> None:
    tenant = await world.tenant(finalization_days=7)
    await world.price(tenant, "2025-02-01", "100")
    await world.use(tenant, "1")
    await world.top_up(tenant, 150)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await world.money(tenant) == (150, 100, 0)
    async with world.refuses(InsufficientFunds) as refusal:
        await world.adjust(tenant, "SET", 99)
    assert (refusal.value.available, refusal.value.required) == (50, 51)
    await world.adjust(tenant, "SET", 100)
    assert await world.money(tenant) == (100, 100, 0)


async def test_set_shows_what_it_added_and_what_was_then_collected_from_it(world: World) -> None:
    tenant = await world.owing()
    posted = await world.adjust(tenant, "SET", 130)
    assert [line(t) for t in posted.transactions] == [
        "CREDIT ADJUSTMENT +130", "DEBIT INVOICE -100", "DUE SETTLED due -100", "UNLOCK INSUFFICIENT_FUNDS"
    ]  # fmt: skip
    assert await world.money(tenant) == (30, 0, 0)


async def test_a_wallet_locked_by_hand_stays_locked_when_all_is_paid(world: World) -> None:
    tenant = await world.owing()
    await world.lock(tenant)
    assert (await world.state(tenant)).lock_reasons == [LockReason.INSUFFICIENT_FUNDS, LockReason.MANUAL]
    await world.top_up(tenant, 150)
    assert (await world.state(tenant)).lock_reasons == [LockReason.MANUAL]
    async with world.refuses(WalletLocked) as refusal:
        await world.adjust(tenant, "SUBTRACT", 1)
    assert not refusal.value.state.top_up_unlocks
    await world.adjust(tenant, "ADD", 1)
    await world.lock(tenant, on=False)
    await world.adjust(tenant, "SUBTRACT", 51)
    assert await world.money(tenant) == (0, 0, 0)


async def test_unlocking_by_hand_leaves_the_lock_for_money(world: World) -> None:
    tenant = await world.owing()
    async with world.refuses(NotPossible):
        await world.lock(tenant, on=False)
    await world.lock(tenant)
    async with world.refuses(NotPossible):
        await world.lock(tenant)
    await world.lock(tenant, on=False)
    assert (await world.state(tenant)).lock_reasons == [LockReason.INSUFFICIENT_FUNDS]


async def test_a_grace_ends_at_its_instant_written_by_a_sweep(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-03T23:59:59.999999")
    async with world.unchanged():
        assert await sweep(world.core) == 0
    world.go("2025-03-09")
    assert await sweep(world.core) == 1
    [lock] = await world.log(tenant, after=1)
    assert (line(lock), lock.actor, lock.after.time) == ("LOCK INSUFFICIENT_FUNDS", "system", at("2025-03-04"))
    assert (await world.state(tenant)).funds_locked_at == at("2025-03-04")
    async with world.unchanged():
        assert await sweep(world.core) == 0


async def test_sweeps_at_once_by_several_processes_write_an_instant_once(world: World) -> None:
    tenants = [await world.tenant(grace_days=3) for _ in range(5)]
    for tenant in tenants:
        await world.price(tenant, "2025-02-01", "100")
        await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02")
    world.go("2025-03-04")
    async with world.another() as other:
        await asyncio.gather(*(sweep(one.core) for one in (world, other) for _ in range(3)))
    assert [await world.lines(tenant, after=1) for tenant in tenants] == [["LOCK INSUFFICIENT_FUNDS"]] * 5


async def test_a_grace_ends_at_its_instant_written_by_whoever_reads_or_writes_next(world: World) -> None:
    read, written = await world.owing(grace_days=3), await world.owing(grace_days=9)
    world.go("2025-03-10")
    assert (await load_wallets(world.core, [read]))[read].state.funds_locked_at == at("2025-03-04")
    await world.top_up(written, 100)
    assert [(line(t), t.after.time.day) for t in await world.log(written, after=1)] == [
        ("LOCK INSUFFICIENT_FUNDS", 10), ("CREDIT TOP_UP +100", 10), ("DEBIT INVOICE -100", 10),
        ("DUE SETTLED due -100", 10), ("UNLOCK INSUFFICIENT_FUNDS", 10),
    ]  # fmt: skip


async def test_paid_within_its_grace_a_wallet_never_locks(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-03")
    await world.top_up(tenant, 100)
    world.go("2025-03-20")
    assert await sweep(world.core) == 0
    assert "LOCK INSUFFICIENT_FUNDS" not in await world.lines(tenant)


async def test_several_instants_are_written_in_their_order_each_dated_at_its_own(world: World) -> None:
    tenant = await world.tenant(finalization_days=3)
    await world.price(tenant, "2025-01-01", "100")
    await world.use(tenant, "1", "2025-01-31")
    await world.use(tenant, "1", "2025-02-01")
    await world.top_up(tenant, 250)
    await world.bill("2025-01", tenant)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    world.go("2025-04-01")
    assert await sweep(world.core) == 1
    assert [(line(t), t.after.time) for t in await world.log(tenant)] == [
        ("CREDIT TOP_UP +250", at("2025-02-01")),
        ("HOLD INVOICE locked +100", at("2025-02-01")),
        ("DEBIT INVOICE -100 locked -100", at("2025-02-04")),
        ("HOLD INVOICE locked +100", at("2025-03-01")),
        ("DEBIT INVOICE -100 locked -100", at("2025-03-04")),
    ]
    paid = "SELECT status, paid_at FROM invoices ORDER BY count"
    assert await world.sql(paid) == [("PAID", at("2025-02-04")), ("PAID", at("2025-03-04"))]
    assert await world.sql("SELECT number, status, captured FROM holds ORDER BY 1") == [
        (2, "CAPTURED", 100), (4, "CAPTURED", 100)
    ]  # fmt: skip


def reader(wallet: UUID | None) -> Viewer:
    return viewer_of_token(new_uuid(), wallet, frozenset({"wallet:read"}))


async def test_only_who_may_moves_money_and_what_one_may_not_see_is_missing(world: World) -> None:
    tenant, core = await world.tenant(), world.core
    for viewer, why in ((reader(tenant), Forbidden), (reader(new_uuid()), NotFound), (reader(None), Forbidden)):
        async with world.refuses(why):
            await top_up(core, viewer, tenant, 1, "", new_key())
        async with world.refuses(why):
            await adjust_balance(core, viewer, tenant, AdjustOperation.ADD, 1, "", new_key())
        async with world.refuses(why):
            await set_manual_lock(core, viewer, tenant, "x", on=True)
    async with world.refuses(NotFound):
        await world.top_up(new_uuid(), 1)
