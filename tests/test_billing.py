"""Months close once, in order, to the rupee and to the instant: laws 13, 16, 18 and 19."""

from datetime import date

import pytest

from domain.people import invoice_number
from services.billing_queries import load_lines
from tests.world import World, at, line, opened_world

world = opened_world
LINES = """
SELECT count::int, kind, service, to_char(month, 'MM'), trim_scale(quantity)::text, trim_scale(unit_price)::text, amount
FROM invoice_lines WHERE wallet_id = $1 ORDER BY count, position
"""


async def test_the_cards_timeline_comes_out_to_the_rupee(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "200000")
    for instant, rupees in (("02-01T10:00", 5_000), ("02-03T10:00", 3_500), ("02-07T10:00", 32_000)):
        world.go(f"2025-{instant}")
        await world.top_up(tenant, rupees * 100)
    await world.use(tenant, "10", "2025-02-05")
    world.go("2025-02-10T09:00")
    await world.use(tenant, "8")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    world.go("2025-03-05")
    await world.use(tenant, "12")
    await world.price(tenant, "2025-04-01", "180000")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert (await world.state(tenant)).unlock_amount == 19_500_00
    world.go("2025-04-02")
    await world.top_up(tenant, 25_000_00)
    world.go("2025-04-05")
    await world.use(tenant, "15")
    world.go("2025-05-01")
    await world.bill("2025-04", tenant)
    assert (await world.state(tenant)).unlock_amount == 21_500_00
    await world.top_up(tenant, 21_500_00)
    assert [(line(t), t.after.total // 100) for t in await world.log(tenant)] == [
        ("CREDIT TOP_UP +500000", 5_000),
        ("CREDIT TOP_UP +350000", 8_500),
        ("CREDIT TOP_UP +3200000", 40_500),
        ("DEBIT INVOICE -3600000", 4_500),
        ("DUE INVOICE due +2400000", 4_500),
        ("LOCK INSUFFICIENT_FUNDS", 4_500),
        ("CREDIT TOP_UP +2500000", 29_500),
        ("DEBIT INVOICE -2400000", 5_500),
        ("DUE SETTLED due -2400000", 5_500),
        ("UNLOCK INSUFFICIENT_FUNDS", 5_500),
        ("DUE INVOICE due +2700000", 5_500),
        ("LOCK INSUFFICIENT_FUNDS", 5_500),
        ("CREDIT TOP_UP +2150000", 27_000),
        ("DEBIT INVOICE -2700000", 0),
        ("DUE SETTLED due -2700000", 0),
        ("UNLOCK INSUFFICIENT_FUNDS", 0),
    ]
    assert await world.invoices(tenant) == [
        (1, "2025-02", "PAID", 36_000_00), (2, "2025-03", "PAID", 24_000_00), (3, "2025-04", "PAID", 27_000_00)
    ]  # fmt: skip


@pytest.mark.parametrize("prices", [1, 2, 3])
async def test_so_many_prices_in_a_month_make_so_many_lines_to_the_instant(world: World, prices: int) -> None:
    tenant = await world.tenant()
    bounds = ["2025-02-01", "2025-02-10T12:30:00.000001", "2025-02-20T23:59:59.999999"][:prices]
    for n, since in enumerate(bounds):
        await world.price(tenant, since, f"{100 - n}")
    world.go("2025-03-01")
    for n, since in enumerate(bounds):
        await world.use(tenant, str(n + 1), since)
    await world.bill("2025-02", tenant)
    ends = [*map(at, bounds[1:]), at("2025-03-01")]
    [lines] = (await load_lines([(tenant, 1)])).values()
    assert [(one.start, one.end, one.amount) for one in lines] == [
        (at(since), end, (n + 1) * (100 - n)) for n, (since, end) in enumerate(zip(bounds, ends, strict=True))
    ]


async def test_services_have_lines_of_their_own(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "0.25", service="API", unit="call")
    await world.price(tenant, "2025-01-01", "10")
    await world.use(tenant, "10", service="API")
    await world.use(tenant, "2")
    world.go("2025-03-01")
    billed = await world.bill("2025-02", tenant)
    assert await world.sql(LINES, tenant) == [
        (1, "USAGE", "API", "02", "10", "0.25", 3), (1, "USAGE", "EPAPER", "02", "2", "10", 20)
    ]  # fmt: skip
    assert [(invoice.count, invoice.total, invoice.code) for invoice in billed.invoices] == [(1, 23, "MSP")]
    assert invoice_number(billed.invoices[0].code, 1) == "MSP-0001"


async def test_a_month_closes_the_earlier_ones_that_are_still_open_in_their_order(world: World) -> None:
    tenant = await world.priced()
    for month in (2, 4):
        world.go(f"2025-{month:02d}-10")
        await world.use(tenant, str(month))
    world.go("2025-06-01")
    await world.bill("2025-04", tenant)
    assert await world.closed(tenant) == [("02", 1), ("03", None), ("04", 2)]
    assert await world.invoices(tenant) == [(1, "2025-02", "DUE", 20), (2, "2025-04", "DUE", 40)]
    await world.bill("2025-03", tenant)
    await world.bill("2025-05", tenant)
    assert await world.closed(tenant) == [("02", 1), ("03", None), ("04", 2), ("05", None)]


async def test_a_tenants_first_month_is_the_one_it_was_made_in_or_used_first(world: World) -> None:
    made, used = await world.tenant(), await world.priced("2024-11-01")
    await world.use(used, "1", "2024-12-31")
    world.go("2025-04-01")
    await world.bill("2025-03")
    assert [month for month, _ in await world.closed(made)] == ["02", "03"]
    assert [month for month, _ in await world.closed(used)] == ["12", "01", "02", "03"]
    assert await world.sql("SELECT min(month) FROM billing_months") == [(date(2024, 12, 1),)]


async def test_nothing_to_charge_closes_the_month_without_an_invoice_and_numbers_have_no_gap(world: World) -> None:
    tenant = await world.priced()
    await world.top_up(tenant, 1_000)
    await world.price(tenant, "2025-01-01", "0.1", service="API", unit="call")
    for month, quantity in ((2, "1"), (3, None), (4, "2"), (5, "0.04"), (6, "3")):
        world.go(f"2025-{month:02d}-10")
        if quantity:
            await world.use(tenant, quantity, service="API" if month == 5 else "EPAPER")
        world.go(f"2025-{month + 1:02d}-01")
        await world.bill(f"2025-{month:02d}", tenant)
    assert await world.closed(tenant) == [("02", 1), ("03", None), ("04", 2), ("05", None), ("06", 3)]


async def test_late_usage_is_a_line_of_the_next_invoice_at_the_price_of_its_own_time(world: World) -> None:
    tenant = await world.priced()
    await world.top_up(tenant, 1_000)
    await world.price(tenant, "2025-02-15", "20")
    await world.use(tenant, "1", "2025-02-01", "first")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.price(tenant, "2025-03-01", "30")
    world.go("2025-03-20")
    await world.use(tenant, "2", "2025-02-14")
    await world.use(tenant, "3", "2025-02-15")
    await world.use(tenant, "5", "2025-03-01")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    await world.use(tenant, "-1", corrects="first")
    world.go("2025-05-01")
    await world.bill("2025-04", tenant)
    assert await world.sql(LINES, tenant) == [
        (1, "USAGE", "EPAPER", "02", "1", "10", 10),
        (2, "LATE", "EPAPER", "02", "2", "10", 20),
        (2, "LATE", "EPAPER", "02", "3", "20", 60),
        (2, "USAGE", "EPAPER", "03", "5", "30", 150),
        (3, "LATE", "EPAPER", "02", "-1", "10", -10),
    ]
    assert await world.invoices(tenant) == [
        (1, "2025-02", "PAID", 10), (2, "2025-03", "PAID", 230), (3, "2025-04", "PAID", -10)
    ]  # fmt: skip
    assert (await world.lines(tenant))[-1] == "CREDIT INVOICE +10"
    assert await world.money(tenant) == (770, 0, 0)


async def test_a_line_is_rounded_once_half_away_from_zero_and_late_usage_pays_the_difference(world: World) -> None:
    tenant = await world.tenant(currency="JPY")
    await world.price(tenant, "2025-02-01", "0.5")
    await world.price(tenant, "2025-02-01", "0.5", service="API", unit="call")
    await world.use(tenant, "1", key="page")
    for _ in range(3):
        await world.use(tenant, "1", service="API")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await world.use(tenant, "1", "2025-02-28")
    await world.use(tenant, "1", "2025-02-28", service="API")
    await world.use(tenant, "-1", key="undone", corrects="page")
    world.go("2025-04-01")
    await world.bill("2025-03", tenant)
    assert [(row[0], row[2], row[4], row[6]) for row in await world.sql(LINES, tenant)] == [
        (1, "API", "3", 2), (1, "EPAPER", "1", 1)
    ]  # fmt: skip
    assert await world.closed(tenant) == [("02", 1), ("03", None)]
    assert await world.sql("SELECT count(*) FROM usage_totals WHERE quantity <> billed_quantity") == [(0,)]


async def test_within_a_finalization_window_an_invoice_is_pending_and_its_amount_held(world: World) -> None:
    tenant = await world.priced(finalization_days=3)
    await world.top_up(tenant, 25)
    await world.use(tenant, "2")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await world.invoices(tenant) == [(1, "2025-02", "PENDING", 20)]
    assert await world.money(tenant) == (25, 20, 0)
    world.go("2025-03-04")
    await world.top_up(tenant, 1)
    assert await world.invoices(tenant) == [(1, "2025-02", "PAID", 20)]
    assert await world.money(tenant) == (6, 0, 0)
    assert await world.sql("SELECT paid_at FROM invoices") == [(at("2025-03-04"),)]
