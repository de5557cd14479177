"""Rounds that keep forecasts: whose turn it is, and what becomes of those that fail."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

from domain import access
from domain.changes import Change, ChangeKind
from domain.people import TenantChanges
from domain.pricing import PriceModel
from domain.usage import UsageEvent
from server.opened import opened
from services.clock import Clock
from services.forecast_rounds import Forecasting
from services.forecasting import refresh
from services.people import create_tenant
from services.people_changes import update_tenant
from services.people_input import NewTenant
from services.pricing import NewPrice, set_price
from services.usage import record_usage
from services.wallets import top_up
from tests.api import SECRET
from tests.forecasts import ROW, RUPEES, card, locks_at
from tests.world import World, at, opened_world

world = opened_world


async def test_of_what_is_due_each_process_takes_its_own(world: World) -> None:
    tenants = [await world.priced() for _ in range(4)]
    await refresh(world.core, tenants)
    world.go("2025-02-02")
    async with world.database.transaction():
        await world.database.fetch("SELECT 1 FROM forecasts WHERE tenant_id = $1 FOR UPDATE", tenants[0])
        assert await refresh(world.core, most_due=10) == (3, 3)
    assert await refresh(world.core, most_due=10) == (1, 1)


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
