"""Alerts as stories: a rule fires once per crossing whoever judges; what it watches for no more recovers quietly."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from domain import access, ids
from domain.access import SYSTEM, Role, viewer_of_token, viewer_of_user
from domain.alert_rules import MOST_RULES
from domain.alerts import AlertCondition, AlertRule, Threshold, holds
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from domain.standing import Standing
from server.embedded import Server
from services import alert_queries, alert_rounds
from services.alert_queries import AlertFilter
from services.alert_rules import NewRule, RuleOutcome, create_rule, delete_rule, update_rule
from services.alerts import judge
from services.database import write
from services.deletion import delete_tenant
from services.forecasting import refresh
from services.identity import new_uuid
from services.resting import Resting
from services.standings import lock_standings
from tests import database
from tests.world import World, at, open_world

LOW, MONTHS, LOCKS, LOCKED, PRICE = AlertCondition
ADMIN = viewer_of_token(new_uuid(), None, access.PERMISSIONS[Role.SUPER_ADMIN])
OPEN = "SELECT count(*)::int FROM alerts WHERE recovered_at IS NULL AND rule_id = $1"
ENDPOINT = """
INSERT INTO webhook_endpoints (id, url, description, tenant_id, event_types, active, secret, created_at)
VALUES ($1, 'https://hooks.example/', '', $2, '{}', true, 'x', now())
"""
SENT = "SELECT payload FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY id"


@pytest_asyncio.fixture(scope="module")
async def world(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[World]:
    """One for all: each test has a currency of its own."""
    async with database.copy(database_server, administrator) as url, open_world(url) as world:
        yield world


async def new_rule(
    world: World, condition: AlertCondition, currency: str, tenant: UUID | None = None, **threshold: Any
) -> AlertRule:
    asked = NewRule("watched", condition, Threshold(**threshold), currency, tenant)
    return (await create_rule(world.core, ADMIN, asked)).rule


async def judged(world: World, *standings: Standing) -> set[UUID | None]:
    return await write(lambda connection: judge(connection, world.core.clock.fixed or at("2025-02-01"), standings))


def standing(tenant: UUID, currency: str, available: int = 0, **more: Any) -> Standing:
    return replace(Standing(tenant, tenant, currency, available, 0, False, None, None, None), **more)


async def listens(world: World, tenant: UUID | None) -> UUID:
    endpoint = new_uuid()
    await world.sql(ENDPOINT, endpoint, tenant)
    return endpoint


async def heard(world: World, endpoint: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Types and data of what it is sent."""
    payloads = [orjson.loads(text) for (text,) in await world.sql(SENT, endpoint)]
    return [(told["type"], told["data"]) for told in payloads]


async def test_a_crossing_fires_once_and_once_recovers_and_other_programs_hear_of_both(world: World) -> None:
    one, other = await world.tenant(currency="USD"), await world.tenant(currency="USD")
    mine, all_of_them = await listens(world, one), await listens(world, None)
    rule = await new_rule(world, LOW, "USD", minor=5_000)
    amounts = [6_000, 4_999, 4_000, 5_249, 5_250, 5_249, 100]
    changed = [await judged(world, standing(one, "USD", n), standing(other, "USD", 9_000)) for n in amounts]
    assert changed == [set(), {one}, set(), set(), {one}, set(), {one}]
    alerts = await alert_queries.list_alerts(SYSTEM, AlertFilter(tenant_id=one), 10, None)
    assert [(alert.figures.available, alert.recovered_at is None) for alert in alerts] == [(100, True), (4_999, False)]
    told = await heard(world, mine)
    assert [kind for kind, _ in told] == ["alert.fired", "alert.recovered", "alert.fired"]
    assert told == await heard(world, all_of_them)
    _, first = told[0]
    assert first["message"] == "USD 49.99 is available, less than USD 50.00."
    assert (first["ruleId"], first["tenantId"]) == (ids.make("alr", rule.id), ids.make("ten", one))
    assert (first["availableMinor"], first["currencyExponent"], first["recoveredAt"]) == (4_999, 2, None)
    await judged(world, standing(other, "USD", 1))
    assert len(await heard(world, mine)) == 3


