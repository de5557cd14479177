"""Forecasts of a store: what they follow from, when they are worked out anew, and who locks soonest."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

from domain import access
from domain.access import READ_ONLY, Role, Viewer, viewer_of_token
from domain.alerts import AlertCondition, Threshold
from domain.billing import Line
from domain.changes import Change, ChangeKind
from domain.forecast import Forecast
from domain.people import TenantChanges
from domain.pricing import PriceModel
from domain.refusals import BadInput
from domain.usage import UsageEvent
from server.opened import opened
from services.alert_rules import NewRule, create_rule
from services.billing_queries import load_lines
from services.clock import Clock
from services.database import hearers
from services.deletion import delete_tenant
from services.forecast_queries import count_risks, list_risks, load_forecasts
from services.forecast_rounds import Forecasting
from services.forecasting import KEPT, refresh
from services.people import create_tenant
from services.people_changes import update_tenant
from services.people_input import NewTenant
from services.pricing import NewPrice, set_price
from services.usage import record_usage
from services.wallets import top_up
from tests.api import SECRET
from tests.priced import Terms, agree
from tests.world import World, at, opened_world

world = opened_world
RUPEES = 100
ROW = """
SELECT locked_at, locks_at, months_remaining, price_changes_at, wallet_version, computed_at, due_at
FROM forecasts WHERE tenant_id = $1
"""
SUPPORT = access.viewer_of_user(UUID(int=1), Role.SUPPORT, None, None)


async def foreseen(world: World, tenant: UUID) -> Forecast:
    return (await load_forecasts(world.core, [tenant]))[tenant]


async def locks_at(world: World, tenant: UUID) -> object:
    """As it is kept."""
    return (await world.sql(ROW, tenant))[0][1]


async def card(world: World) -> UUID:
    """The card's tenant on 19 February: ₹40,500, 18 pages at ₹2,000, and ₹1,800 from April on."""
    tenant = await world.tenant(billing_zone="UTC")
    await world.price(tenant, "2025-02-01", "200000")
    await world.price(tenant, "2025-04-01", "180000")
    await world.top_up(tenant, 40_500 * RUPEES)
    await world.use(tenant, "18", "2025-02-01")
    world.go("2025-02-19")
    return tenant


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


async def test_of_what_is_due_each_process_takes_its_own(world: World) -> None:
    tenants = [await world.priced() for _ in range(4)]
    await refresh(world.core, tenants)
    world.go("2025-02-02")
    async with world.database.transaction():
        await world.database.fetch("SELECT 1 FROM forecasts WHERE tenant_id = $1 FOR UPDATE", tenants[0])
        assert await refresh(world.core, most_due=10) == (3, 3)
    assert await refresh(world.core, most_due=10) == (1, 1)


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


async def test_a_round_takes_whom_it_was_told_of_and_whom_nobody_told_it_of(world: World) -> None:
    tenant, quiet = await card(world), await world.priced()
    forecasting = Forecasting()
    assert await forecasting.round(world.core) == 2  # nobody had one yet
    assert await forecasting.round(world.core) == 0
    posted = await world.top_up(tenant, 500_000 * RUPEES)
    forecasting.tell(posted.transactions)
    told = [(ChangeKind.USAGE, quiet), (ChangeKind.ALERTS, tenant), (ChangeKind.PRICES, None)]
    forecasting.hear(Change(*change) for change in told)
    assert await forecasting.round(world.core) == 2
    assert await locks_at(world, tenant) == at("2025-12-01T01:00")
    await world.adjust(tenant, "SET", 1)  # by a process that died, say
    await forecasting.round(world.core)
    later = Forecasting()
    assert await later.round(world.core) == 1
    assert await locks_at(world, tenant) == at("2025-03-01T01:00")


async def test_after_a_round_that_failed_it_rests_and_then_takes_the_same_again(world: World) -> None:
    tenant = await card(world)
    forecasting = Forecasting()
    await forecasting.round(world.core)
    forecasting.hear([Change(ChangeKind.USAGE, tenant)])
    await world.sql("ALTER TABLE forecasts RENAME TO elsewhere")
    with pytest.raises(OperationalError):
        await forecasting.round(world.core)
    await world.sql("ALTER TABLE elsewhere RENAME TO forecasts")
    assert await forecasting.round(world.core) == 0
    forecasting._resumes_at = None
    assert await forecasting.round(world.core) == 1


