"""A wallet as it was at any moment, and its log by type, reason and time: laws 5 and 10."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.ledger import TransactionReason, TransactionType
from domain.wallets import WalletState
from services.wallet_queries import LogFilter, list_transactions, state_at
from tests.world import World, at, opened_world

world = opened_world


async def story(world: World) -> UUID:
    """Top-ups, a hold and its capture, a grace that ends, both locks, and a settlement, over four months."""
    tenant = await world.tenant(finalization_days=2, grace_days=5)
    await world.price(tenant, "2025-02-01", "40")
    await world.top_up(tenant, 50)
    await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "5")
    world.go("2025-03-15T12:00")
    await world.lock(tenant)
    await world.lock(tenant, on=False)
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    world.go("2025-04-20")
    await world.top_up(tenant, 500)
    world.go("2025-05-01T00:00:00.000001")
    await world.adjust(tenant, "SET", 7)
    return tenant


async def test_the_state_at_any_moment_is_what_a_replay_of_the_log_says(world: World) -> None:
    tenant = await story(world)
    log = await world.log(tenant)
    assert len(log) == 12
    instants = {t.after.time + timedelta(microseconds=n) for t in log for n in (-1, 0, 1)}
    instants |= {at("2025-01-01") + timedelta(hours=31 * n) for n in range(100)}
    for instant in sorted(instants):
        seen = [t.after for t in log if t.after.time <= instant]
        expected = replace(seen[-1], time=instant) if seen else WalletState(0, instant, 0, 0, 0)
        if instant <= at("2025-05-01T00:00:00.000001"):
            assert await state_at(world.core, tenant, instant) == expected


async def test_a_past_moment_that_nobody_has_written_yet_is_told_as_it_was(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    world.go("2025-03-20")
    assert (await state_at(world.core, tenant, at("2025-03-03"))).is_locked is False
    assert await world.lines(tenant) == ["DUE INVOICE due +100"]
    assert (await state_at(world.core, tenant, at("2025-03-04"))).funds_locked_at == at("2025-03-04")


async def test_of_the_future_nothing_is_known(world: World) -> None:
    tenant = await world.owing(grace_days=3)
    now = at("2025-03-01")
    assert await state_at(world.core, tenant, at("2026-01-01")) == replace(await world.state(tenant), time=now)


@pytest.mark.parametrize(
    ("where", "versions"),
    [
        (LogFilter(), list(range(1, 13))),
        (LogFilter(types=[TransactionType.CREDIT]), [1, 8]),
        (LogFilter(reasons=[TransactionReason.MANUAL]), [4, 5]),
        (LogFilter(types=[TransactionType.DEBIT], reasons=[TransactionReason.ADJUSTMENT]), [12]),
        (LogFilter(types=[]), []),
        (LogFilter(since=at("2025-04-06")), list(range(7, 13))),
        (LogFilter(since=at("2025-04-06"), until=at("2025-04-20")), [7]),
        (LogFilter(until=at("2025-03-01")), [1]),
        (LogFilter(since=at("2030-01-01")), []),
    ],
)
async def test_the_log_is_read_by_type_reason_and_time_from_inclusive_to_exclusive(
    world: World, where: LogFilter, versions: list[int]
) -> None:
    tenant = await story(world)
    found = await list_transactions(tenant, where, 100, oldest_first=True)
    assert [t.after.version for t in found] == versions
    assert await list_transactions(tenant, where, 100) == found[::-1]