async def test_of_many_that_judge_one_crossing_at_once_one_tells_of_it(world: World) -> None:
    tenants = [await world.tenant(currency="EUR") for _ in range(3)]
    endpoint = await listens(world, None)
    rule = await new_rule(world, LOW, "EUR", minor=5_000)
    for available, kind in ((1, "alert.fired"), (9_000, "alert.recovered")):
        standings = [standing(tenant, "EUR", available) for tenant in tenants]
        orders = [standings if number % 2 else standings[::-1] for number in range(6)]
        changed = await asyncio.gather(*(judged(world, *order) for order in orders))
        assert sorted(tenant for tenants_changed in changed for tenant in tenants_changed if tenant) == sorted(tenants)
        assert [told[0] for told in await heard(world, endpoint)][-3:] == [kind] * 3
    assert len(await heard(world, endpoint)) == 6
    assert await world.sql(OPEN, rule.id) == [(0,)]


async def test_the_database_refuses_a_second_firing_of_a_rule_and_a_tenant(world: World) -> None:
    tenant = await world.tenant(currency="CHF")
    rule = await new_rule(world, LOCKED, "CHF")
    await judged(world, standing(tenant, "CHF", locked=True))
    again = """INSERT INTO alerts (id, rule_id, tenant_id, condition, available, due, fired_at)
        SELECT $2, rule_id, tenant_id, condition, 0, 0, fired_at FROM alerts WHERE rule_id = $1"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.sql(again, rule.id, new_uuid())
    with pytest.raises(asyncpg.CheckViolationError):
        await world.sql("UPDATE alert_rules SET threshold_days = 1 WHERE id = $1", rule.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await world.sql("UPDATE alerts SET recovered_at = fired_at - interval '1 s' WHERE rule_id = $1", rule.id)


async def test_a_rule_that_ends_while_tenants_are_judged_leaves_nothing_that_fires(world: World) -> None:
    tenants = [await world.tenant(currency="NOK") for _ in range(4)]
    for _ in range(5):
        rule = await new_rule(world, LOCKED, "NOK")
        locked = [standing(tenant, "NOK", locked=True) for tenant in tenants]
        ending = update_rule(world.core, ADMIN, rule.id, {"active": False})
        await asyncio.gather(*(judged(world, one) for one in locked), ending, judged(world, *locked))
        assert await world.sql(OPEN, rule.id) == [(0,)]
        await delete_rule(world.core, ADMIN, rule.id)


async def test_a_new_rule_is_held_against_every_tenant_soon_and_first_says_whom_it_would_fire_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_rounds, "SOME", 2)
    tenants = [await world.tenant(f"Number {number}", currency="SEK") for number in range(5)]
    for tenant in tenants[:3]:
        await world.top_up(tenant, 10_000)
    await refresh(world.core, tenants)
    asked = NewRule("Little left", LOW, Threshold(minor=10_000), "SEK")
    would = await create_rule(world.core, ADMIN, asked, dry_run=True)
    assert (would.fires.count, would.fires.tenant_ids) == (2, tenants[3:])
    assert not await world.sql("SELECT 1 FROM alert_rules WHERE id = $1", would.rule.id)
    made = await create_rule(world.core, ADMIN, asked)
    assert await world.sql(OPEN, made.rule.id) == [(0,)]
    await alert_rounds.judge_changed_rules(world.core)
    assert await world.sql("SELECT tenant_id FROM alerts WHERE rule_id = $1 ORDER BY 1", made.rule.id) == [
        (tenant,) for tenant in sorted(tenants[3:])
    ]
    raised = await update_rule(world.core, ADMIN, made.rule.id, {"threshold_minor": 10_001})
    await alert_rounds.judge_changed_rules(world.core)
    assert (raised.fires.count, await world.sql(OPEN, made.rule.id)) == (5, [(5,)])
    await world.top_up(tenants[0], 100_000)
    await refresh(world.core, [tenants[0]])
    assert await world.sql(OPEN, made.rule.id) == [(4,)]
    assert await world.sql("SELECT 1 FROM alert_rules WHERE judging AND currency = 'SEK'") == []


async def test_a_rule_that_cannot_be_judged_rests_and_those_after_it_are(world: World) -> None:
    tenant = await world.tenant(currency="MXN")
    await refresh(world.core, [tenant])
    bad, good = [await new_rule(world, LOW, "MXN", minor=1_000 + number) for number in range(2)]
    await world.sql(f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.rule_id = '{bad.id}' THEN RAISE 'as a test wants it'; END IF; RETURN NEW; END $$""")
    await world.sql("CREATE TRIGGER refused BEFORE INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION refuse()")
    resting: Resting[UUID] = Resting()
    try:
        with capture_logs() as said:
            for _ in range(3):
                await alert_rounds.judge_changed_rules(world.core, resting)
    finally:
        await world.sql("DROP TRIGGER refused ON alerts")
        await world.sql("DROP FUNCTION refuse")
    assert [(line["event"], line["rule"]) for line in said] == [("an alert rule could not be judged", str(bad.id))]
    assert [await world.sql(OPEN, rule.id) for rule in (bad, good)] == [[(0,)], [(1,)]]
    await alert_rounds.judge_changed_rules(world.core)
    assert await world.sql(OPEN, bad.id) == [(1,)]


