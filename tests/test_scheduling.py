"""The server bills each tenant by itself when its month has ended in its own zone, once, oldest first: law 18."""

import asyncio

import pytest
from structlog.testing import capture_logs

from services.billing_queries import list_failures
from services.scheduling import schedule
from tests.test_billing_runs import BREAK, MEND
from tests.world import World, at, opened_world

world = opened_world
RUNS = (
    "SELECT to_char(month, 'YYYY-MM'), tenants, done, actor, scheduled, finished_at = $1 FROM billing_runs ORDER BY id"
)
DUE = "SELECT bills_at FROM tenants WHERE id = $1"


async def round_(world: World, instant: str | None = None) -> int:
    """How many runs the round began."""
    if instant:
        world.go(instant)
    before = len(await world.sql("SELECT 1 FROM billing_runs"))
    await schedule(world.core)
    await asyncio.gather(*world.core.background)
    return len(await world.sql("SELECT 1 FROM billing_runs")) - before


async def rounds(world: World, instant: str) -> int:
    """Until nothing is left to do."""
    begun, more = 0, await round_(world, instant)
    while more:
        begun, more = begun + more, await round_(world)
    return begun


@pytest.mark.parametrize(
    ("zone", "delay", "before", "due"),
    [
        ("UTC", 1, "2025-03-01T00:59:59.999999", "2025-03-01T01:00"),
        ("UTC", 0, "2025-02-28T23:59:59.999999", "2025-03-01"),
        ("Asia/Kolkata", 1, "2025-02-28T19:29:59.999999", "2025-02-28T19:30"),
        ("Asia/Kathmandu", 0, "2025-02-28T18:14:59.999999", "2025-02-28T18:15"),
        ("Australia/Lord_Howe", 0, "2025-02-28T12:59:59.999999", "2025-02-28T13:00"),
        ("America/New_York", 0, "2025-03-01T04:59:59.999999", "2025-03-01T05:00"),
        ("Pacific/Kiritimati", 720, "2025-03-30T09:59:59.999999", "2025-03-30T10:00"),
    ],
)
async def test_a_month_is_billed_some_hours_after_its_end_in_the_tenants_zone(
    world: World, zone: str, delay: int, before: str, due: str
) -> None:
    world.go("2025-02-03")
    tenant = await world.priced(billing_zone=zone, billing_delay_hours=delay)
    await world.use(tenant, "3")
    assert await rounds(world, before) == 0
    assert await rounds(world, due) == 1
    assert await world.closed(tenant) == [("02", 1)]
    assert (await world.sql(RUNS, at(due)))[-1] == ("2025-02", 1, 1, "system", True, True)
    assert (await world.sql("SELECT action, actor FROM audit_entries ORDER BY time, id"))[-1] == (
        "runBilling",
        "system",
    )


async def test_with_nothing_due_there_is_no_run(world: World) -> None:
    await world.priced()
    assert await rounds(world, "2025-02-28T23:00") == 0
    assert await rounds(world, "2025-03-15") == 1
    assert await rounds(world, "2025-03-31T23:59:59") == 0


async def test_a_month_with_nothing_to_bill_closes_too(world: World) -> None:
    tenant = await world.tenant()
    assert await rounds(world, "2025-03-01T01:00") == 1
    assert (await world.closed(tenant), await world.invoices(tenant)) == ([("02", None)], [])


async def test_after_a_year_of_downtime_each_tenant_has_its_months_in_order(world: World) -> None:
    zones = ("UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Berlin")
    tenants = [await world.priced(billing_zone=zone) for zone in zones]
    for month in range(2, 13):
        world.go(f"2025-{month:02d}-15")
        for tenant in tenants:
            await world.use(tenant, str(month))
    await rounds(world, "2026-02-15")
    for tenant in tenants:
        assert await world.invoices(tenant) == [(n, f"2025-{n + 1:02d}", "DUE", 10 * (n + 1)) for n in range(1, 12)]
        assert await world.sql(DUE, tenant) > [(at("2026-02-28"),)]
    lengths = "SELECT extract(epoch FROM ends_at - starts_at)::int / 3600 FROM billing_months WHERE wallet_id = $1"
    hours = [hours for (hours,) in await world.sql(f"{lengths} AND month >= '2025-02-01' ORDER BY month", tenants[3])]
    assert hours == [
        24 * 28,
        24 * 31 - 1,
        *(24 * days for days in (30, 31, 30, 31, 31, 30)),
        24 * 31 + 1,
        720,
        744,
        744,
    ]


