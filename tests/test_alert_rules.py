"""Alert rules as stories: held against all tenants once, refused where they make no sense, and ended quietly."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from structlog.testing import capture_logs

from domain import ids
from domain.alert_rules import MOST_RULES
from domain.alerts import AlertCondition, Threshold, holds
from domain.refusals import BadInput, NotFound, NotPossible
from services import alert_queries, alert_rounds
from services.alert_rules import NewRule, RuleOutcome, create_rule, delete_rule, update_rule
from services.database import write
from services.forecasting import refresh
from services.identity import new_uuid
from services.resting import Resting
from services.standings import lock_standings
from tests.alerting import ADMIN, LOCKED, LOW, MONTHS, OPEN, heard, judged, listens, new_rule, shared_world, standing
from tests.world import World, at

world = shared_world


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