async def test_what_the_preview_looks_for_is_what_judging_decides(world: World) -> None:
    tenants = [await world.tenant(currency="DKK") for _ in range(6)]
    await refresh(world.core, tenants)
    begins, now = at("2025-02-01"), world.core.clock.fixed
    assert now is not None
    await world.top_up(tenants[0], 5_000)
    await world.lock(tenants[1])
    for tenant, column, value in [
        (tenants[2], "locks_at", now + timedelta(days=7)), (tenants[3], "locks_at", now + timedelta(days=7, seconds=1)),
        (tenants[4], "price_changes_at", now + timedelta(days=7)), (tenants[5], "price_changes_at", begins),
        (tenants[0], "months_remaining", Decimal("1.9")), (tenants[1], "months_remaining", Decimal(2)),
    ]:  # fmt: skip
        await world.sql(f"UPDATE forecasts SET {column} = $2 WHERE tenant_id = $1", tenant, value)
    standings = await write(lambda connection: lock_standings(connection, tenants))
    thresholds = {LOW: Threshold(minor=5_000), MONTHS: Threshold(months=Decimal(2)), LOCKED: Threshold()}
    for condition in AlertCondition:
        asked = NewRule("any", condition, thresholds.get(condition, Threshold(days=7)), "DKK")
        would = await create_rule(world.core, ADMIN, asked, dry_run=True)
        meeting = sorted(one.tenant_id for one in standings if holds(would.rule, one, now))
        assert (condition, would.fires.count, would.fires.tenant_ids) == (condition, len(meeting), meeting)
        assert 0 < len(meeting) < 6, condition


async def test_what_is_switched_off_or_deleted_recovers_quietly_and_the_audit_says_who(world: World) -> None:
    tenant = await world.tenant(currency="JPY")
    endpoint, rule = await listens(world, None), await new_rule(world, LOW, "JPY", tenant, minor=50)
    await judged(world, standing(tenant, "JPY", 1))
    would = await update_rule(world.core, ADMIN, rule.id, {"active": False}, dry_run=True)
    assert (would.rule.active, await world.sql(OPEN, rule.id)) == (False, [(1,)])
    await update_rule(world.core, ADMIN, rule.id, {"active": False, "name": "Lower"})
    await update_rule(world.core, ADMIN, rule.id, {"active": False})
    assert await world.sql(OPEN, rule.id) == [(0,)]
    assert await judged(world, standing(tenant, "JPY", 1)) == set()
    await update_rule(world.core, ADMIN, rule.id, {"active": True})
    assert await judged(world, standing(tenant, "JPY", 1)) == {tenant}
    await delete_rule(world.core, ADMIN, rule.id)
    assert await world.sql(OPEN, rule.id) == [(0,)]
    assert [kind for kind, _ in await heard(world, endpoint)] == ["alert.fired", "alert.fired"]
    written = await world.sql("SELECT action, actor, after FROM audit_entries WHERE subject_id = $1 ORDER BY id",
                              ids.make("alr", rule.id))  # fmt: skip
    assert [action for action, _, _ in written] == ["createAlertRule", *["updateAlertRule"] * 2, "deleteAlertRule"]
    assert {actor for _, actor, _ in written} == {ADMIN.actor}
    assert orjson.loads(written[1][2]) == {"name": "Lower", "active": False}
    with pytest.raises(NotPossible, match="was deleted on"):
        await update_rule(world.core, ADMIN, rule.id, {"active": True})
    assert await alert_queries.find_rule(ADMIN, rule.id) is not None
    assert rule.id not in {listed.id for listed in await alert_queries.list_rules(ADMIN, 100, None)}


async def test_a_deleted_tenant_has_no_alert_that_goes_on(world: World) -> None:
    tenant = await world.tenant(currency="PLN")
    rule = await new_rule(world, LOW, "PLN", minor=50)
    await judged(world, standing(tenant, "PLN"))
    await delete_tenant(world.core, SYSTEM, tenant)
    assert await world.sql(OPEN, rule.id) == [(0,)]