async def test_a_tenant_that_the_database_refuses_rests_and_no_other_waits_for_it(world: World) -> None:
    bad, *good = [await world.priced() for _ in range(4)]
    await refresh(world.core, [bad, *good])
    world.go("2025-02-02")
    await world.sql(f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.tenant_id = '{bad}' THEN RAISE 'as a test wants it'; END IF; RETURN NEW; END $$""")
    await world.sql("CREATE TRIGGER refused BEFORE UPDATE ON forecasts FOR EACH ROW EXECUTE FUNCTION refuse()")
    forecasting = Forecasting()
    with pytest.raises(asyncpg.RaiseError, match="as a test wants it"):
        await forecasting.round(world.core)
    assert await forecasting.round(world.core) == 0
    forecasting._resumes_at = None
    with capture_logs() as said:
        for _ in range(9):
            forecasting.hear(Change(ChangeKind.USAGE, tenant) for tenant in (bad, good[0]))
            await forecasting.round(world.core)
    assert [(line["event"], line["tenant"]) for line in said] == [("a forecast could not be kept", str(bad))]
    computed = {tenant: (await world.sql(ROW, tenant))[0][5] for tenant in (bad, *good)}
    assert computed == {bad: at("2025-02-01"), **dict.fromkeys(good, at("2025-02-02"))}


async def test_a_server_works_it_out_soon_after_each_change(
    database_url: str, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async def kept(condition: str) -> None:
        async with asyncio.timeout(10):
            while not await store.fetchval(f"SELECT 1 FROM forecasts WHERE {condition}"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    clock = Clock(at("2025-02-10"))
    async with opened(database_url, SECRET, clock, scheduler=True) as shared:
        core, viewer = shared.core, access.SYSTEM
        tenant = (await create_tenant(core, viewer, NewTenant("Mohan", billing_zone="UTC"))).id
        await kept("computed_at IS NOT NULL")
        fee = {"model": PriceModel.FLAT, "flat": 50}
        await set_price(core, viewer, NewPrice(tenant, "HOSTING", "month", None, at("2025-02-01"), **fee))  # type: ignore[arg-type]
        await kept("locks_at = '2025-03-01 01:00Z'")
        await top_up(core, viewer, tenant, 55, "", "a key")
        await kept("wallet_version = 1 AND locks_at = '2025-04-01 01:00Z'")
        await set_price(core, viewer, NewPrice(tenant, "SMS", "text", Decimal(1), at("2025-02-01")))
        await record_usage(core, viewer, [UsageEvent(tenant, "one", "SMS", Decimal(6))])
        await kept("locks_at = '2025-03-01 01:00Z'")
        await update_tenant(core, viewer, tenant, TenantChanges(grace_days=9))
        await kept("locks_at = '2025-03-10 01:00Z'")


async def risks(world: World, **asked: object) -> list[tuple[UUID, object, int | None]]:
    values = {"currency": None, "until": None, "limit": 10, "after": None} | asked
    page = await list_risks(world.core, SUPPORT, **values)  # type: ignore[arg-type]
    return [
        (key[1], page.risks[key[1]].locks_at, page.risks[key[1]].top_up) for key in page.keys if key[1] in page.risks
    ]


async def test_who_locks_soonest_comes_first_and_before_them_who_is_locked(world: World) -> None:
    rich, poor = await card(world), await world.priced(currency="JPY")
    await agree(world, poor, "2025-02-01", Terms("FLAT", flat=50), "HOSTING")
    never = await world.priced()
    locked = await world.owing()
    await world.top_up(rich, 20_000 * RUPEES)
    await world.bill("2025-02", rich)
    await refresh(world.core, [rich, poor, never, locked])
    assert [(tenant, at_) for tenant, at_, _ in await risks(world)] == [
        (locked, at("2025-03-01")),
        (poor, at("2025-03-01T01:00")),
        (rich, at("2025-04-01T01:00")),
    ]
    assert [tenant for tenant, _, _ in await risks(world, currency="JPY")] == [poor]
    assert await risks(world, until=at("2025-04-01T01:01"), currency="INR") == [
        (locked, at("2025-03-01"), 100 + 111),  # 1 page in 28 days: 1.107143 in 31
        (rich, at("2025-04-01T01:00"), 3_985_714 - 2_450_000),  # 18 pages in 28 days
    ]


async def test_risks_go_on_after_a_key_and_show_what_is_so_now(world: World) -> None:
    tenants = [await world.owing() if not n else await card_again(world) for n in range(3)]
    await refresh(world.core, tenants)
    page = await list_risks(world.core, SUPPORT, None, None, 2, None)
    following = await list_risks(world.core, SUPPORT, None, None, 9, page.keys[1])
    assert [key[1] for key in (*page.keys, *following.keys)] == tenants
    await world.top_up(tenants[0], 10**9)  # not worked out anew yet
    assert [tenant for tenant, _, _ in await risks(world)] == tenants[1:]
    assert await count_risks(SUPPORT, None) == 3
    for until in (at("2025-03-01"), at("2025-03-01") + timedelta(days=731)):
        with pytest.raises(BadInput):
            await risks(world, until=until)


async def card_again(world: World) -> UUID:
    """A tenant of ₹1 a month and nothing to pay it from."""
    tenant = await world.tenant()
    await agree(world, tenant, "2025-03-01", Terms("FLAT", flat=100), "HOSTING")
    return tenant


@pytest.mark.parametrize(
    "viewer", [viewer_of_token(UUID(int=2), UUID(int=3), READ_ONLY), viewer_of_token(UUID(int=2), None, frozenset())]
)
async def test_only_those_who_see_all_wallets_see_who_is_at_risk(world: World, viewer: Viewer) -> None:
    await refresh(world.core, [await world.owing()])
    assert (await list_risks(world.core, viewer, None, None, 10, None)).keys == []
    assert await count_risks(viewer, None) == 0
