"""Why a balance is what it is, between any two moments: laws 5, 6 and 10."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest

from domain.ledger import Transaction
from domain.refusals import BadInput
from services import verification
from services.explanations import Explanation, explain
from services.gate import Gate
from tests.test_wallets_past import story
from tests.world import World, at, opened_world

world = opened_world
_WAITING = """
SELECT locktype FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database() ORDER BY locktype
"""
Told = dict[str, tuple[int, int, int, int]]


def told(explanation: Explanation) -> Told:
    return {
        f"{step.type} {step.reason}": (
            step.transactions, int(step.amount), int(step.locked_amount), int(step.due_amount)
        )
        for step in explanation.steps
    }  # fmt: skip


def replayed(log: list[Transaction], since: datetime, until: datetime) -> Told:
    """The same, line by line."""
    found: Told = {}
    for t in log:
        if since < t.after.time <= until:
            count, amount, locked, due = found.get(kind := f"{t.type} {t.reason}", (0, 0, 0, 0))
            found[kind] = (count + 1, amount + t.amount, locked + t.locked_amount, due + t.due_amount)
    return found


async def assert_explained(world: World, tenant: UUID, instants: list[datetime], every: int) -> None:
    log = await world.log(tenant)
    for since, until in combinations(instants, 2):
        explanation = await explain(world.core, tenant, since, until, every=every)
        before, after = explanation.before, explanation.after
        assert told(explanation) == replayed(log, since, until)
        assert (before.time, after.time) == (since, until)
        assert before.total + sum(step.amount for step in explanation.steps) == after.total
        assert before.locked + sum(step.locked_amount for step in explanation.steps) == after.locked
        assert before.due + sum(step.due_amount for step in explanation.steps) == after.due


@pytest.mark.parametrize("every", [1, 3, 5, 4_096])
async def test_the_steps_between_any_two_moments_are_the_lines_between_them(world: World, every: int) -> None:
    """However few lines sums are kept of, and in whatever order moments are asked for."""
    tenant = await story(world)
    instant = timedelta(microseconds=1)
    around = {t.after.time + n * instant for t in await world.log(tenant) for n in (-1, 0)}
    instants = sorted(moment for moment in around if moment <= at("2025-05-01T00:00:00.000001"))
    assert len(instants) > 10
    await assert_explained(world, tenant, instants[4:9], every)
    await assert_explained(world, tenant, [*instants[:3], *instants[-4:]], every)
    kept = await world.sql("SELECT count(DISTINCT version) FROM log_sums")
    assert kept[0][0] == (0 if every > 12 else 12 // every)


async def test_of_processes_that_explain_a_long_log_at_once_one_adds_it_up(world: World) -> None:
    """The others wait for it, and go by what it kept."""
    tenant = await story(world)
    processes = [replace(world.core, long_reads=Gate(at_once=1, waiting=9)) for _ in range(2)]
    blocking = world.database.transaction()
    await blocking.start()
    await world.database.execute("LOCK TABLE log_sums IN SHARE MODE")
    asked = [
        asyncio.create_task(explain(core, tenant, at("2025-01-01"), at("2025-05-01"), every=3)) for core in processes
    ]
    await world.waiting(2)
    waiting = await world.sql(_WAITING)
    await blocking.rollback()
    one, other = await asyncio.gather(*asked)
    assert [row[0] for row in waiting] == ["advisory", "relation"]
    assert told(one) == told(other)


async def test_what_the_clock_decided_and_nobody_wrote_yet_is_among_the_steps(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 100)
    await world.hold(tenant, 60, seconds=3600)
    world.go("2025-02-20")
    explanation = await explain(world.core, tenant, at("2025-02-01"), at("2025-02-01T01:00"))
    assert told(explanation) == {"RELEASE HOLD_EXPIRED": (1, 0, -60, 0)}
    assert (explanation.before.locked, explanation.after.locked) == (60, 0)


async def test_an_explanation_goes_forward_and_not_beyond_the_present(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 5)
    with pytest.raises(BadInput):
        await explain(world.core, tenant, at("2025-02-02"), at("2025-02-01"))
    explanation = await explain(world.core, tenant, at("2025-01-01"), at("2030-01-01"))
    assert (told(explanation), explanation.after.time) == ({"CREDIT TOP_UP": (1, 5, 0, 0)}, at("2025-02-01"))
    assert (await explain(world.core, tenant, at("2029-01-01"), at("2030-01-01"))).steps == []


async def test_verify_finds_kept_sums_that_disagree_with_the_log(world: World) -> None:
    tenant = await story(world)
    await explain(world.core, tenant, at("2025-01-01"), at("2025-05-01T00:00:00.000001"), every=5)
    forged = """INSERT INTO log_sums VALUES ($1, 3, 'CREDIT', 'TOP_UP', 3, 51, 0, 0)"""
    transaction = world.database.transaction()
    await transaction.start()
    await world.database.execute(forged, tenant)
    broken = (await verification.prove(world.database)).broken
    await transaction.rollback()
    assert broken is not None
    assert "the sums kept" in broken.message