async def test_tenants_of_an_older_month_come_first(world: World) -> None:
    east, west = await world.priced(billing_zone="Asia/Kolkata"), await world.priced(billing_zone="Pacific/Pago_Pago")
    await rounds(world, "2025-02-02")
    await world.sql("UPDATE tenants SET bills_at = '2025-02-02' WHERE id = $1", west)
    await rounds(world, "2025-03-31T19:30")
    told = await world.sql("SELECT to_char(month, 'MM') FROM billing_runs WHERE started_at > '2025-03-01' ORDER BY id")
    assert told == [("02",), ("03",)]
    assert [(await world.closed(tenant))[-1] for tenant in (east, west)] == [("03", None), ("02", None)]


async def test_a_tenant_that_fails_is_tried_again_an_hour_later_and_keeps_nobody_waiting(world: World) -> None:
    broken, fine = await world.priced(), await world.priced()
    for tenant in (broken, fine):
        await world.use(tenant, "1")
    await world.sql(BREAK, broken)
    with capture_logs():
        assert await rounds(world, "2025-03-01T01:00") == 1
    ((run,),) = await world.sql("SELECT id FROM billing_runs")
    assert [tenant for tenant, _ in await list_failures(run, 10, None)] == [broken]
    assert [await world.closed(tenant) for tenant in (broken, fine)] == [[], [("02", 1)]]
    assert await world.sql(DUE, broken) == [(at("2025-03-01T02:00"),)]
    assert await rounds(world, "2025-03-01T01:59:59") == 0
    await world.sql(MEND, broken)
    assert await rounds(world, "2025-03-01T02:00") == 1
    assert await world.invoices(broken) == [(1, "2025-02", "DUE", 7)]


async def test_a_closed_tenant_is_not_billed(world: World) -> None:
    tenant = await world.priced()
    await world.sql("UPDATE tenants SET closed_at = '2025-02-05' WHERE id = $1", tenant)
    assert await rounds(world, "2025-03-02") == 0
    assert await world.closed(tenant) == []


async def test_a_date_long_past_is_set_right_without_a_run(world: World) -> None:
    new, used, billed = await world.tenant(), await world.priced(), await world.priced()
    await world.use(used, "1", "2025-01-31")
    world.go("2025-03-01T01:00")
    await world.bill("2025-02", new, billed)
    await world.sql("UPDATE tenants SET bills_at = created_at")
    assert await round_(world) == 1  # of the one that has months open
    assert await world.closed(used) == [("01", 1), ("02", None)]
    assert await round_(world) == 0
    for tenant in (new, used, billed):
        assert await world.sql(DUE, tenant) == [(at("2025-04-01T01:00"),)]


async def test_while_a_run_of_the_servers_own_is_under_way_no_other_begins(world: World) -> None:
    tenant = await world.priced()
    world.go("2025-03-01T01:00")
    async with world.database.transaction(), world.another() as other:
        await world.database.execute("SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE", tenant)
        await asyncio.gather(*(schedule(one.core) for one in (world, other, world, other)))
        assert len(await world.sql("SELECT 1 FROM billing_runs")) == 1
        assert len(world.core.background) + len(other.core.background) == 1
        running = [*world.core.background, *other.core.background]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    assert await round_(world) == 0
    assert await world.closed(tenant) == [("02", None)]


async def test_currencies_of_any_exponent_are_billed_to_the_minor_unit(world: World) -> None:
    for currency in ("JPY", "INR", "KWD"):
        tenant = await world.tenant(currency=currency)
        await world.price(tenant, "2025-02-01", "0.25")
        await world.use(tenant, "1002")
        await world.top_up(tenant, 251)
    await rounds(world, "2025-03-01T01:00")
    amounts = await world.sql(
        "SELECT currency, invoices, billed::int, collected::int FROM billing_run_amounts ORDER BY 1"
    )
    assert amounts == [("INR", 1, 251, 251), ("JPY", 1, 251, 251), ("KWD", 1, 251, 251)]


async def test_windows_and_graces_run_on_over_the_months_that_follow(world: World) -> None:
    window, grace = await world.priced(finalization_days=40), await world.priced(grace_days=40)
    await world.top_up(window, 15)
    for tenant in (window, grace):
        await world.use(tenant, "1")
    await rounds(world, "2025-03-01T01:00")
    for tenant in (window, grace):
        await world.use(tenant, "1", "2025-03-01")
    await rounds(world, "2025-04-01T01:00")
    assert await world.lines(window) == ["CREDIT TOP_UP +15", "HOLD INVOICE locked +10", "DUE INVOICE due +10",
                                         "LOCK INSUFFICIENT_FUNDS"]  # fmt: skip
    assert await world.lines(grace) == ["DUE INVOICE due +10", "DUE INVOICE due +10"]
    await rounds(world, "2025-05-01T01:00")
    await world.top_up(grace, 1)
    assert (await world.lines(grace))[2:] == ["LOCK INSUFFICIENT_FUNDS", "CREDIT TOP_UP +1"]
    assert [status for _, _, status, _ in await world.invoices(window)] == ["PAID", "DUE"]
