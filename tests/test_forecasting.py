"""Forecasts of a store: what they follow from, and when they are worked out anew."""

from dataclasses import replace
from decimal import Decimal

from structlog.testing import capture_logs

from domain import access
from domain.alerts import AlertCondition, Threshold
from domain.billing import Line
from domain.changes import Change, ChangeKind
from services.alert_rules import NewRule, create_rule
from services.billing_queries import load_lines
from services.database import hearers
from services.deletion import delete_tenant
from services.forecasting import KEPT, refresh
from tests.forecasts import ROW, RUPEES, card, foreseen, locks_at
from tests.priced import Terms, agree
from tests.world import World, at, opened_world

world = opened_world


async def test_the_cards_story_is_foreseen_as_it_goes(world: World) -> None:
    tenant = await card(world)
    found = await foreseen(world, tenant)
    assert [(m.opening, m.charge, m.closing) for m in found.months[:2]] == [
        (40_500 * RUPEES, 56_000 * RUPEES, -15_500 * RUPEES),
        (-15_500 * RUPEES, 62_000 * RUPEES, -77_500 * RUPEES),
    ]
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "12", "2025-03-01")
    world.go("2025-04-01")
    over = await foreseen(world, tenant)
    assert (over.months[0].opening, over.months[0].charge) == (4_500 * RUPEES, 24_000 * RUPEES)
    assert over.locks_at == at("2025-04-01T01:00")
    await world.bill("2025-03", tenant)
    locked = await foreseen(world, tenant)
    assert locked.locks_at == at("2025-04-01")
    assert locked.top_up_until(at("2025-04-02")) == 19_500 * RUPEES
    await world.top_up(tenant, 19_500 * RUPEES)
    unlocked = await foreseen(world, tenant)
    assert (unlocked.facts.available, unlocked.locks_at) == (0, at("2025-05-01T01:00"))


async def test_a_month_that_is_over_is_billed_line_by_line_as_it_was_foreseen(world: World) -> None:
    """With what came late, what was corrected, an invoice that was voided, and prices of every kind."""
    tenant = await world.tenant(billing_zone="Asia/Kolkata")
    tiers = [("10", "700", 30), (None, "55.5", 0)]
    await agree(world, tenant, "2025-01-01", Terms("GRADUATED", tiers=tiers, minimum=9_000))
    await agree(world, tenant, "2025-03-10", Terms("PACKAGE", each="99.5", size="2.5"))
    await agree(world, tenant, "2025-01-15", Terms("FLAT", flat=777), "HOSTING")
    await world.top_up(tenant, 1_000_000)
    await world.use(tenant, "20", "2025-02-01", "one")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "3.5", "2025-02-12")
    await world.use(tenant, "-7", corrects="one")
    await world.use(tenant, "11", "2025-03-01")
    world.go("2025-03-20")
    await world.use(tenant, "6", "2025-03-12")
    await world.void(tenant, 1)
    world.go("2025-04-01")
    first = (await foreseen(world, tenant)).months[0]
    await world.bill("2025-03", tenant)
    billed = await load_lines([(tenant, 2)])
    assert [plain(line) for line in first.bill.lines] == [plain(line) for line in billed[tenant, 2]]
    assert {line.kind for line in first.bill.lines} == {"LATE", "USAGE", "FLAT", "MINIMUM"}
    assert (await foreseen(world, tenant)).months[0].opening == first.closing


def plain(line: Line) -> Line:
    """Its price as short as the database answers it."""
    each = None if line.unit_price is None else line.unit_price.normalize()
    return replace(line, quantity=line.quantity.normalize(), unit_price=each)


async def test_money_that_is_held_is_promised(world: World) -> None:
    tenant = await card(world)
    await world.hold(tenant, 500 * RUPEES)
    assert (await foreseen(world, tenant)).months[0].opening == 40_000 * RUPEES


