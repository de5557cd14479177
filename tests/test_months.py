"""A month ends at midnight in its tenant's billing zone, whatever the clocks there do: law 18."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from domain.billing import month_of, month_start, months, next_month, previous_month
from services.billing_queries import load_lines
from tests.priced import Terms, agree
from tests.world import World, at, opened_world

world = opened_world
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "month", "start", "end"),
    [
        ("UTC", "2025-02", "2025-02-01T00:00", "2025-03-01T00:00"),
        ("UTC", "2024-02", "2024-02-01T00:00", "2024-03-01T00:00"),
        ("Asia/Kolkata", "2025-02", "2025-01-31T18:30", "2025-02-28T18:30"),
        ("Asia/Kathmandu", "2025-02", "2025-01-31T18:15", "2025-02-28T18:15"),
        ("America/New_York", "2025-03", "2025-03-01T05:00", "2025-04-01T04:00"),
        ("America/New_York", "2025-11", "2025-11-01T04:00", "2025-12-01T05:00"),
        ("America/New_York", "2026-11", "2026-11-01T04:00", "2026-12-01T05:00"),
        ("Pacific/Auckland", "2025-04", "2025-03-31T11:00", "2025-04-30T12:00"),
        ("America/Havana", "2026-11", "2026-11-01T04:00", "2026-12-01T05:00"),
        ("Asia/Amman", "2022-04", "2022-03-31T21:00", "2022-04-30T21:00"),
        ("Pacific/Apia", "2011-12", "2011-12-01T10:00", "2011-12-31T10:00"),
        ("UTC", "2025-12", "2025-12-01T00:00", "2026-01-01T00:00"),
    ],
)
async def test_a_month_closes_from_midnight_to_midnight_of_its_zone(
    world: World, zone: str, month: str, start: str, end: str
) -> None:
    first = date.fromisoformat(f"{month}-01")
    assert (month_start(first, zone), month_start(next_month(first), zone)) == (at(start), at(end))
    assert month_of(at(start) - INSTANT, zone) == previous_month(first)
    assert month_of(at(start), zone) == month_of(at(end) - INSTANT, zone) == first
    assert month_of(at(end), zone) == next_month(first)


@pytest.mark.parametrize(
    ("zone", "before", "start", "end"),
    [
        ("Asia/Kolkata", "2025-02-28T18:29:59.999999", "2025-02-28T18:30", "2025-03-31T18:30"),
        ("Asia/Kathmandu", "2025-02-28T18:14:59.999999", "2025-02-28T18:15", "2025-03-31T18:15"),
        ("America/New_York", "2025-03-01T04:59:59.999999", "2025-03-01T05:00", "2025-04-01T04:00"),
    ],
)
async def test_usage_and_bills_keep_to_the_zones_midnight(
    world: World, zone: str, before: str, start: str, end: str
) -> None:
    tenant = await world.tenant(billing_zone=zone)
    await world.price(tenant, "2025-02-01", "10")
    last = (at(end) - INSTANT).isoformat()[:-6]
    world.go(end)
    for quantity, when in (("1", before), ("2", start), ("4", last), ("8", end)):
        await world.use(tenant, quantity, when)
    await world.bill("2025-03", tenant)
    assert await world.invoices(tenant) == [(1, "2025-02", "DUE", 10), (2, "2025-03", "DUE", 60)]
    bounds = "SELECT starts_at, ends_at FROM billing_months ORDER BY month DESC LIMIT 1"
    assert await world.sql(bounds) == [(at(start), at(end))]
    assert await world.sql("SELECT starts_at, ends_at FROM invoice_lines WHERE count = 2") == [(at(start), at(end))]


@pytest.mark.parametrize(
    ("zone", "month", "start", "cut", "end"),
    [
        ("Asia/Kolkata", "2025-03", "2025-02-28T18:30", "2025-03-09T18:30", "2025-03-31T18:30"),
        ("Asia/Kathmandu", "2025-03", "2025-02-28T18:15", "2025-03-01T00:00", "2025-03-31T18:15"),
        ("America/New_York", "2025-03", "2025-03-01T05:00", "2025-03-09T07:00", "2025-04-01T04:00"),
        ("America/St_Johns", "2025-11", "2025-11-01T02:30", "2025-11-02T04:30", "2025-12-01T03:30"),
        ("Australia/Lord_Howe", "2025-04", "2025-03-31T13:00", "2025-04-05T15:00", "2025-04-30T13:30"),
    ],
)
async def test_a_price_cuts_a_month_to_the_instant_with_half_hours_and_clock_changes(
    world: World, zone: str, month: str, start: str, cut: str, end: str
) -> None:
    tenant = await world.tenant(billing_zone=zone)
    await agree(world, tenant, start, Terms("PACKAGE", each="100", size="10"))
    await agree(world, tenant, cut, Terms("VOLUME", tiers=[("10", "7", 0), (None, "3", 0)]))
    world.go(end)
    before_cut, before_end = ((at(instant) - INSTANT).isoformat()[:-6] for instant in (cut, end))
    for quantity, when in (("10", start), ("1", before_cut), ("10", cut), ("1", before_end), ("99", end)):
        await world.use(tenant, quantity, when)
    billed = await world.bill(month, tenant)
    [lines] = (await load_lines([(tenant, billed.invoices[-1].count)])).values()
    assert [(line.start, line.end, int(line.quantity), line.amount) for line in lines] == [
        (at(start), at(cut), 11, 200), (at(cut), at(end), 11, 33)
    ]  # fmt: skip


def test_in_every_zone_of_the_world_each_instant_lies_in_one_month() -> None:
    several = months(date(2024, 1, 1), date(2033, 12, 1))
    assert len(several) == 120
    for zone in sorted(available_timezones()):
        starts = [month_start(month, zone) for month in several]
        assert starts == sorted(set(starts))
        for month, start in zip(several, starts, strict=True):
            assert month_of(start, zone) == month, (zone, month)
            assert month_of(start - INSTANT, zone) == previous_month(month), (zone, month)


def test_months_follow_one_another() -> None:
    assert [next_month(date(2025, 1, 31)), next_month(date(2025, 12, 31))] == [date(2025, 2, 1), date(2026, 1, 1)]
    assert [previous_month(date(2025, 3, 31)), previous_month(date(2025, 1, 1))] == [
        date(2025, 2, 1),
        date(2024, 12, 1),
    ]
    assert months(date(2025, 3, 1), date(2025, 2, 1)) == []
    assert datetime(2025, 3, 1, tzinfo=UTC) == month_start(date(2025, 3, 1), "UTC")
