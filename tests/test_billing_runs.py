"""Billing runs: again, at once, over zones and bad tenants, dry: laws 2, 18 and 23."""

import asyncio
from datetime import date
from decimal import Decimal
from uuid import uuid4

from structlog.testing import capture_logs

from domain.access import viewer_of_token
from domain.money import MOST_MINOR
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from services.billing import AWAITED_TENANTS, run_billing
from services.billing_queries import InvoiceFilter, RunAmounts, list_failures, list_invoices, load_run
from tests.world import World, at, opened_world

world = opened_world
BREAK = "UPDATE prices SET model = 'VOLUME', unit_price = NULL, tiers = '[{}]' WHERE wallet_id = $1"
MEND = "UPDATE prices SET model = 'PER_UNIT', unit_price = 7, tiers = NULL WHERE wallet_id = $1"


async def test_billing_a_month_again_changes_nothing_more(world: World) -> None:
    tenant, other = await world.owing(), await world.priced()
    kept = ("billing_runs", "audit_entries")
    before = {name: digest for name, digest in (await world.everything()).items() if name not in kept}
    again = await world.bill("2025-02", tenant)
    after = {name: digest for name, digest in (await world.everything()).items() if name not in kept}
    assert after == before
    assert (again.run.done, again.run.invoice_count, again.invoices, again.run.amounts) == (1, 0, [], [])
    await world.bill("2025-02")
    assert await world.closed(other) == []
    assert await world.closed(tenant) == [("02", 1)]


async def test_runs_at_once_on_several_processes_bill_each_tenant_once(world: World) -> None:
    tenants = [await world.priced() for _ in range(12)]
    for tenant in tenants:
        await world.top_up(tenant, 15)
        await world.use(tenant, "1")
    world.go("2025-03-01")
    async with world.another() as other:
        runs = await asyncio.gather(*((world, other)[n % 2].bill("2025-02") for n in range(6)))
    assert sum(billed.run.invoice_count for billed in runs) == 12
    assert {billed.run.done for billed in runs} == {12}
    for tenant in tenants:
        assert await world.lines(tenant) == ["CREDIT TOP_UP +15", "DEBIT INVOICE -10"]


async def test_a_run_over_more_than_a_hundred_tenants_is_answered_at_once_and_goes_on(world: World) -> None:
    tenants = [await world.tenant(f"Press {n}") for n in range(AWAITED_TENANTS + 1)]
    world.go("2025-03-01")
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", tenants[-1])
        answered = (await world.bill("2025-02")).run
        assert (answered.tenants, answered.done, answered.finished_at) == (101, 0, None)
    await asyncio.gather(*world.core.background)
    assert world.core.background == set()
    finished = await load_run(answered.id)
    assert finished is not None
    assert (finished.done, finished.finished_at) == (101, at("2025-03-01"))
    assert await world.sql("SELECT count(*) FROM billing_months") == [(101,)]


async def test_usage_recorded_while_its_month_closes_is_billed_once_then_or_next_time(world: World) -> None:
    tenant = await world.priced()
    world.go("2025-03-01")
    stories = [world.use(tenant, "1", "2025-02-10") for _ in range(40)]
    await asyncio.gather(*stories[:20], world.bill("2025-02", tenant), *stories[20:])
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert await world.sql("SELECT sum(quantity)::int, sum(amount)::int FROM invoice_lines") == [(40, 400)]
    assert await world.sql("SELECT count(*) FROM usage_totals WHERE quantity <> billed_quantity") == [(0,)]


async def test_a_month_that_is_not_over_is_not_possible(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "1")
    world.go("2025-02-28T23:59:59.999999")
    for month in ("2025-02", "2025-03"):
        async with world.refuses(NotPossible):
            await world.bill(month, tenant)
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)