async def test_it_is_kept_until_something_changes_or_its_hour_comes(world: World) -> None:
    tenant = await card(world)
    assert await refresh(world.core, [tenant]) == (1, 0)
    kept = (None, at("2025-03-01T01:00"), None, at("2025-04-01"), 1, at("2025-02-19"), at("2025-02-19") + KEPT)
    assert await world.sql(ROW, tenant) == [(*kept[:2], Decimal("0.7"), *kept[3:])]
    assert await refresh(world.core, most_due=10) == (0, 0)
    world.go("2025-02-19T01:00")
    assert await refresh(world.core, most_due=10) == (1, 1)
    await world.top_up(tenant, 500_000 * RUPEES)
    await refresh(world.core, [tenant])
    assert await locks_at(world, tenant) == at("2025-12-01T01:00")


async def test_it_is_worked_out_anew_as_a_month_or_a_price_begins(world: World) -> None:
    tenant = await card(world)
    for now, due in [("2025-02-28T23:50", "2025-03-01"), ("2025-03-31T23:59", "2025-04-01")]:
        world.go(now)
        await refresh(world.core, [tenant])
        assert (await world.sql(ROW, tenant))[0][-1] == at(due)


async def test_a_locked_tenants_lock_is_kept_and_a_deleted_tenant_is_not(world: World) -> None:
    tenant, person = await world.owing(), await world.user()
    assert await refresh(world.core, [tenant, person]) == (1, 0)
    assert (await world.sql(ROW, tenant))[0][:2] == (at("2025-03-01"), None)
    await world.top_up(tenant, 100)
    await refresh(world.core, [tenant])
    assert (await world.sql(ROW, tenant))[0][0] is None
    await delete_tenant(world.core, access.SYSTEM, tenant)
    await refresh(world.core, [tenant])
    assert await world.sql(ROW, tenant) == []


async def test_an_alert_that_was_being_raised_while_its_tenant_was_deleted_ends_with_it(world: World) -> None:
    tenant = await world.priced()
    rule = NewRule("Low", AlertCondition.AVAILABLE_BELOW, Threshold(minor=1), tenant_id=tenant)
    await create_rule(world.core, access.SYSTEM, rule)
    await refresh(world.core, [tenant])
    await delete_tenant(world.core, access.SYSTEM, tenant)
    assert await world.sql("UPDATE alerts SET recovered_at = NULL RETURNING tenant_id") == [(tenant,)]
    await refresh(world.core, [tenant])
    assert await world.sql("SELECT recovered_at FROM alerts") == [(world.core.clock.fixed,)]


async def test_alerts_are_judged_with_it_and_screens_are_told(world: World) -> None:
    tenant = await card(world)
    rule = NewRule("Soon", AlertCondition.LOCKS_WITHIN_DAYS, Threshold(days=30), tenant_id=tenant)
    await refresh(world.core, [tenant])
    await create_rule(world.core, access.SYSTEM, rule)
    told: set[Change] = set()
    hearers.add(told.update)
    try:
        await world.top_up(tenant, 500_000 * RUPEES)
        await refresh(world.core, [tenant])
        assert {change.whose for change in told if change.kind is ChangeKind.FORECASTS} == {tenant}
        told.clear()
        await world.adjust(tenant, "SET", 1)
        await refresh(world.core, [tenant])
        assert {Change(ChangeKind.FORECASTS, tenant), Change(ChangeKind.ALERTS, tenant)} <= told
        told.clear()
        await refresh(world.core, [tenant])
        assert told == set()
    finally:
        hearers.discard(told.update)


async def test_one_that_cannot_be_worked_out_stops_only_itself(world: World) -> None:
    bad, good = await card(world), await world.priced()
    await agree(world, bad, "2025-03-01", Terms("VOLUME", tiers=[(None, "1", 0)]))
    await world.sql("UPDATE prices SET tiers = '[{}]' WHERE wallet_id = $1 AND tiers IS NOT NULL", bad)
    with capture_logs() as said:
        await refresh(world.core, [bad, good])
    assert [(line["event"], line["tenant"]) for line in said] == [("a forecast failed", str(bad))]
    computed = {tenant: (await world.sql(ROW, tenant))[0][5] for tenant in (bad, good)}
    assert computed == {bad: None, good: at("2025-02-19")}
    assert await refresh(world.core, most_due=10) == (0, 0)  # until its next hour