async def test_what_makes_no_sense_is_refused_with_what_to_send_instead(world: World) -> None:
    tenant = await world.tenant(currency="AED")

    async def asked(currency: str | None, whom: UUID | None = None) -> RuleOutcome:
        return await create_rule(
            world.core, ADMIN, NewRule("low", LOW, Threshold(minor=1), currency, whom), dry_run=True
        )

    with pytest.raises(BadInput, match="An amount is of one currency"):
        await asked(None)
    with pytest.raises(BadInput, match="currency is AED"):
        await asked("INR", tenant)
    with pytest.raises(BadInput, match="currency"):
        await asked("rupees")
    with pytest.raises(NotFound):
        await asked("INR", new_uuid())
    assert (await asked(None, tenant)).rule.currency == "AED"
    await world.sql(
        """INSERT INTO alert_rules (id, name, condition, tenant_id, active, judging, created_at)
        SELECT gen_random_uuid(), 'many', 'LOCKED', $1, true, false, now() FROM generate_series(1, $2)""",
        tenant,
        MOST_RULES,
    )
    with pytest.raises(NotPossible, match=f"There are {MOST_RULES} such rules"):
        await asked("AED", tenant)
    assert (await asked("AED")).rule.tenant_id is None


async def test_a_person_has_read_what_fired_until_then_and_tenants_people_see_their_own(world: World) -> None:
    one, other = await world.tenant(currency="SGD"), await world.tenant(currency="SGD")
    user = await world.user(tenant_id=one)
    member, program = viewer_of_user(user, Role.MEMBER, one, None), viewer_of_token(new_uuid(), one, access.READ_ONLY)
    general, own = await new_rule(world, LOCKED, "SGD"), await new_rule(world, LOW, "SGD", one, minor=5)
    world.go("2025-02-02")
    await judged(world, *(standing(tenant, "SGD", locked=True) for tenant in (one, other)))
    seen = await alert_queries.list_alerts(member, AlertFilter(), 10, None)
    assert {(alert.tenant_id, alert.rule_id) for alert in seen} == {(one, general.id), (one, own.id)}
    assert await alert_queries.list_alerts(member, AlertFilter(tenant_id=other), 10, None) == []
    assert await alert_queries.list_rules(member, 10, None) == [own]
    assert not alert_queries.sees_rule(member, general)
    assert [await alert_queries.count_unread(viewer) for viewer in (member, program)] == [2, 0]
    await alert_queries.mark_read(world.core, member, at("2099-01-01"))
    assert await alert_queries.count_unread(member) == 0
    await alert_queries.mark_read(world.core, member, at("2025-01-01"))
    world.go("2025-02-03")
    await judged(world, standing(one, "SGD", 100))
    await judged(world, standing(one, "SGD", 1))
    assert await alert_queries.count_unread(member) == 1
    with pytest.raises(Forbidden, match="sign in"):
        await alert_queries.mark_read(world.core, program, at("2025-02-03"))


async def test_the_list_is_paged_by_key_and_filtered(world: World) -> None:
    tenant = await world.tenant(currency="NZD")
    await new_rule(world, LOW, "NZD", minor=100)
    for number in range(5):
        world.go(f"2025-02-1{number}")
        await judged(world, standing(tenant, "NZD", 10_000 * (number % 2)))
    pages, after = [], None
    while page := await alert_queries.list_alerts(ADMIN, AlertFilter(tenant_id=tenant), 1, after):
        pages.append(page[0])
        after = page[0].fired_at, page[0].id
    assert [f"{alert.fired_at:%d}" for alert in pages] == ["14", "12", "10"]
    for firing, expected in ((True, 1), (False, 2), (None, 3)):
        where = AlertFilter(firing, tenant)
        listed = await alert_queries.list_alerts(ADMIN, where, 10, None)
        assert (len(listed), await alert_queries.count_alerts(ADMIN, where)) == (expected, expected)


async def test_what_fires_of_a_tenant_is_found_without_reading_its_history(world: World) -> None:
    for other_way in ("seqscan", "bitmapscan", "sort"):
        await world.sql(f"SET enable_{other_way} = off")
    of_tenant = "EXPLAIN SELECT * FROM alerts a WHERE a.tenant_id = $1::uuid AND a.recovered_at IS NULL"
    try:
        plan = await world.sql(f"{of_tenant} ORDER BY a.fired_at DESC, a.id DESC LIMIT 26", new_uuid())
    finally:
        await world.sql("RESET ALL")
    lines = [line for (line,) in plan]
    assert any("Index Cond" in line and "tenant_id" in line for line in lines)
    assert not any("Filter" in line or "Sort" in line for line in lines)