async def test_where_a_month_is_over_in_some_zones_only_those_are_billed_and_the_others_reported(world: World) -> None:
    east, west = await world.tenant(billing_zone="Asia/Kolkata"), await world.tenant(billing_zone="America/New_York")
    world.go("2025-02-28T18:30")
    billed = await world.bill("2025-02")
    assert await world.closed(east) == [("02", None)]
    assert await world.closed(west) == []
    assert [(tenant, "not over" in why) for tenant, why in await list_failures(billed.run.id, 10, None)] == [
        (west, True)
    ]


async def test_a_tenant_that_cannot_be_billed_stops_only_itself_and_is_reported(world: World) -> None:
    broken, huge, *fine = [await world.priced() for _ in range(6)]
    for tenant in (broken, *fine):
        await world.use(tenant, "1")
    for service in ("API", "SMS"):
        await world.price(huge, "2025-02-01", str(MOST_MINOR), service=service)
        await world.use(huge, "1", service=service)
    await world.sql(BREAK, broken)
    world.go("2025-03-01")
    with capture_logs():
        billed = await world.bill("2025-02")
    reported = dict(await list_failures(billed.run.id, 10, None))
    assert set(reported) == {broken, huge}
    assert "can be kept exactly" in reported[huge]
    assert (billed.run.tenants, billed.run.done, billed.run.invoice_count) == (6, 6, 4)
    assert [await world.invoices(tenant) for tenant in (broken, huge)] == [[], []]
    assert [await world.closed(tenant) for tenant in fine] == [[("02", 1)]] * 4
    await world.sql(MEND, broken)
    await world.bill("2025-02", broken)
    assert await world.invoices(broken) == [(1, "2025-02", "DUE", 7)]


async def test_a_dry_run_of_billing_writes_nothing_and_says_what_the_real_one_then_does(world: World) -> None:
    paid, owes, west = await world.priced(), await world.priced(), await world.tenant(billing_zone="America/New_York")
    await world.top_up(paid, 100)
    await world.use(paid, "3")
    await world.use(owes, "4")
    world.go("2025-03-01")
    async with world.unchanged():
        dry = await world.bill("2025-02", dry_run=True)
    real = await world.bill("2025-02")
    assert [tenant for tenant, _ in dry.failures] == [west]
    assert len(dry.invoices) == 2
    assert [(i.wallet_id, i.count, i.status, i.total, i.locks_at, i.paid_at) for i in dry.invoices] == [
        (i.wallet_id, i.count, i.status, i.total, i.locks_at, i.paid_at) for i in real.invoices
    ]
    for field in ("tenants", "done", "invoice_count", "amounts", "locked"):
        assert getattr(dry.run, field) == getattr(real.run, field)
    assert (real.run.locked, real.run.amounts) == (1, [RunAmounts("INR", Decimal(70), Decimal(30))])


async def test_unlike_currencies_are_never_added_in_a_run(world: World) -> None:
    for currency in ("INR", "KWD", "INR", "JPY"):
        tenant = await world.tenant(currency=currency)
        await world.price(tenant, "2025-02-01", "10")
        await world.use(tenant, "1")
    world.go("2025-03-01")
    billed = await world.bill("2025-02")
    assert billed.run.amounts == [
        RunAmounts(currency, Decimal(sum_), Decimal(0)) for currency, sum_ in (("INR", 20), ("JPY", 10), ("KWD", 10))
    ]


async def test_only_who_may_bills_and_each_sees_its_own_invoices(world: World) -> None:
    one, other = await world.owing(), await world.priced()
    reader = viewer_of_token(uuid4(), one, frozenset({"invoice:read"}))
    stranger = viewer_of_token(uuid4(), other, frozenset({"invoice:read"}))
    async with world.refuses(Forbidden):
        await run_billing(world.core, reader, date(2025, 2, 1), None)
    async with world.refuses(NotFound):
        await world.bill("2025-02", uuid4())
    async with world.refuses(BadInput):
        await world.bill("1969-12", one)
    assert len(await list_invoices(reader, InvoiceFilter(), 10, None)) == 1
    assert await list_invoices(stranger, InvoiceFilter(), 10, None) == []
    assert await list_invoices(stranger, InvoiceFilter(tenant_id=one), 10, None) == []
