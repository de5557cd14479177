"""The one place where money moves, on one process: keys, batches, dry runs, refusals (laws 5, 7, 9 and 10)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from domain import access
from domain.commands import CloseMonths, Command, Tick, TopUp
from domain.ledger import Operation, Transaction
from domain.refusals import (
    IdempotencyConflict,
    InsufficientFunds,
    NotFound,
    NotPossible,
    VersionConflict,
    WalletLocked,
)
from services.identity import new_uuid
from services.posting_batch import Posted
from services.wallet_queries import find_operation
from tests.world import World, at, line, opened_world

world = opened_world


def told(posted: Posted) -> list[str]:
    return [line(t) for t in posted.transactions]


def less_id(transactions: tuple[Transaction, ...]) -> list[Transaction]:
    return [replace(t, operation_id=UUID(int=0)) for t in transactions]


async def test_the_same_key_with_the_same_input_is_the_first_result_again(world: World) -> None:
    tenant = await world.tenant()
    first = await world.top_up(tenant, 500, "key", "UPI 1")
    world.go("2026-01-01")
    await world.top_up(tenant, 1)
    async with world.unchanged():
        again = await world.top_up(tenant, 500, "key", "UPI 1")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.transactions == first.transactions
    assert (again.operation, again.based_on_version) == (first.operation, 0)
    found = await find_operation(access.SYSTEM, tenant, first.operation.id)
    assert found is not None
    assert found.sides == ((tenant, 1, 1),)


async def test_a_key_with_other_input_is_a_conflict_that_names_the_first(world: World) -> None:
    tenant = await world.tenant()
    first = await world.top_up(tenant, 500, "key", "UPI 1")
    asked: list[Callable[[], Awaitable[Posted]]] = [
        lambda: world.top_up(tenant, 501, "key", "UPI 1"),
        lambda: world.top_up(tenant, 500, "key", "UPI 2"),
        lambda: world.adjust(tenant, "ADD", 500, "key"),
        lambda: world.adjust(tenant, "ADD", 500, "key", dry_run=True),
    ]
    for ask in asked:
        async with world.refuses(IdempotencyConflict) as refusal:
            await ask()
        assert (refusal.value.wallet_id, refusal.value.operation_id) == (tenant, first.operation.id)


async def test_a_key_belongs_to_its_wallet(world: World) -> None:
    one, other = await world.tenant(), await world.user()
    await world.top_up(one, 500, "key")
    assert not (await world.top_up(other, 700, "key")).replayed
    assert [await world.money(wallet) for wallet in (one, other)] == [(500, 0, 0), (700, 0, 0)]


async def test_a_refused_debit_may_be_retried_with_its_key_after_a_top_up(world: World) -> None:
    tenant = await world.tenant()
    async with world.refuses(InsufficientFunds):
        await world.adjust(tenant, "SUBTRACT", 300, "key")
    await world.top_up(tenant, 300)
    done = await world.adjust(tenant, "SUBTRACT", 300, "key")
    assert (told(done), done.replayed) == (["DEBIT ADJUSTMENT -300"], False)


async def test_a_known_key_answers_before_every_other_check(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 300)
    await world.adjust(tenant, "SUBTRACT", 300, "key", expected_version=1)
    await world.lock(tenant)
    async with world.unchanged():
        assert (await world.adjust(tenant, "SUBTRACT", 300, "key", expected_version=1)).replayed


async def test_of_two_copies_in_one_batch_the_second_sees_the_firsts_outcome(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 1)
    before = world.core.posting.batches_committed
    first, same, other = await asyncio.gather(
        world.top_up(tenant, 500, "key"), world.top_up(tenant, 500, "key"), world.top_up(tenant, 9, "key"),
        return_exceptions=True,
    )  # fmt: skip
    assert world.core.posting.batches_committed == before + 1
    assert isinstance(first, Posted)
    assert same == replace(first, replayed=True)
    assert isinstance(other, IdempotencyConflict)
    assert await world.money(tenant) == (501, 0, 0)


async def test_a_refused_command_leaves_no_trace_while_the_others_of_its_batch_go_on(world: World) -> None:
    tenant = await world.tenant()
    outcomes = await asyncio.gather(
        world.top_up(tenant, 100, "one"), world.adjust(tenant, "SUBTRACT", 101, "two"),
        world.adjust(tenant, "SUBTRACT", 60, "three"), world.top_up(new_uuid(), 5), world.adjust(tenant, "SET", 40),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(outcome) for outcome in outcomes] == [Posted, InsufficientFunds, Posted, NotFound, NotPossible]
    assert world.core.posting.batches_committed == 1
    assert await world.lines(tenant) == ["CREDIT TOP_UP +100", "DEBIT ADJUSTMENT -60"]
    assert await world.sql("SELECT idempotency_key FROM operations ORDER BY first_version") == [("one",), ("three",)]


def poisoned(wallet: UUID) -> list[Command]:
    """Each would be refused by the database, or breaks the code, in a way that no rule foresees."""
    twin = new_uuid()
    return [
        TopUp(wallet, Operation(new_uuid(), "topUp", "usr_1", "k" * 256, b"x"), False, 1, ""),
        TopUp(wallet, Operation(new_uuid(), "topUp", "usr_\0"), False, 1, ""),
        TopUp(wallet, Operation(new_uuid(), "topUp", "usr_1"), False, 1, "\ud800"),
        TopUp(wallet, Operation(twin, "topUp", "usr_1"), False, 10_000, ""),
        TopUp(wallet, Operation(twin, "topUp", "usr_1"), False, 20_000, ""),
        CloseMonths(
            new_uuid(), Operation(new_uuid(), "runBilling", "usr_1"), False, at("2025-02-01").date(), new_uuid()
        ),
    ]


async def test_a_poisoned_command_fails_alone(world: World) -> None:
    tenant, other = await world.tenant(), await world.user()
    bad = poisoned(tenant)
    good = [world.top_up(wallet, 1) for wallet in (tenant, other) for _ in range(20)]
    commands = [*good[:13], *(world.core.posting.post(command) for command in bad), *good[13:]]
    with capture_logs():  # five tracebacks
        outcomes = await asyncio.gather(*commands, return_exceptions=True)
    failed = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Exception)]
    assert failed == [13, 14, 15, 17, 18]
    assert await world.money(tenant) == (10_020, 0, 0)
    assert await world.money(other) == (20, 0, 0)


async def test_a_dry_run_writes_nothing_spends_no_key_and_says_what_the_real_one_then_writes(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "200000")
    await world.use(tenant, "3")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    stories: list[Callable[[bool], Awaitable[Posted]]] = [
        lambda dry: world.lock(tenant, dry_run=dry),
        lambda dry: world.top_up(tenant, 700_000, "top up", "UPI", dry_run=dry),
        lambda dry: world.lock(tenant, on=False, dry_run=dry),
        lambda dry: world.adjust(tenant, "SUBTRACT", 7, "adjust", dry_run=dry),
        lambda dry: world.adjust(tenant, "SET", 0, "set", expected_version=9, dry_run=dry),
    ]
    for story in stories:
        async with world.unchanged():
            dry = await story(True)
        real = await story(False)
        assert (dry.dry_run, dry.replayed, real.dry_run, real.replayed) == (True, False, False, False)
        assert less_id(dry.transactions) == less_id(real.transactions)
        assert real.transactions
    assert await world.lines(tenant) == [
        "DUE INVOICE due +600000", "LOCK INSUFFICIENT_FUNDS", "LOCK MANUAL",
        "CREDIT TOP_UP +700000", "DEBIT INVOICE -600000", "DUE SETTLED due -600000", "UNLOCK INSUFFICIENT_FUNDS",
        "UNLOCK MANUAL", "DEBIT ADJUSTMENT -7", "DEBIT ADJUSTMENT -99993",
    ]  # fmt: skip


async def test_a_dry_run_is_refused_as_the_real_one_would_be(world: World) -> None:
    tenant = await world.tenant()
    async with world.refuses(InsufficientFunds):
        await world.adjust(tenant, "SUBTRACT", 1, dry_run=True)
    await world.top_up(tenant, 500, "key")
    async with world.unchanged():
        again = await world.top_up(tenant, 500, "key", dry_run=True)
    assert (again.replayed, again.dry_run, told(again)) == (True, True, ["CREDIT TOP_UP +500"])


async def test_an_expected_version_is_compared_with_what_the_caller_can_have_seen(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-10")
    done = await world.adjust(tenant, "ADD", 1, expected_version=1)
    assert (told(done), done.based_on_version) == (["CREDIT ADJUSTMENT +1"], 1)
    assert await world.lines(tenant) == ["DUE INVOICE due +100", "LOCK INSUFFICIENT_FUNDS", "CREDIT ADJUSTMENT +1"]
    async with world.refuses(VersionConflict) as refusal:
        await world.adjust(tenant, "ADD", 1, expected_version=2)
    assert (refusal.value.expected, refusal.value.actual) == (2, 3)


async def test_of_two_who_decided_on_one_version_one_is_told(world: World) -> None:
    tenant = await world.tenant()
    outcomes = await asyncio.gather(
        *(world.adjust(tenant, "ADD", 1, expected_version=0) for _ in range(20)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Posted", *["VersionConflict"] * 19]
    assert await world.money(tenant) == (1, 0, 0)


async def test_what_the_clock_decided_is_the_systems_own_operation_before_the_callers(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-10")
    await world.top_up(tenant, 30)
    lock, credit = await world.log(tenant, after=1)
    assert (line(lock), lock.actor, lock.after.time) == ("LOCK INSUFFICIENT_FUNDS", "system", at("2025-03-04"))
    assert (credit.after.time, credit.operation_id != lock.operation_id) == (at("2025-03-10"), True)
    kinds = "SELECT kind, actor, first_version, last_version FROM operations ORDER BY first_version"
    assert await world.sql(kinds) == [
        ("runBilling", "system", 1, 1), ("clock", "system", 2, 2), ("topUp", "system", 3, 3)
    ]  # fmt: skip


async def test_a_refused_command_still_has_what_the_clock_decided_written(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-10")
    with pytest.raises(WalletLocked):
        await world.adjust(tenant, "SUBTRACT", 1)
    assert await world.lines(tenant) == ["DUE INVOICE due +100", "LOCK INSUFFICIENT_FUNDS"]


async def test_a_tick_on_a_wallet_with_nothing_to_decide_writes_nothing(world: World) -> None:
    tenant = await world.tenant()
    async with world.unchanged():
        posted = await world.core.posting.post(Tick(tenant, Operation(new_uuid(), "clock", "system"), False))
    assert posted.transactions == ()
