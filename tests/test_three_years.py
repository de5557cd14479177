"""Law 18 and all that hangs on it: years of months in many zones, told to the product and to tests/model alike.

The zones are those whose clocks do most to a month: offsets of half an hour and of 45 minutes, daylight saving on
both sides of the world, midnights that are skipped or come twice as a month begins, a day that never was.
"""

from collections import defaultdict
from random import Random
from uuid import UUID

import pytest

from tests.customer import LEAST, Customer, noon
from tests.model import months, requests
from tests.side_by_side import Both
from tests.world import World, at, open_world

YEARS = {
    "1993-06": ("Pacific/Kiritimati", "Australia/Lord_Howe", "Pacific/Chatham", "UTC", "Europe/Dublin"),
    "2009-10": ("America/St_Johns", "Pacific/Apia", "Asia/Gaza", "Asia/Damascus", "Asia/Tehran", "America/Havana"),
    "2015-09": ("America/Sao_Paulo", "America/Asuncion", "America/Caracas", "Europe/London", "Asia/Tokyo"),
    "2022-06": (
        *("Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu"),
        *("America/New_York", "Australia/Adelaide"),
    ),
}
MONTHS = 36


async def live(world: World, customers: list[Customer], month: str) -> None:
    """Three times in the month, at the month's very end in each zone, and when all are billed."""
    for day in ("05", "14", "25"):
        world.core.clock.set(noon(f"{month}-{day}"))
        for customer in customers:
            await customer.live(month)
    for customer in sorted(customers, key=lambda customer: customer.start(months.after(month))):
        await end(world, customer, month)
    await bill(world, customers, month)
    for customer in customers:
        await customer.both.compare()


async def end(world: World, customer: Customer, month: str) -> None:
    """A microsecond before, the month cannot be billed; at its end it can, and by some it is."""
    end = customer.start(months.after(month))
    world.core.clock.set(max(end - LEAST, customer.both.now))
    if customer.both.now < end:
        await customer.both.bill(customer.zone, month)
    world.core.clock.set(max(end, customer.both.now))
    await customer.both.bill(customer.zone, month, dry=customer.dice.random() < 0.8)
    if customer.dice.random() < 0.3:
        await customer.use(months.after(month))


async def bill(world: World, customers: list[Customer], month: str) -> None:
    """Together, in one run."""
    billed = await world.bill(month, *(customer.both.ids[customer.zone] for customer in customers))
    assert await world.sql("SELECT count(*) FROM billing_failures WHERE run_id = $1", billed.run.id) == [(0,)]
    issued: dict[UUID, list[int]] = defaultdict(list)
    for invoice in billed.invoices:
        issued[invoice.wallet_id].append(invoice.count)
    for customer in customers:
        by_model = requests.run_billing(customer.both.ledger, customer.both.now, customer.zone, month).issued
        assert tuple(issued[customer.both.ids[customer.zone]]) == by_model


async def tell(world: World, zones: tuple[str, ...], first: str, number: int) -> list[Customer]:
    """Month after month, each customer with dice of its own."""
    customers = [Customer(zone, Random(f"{zone} {first}"), Both(world)) for zone in zones]
    for customer in customers:
        await customer.begin()
    month = first
    for _ in range(number):
        await live(world, customers, month)
        month = months.after(month)
    return customers


async def test_four_months_are_billed_as_the_model_bills_them(database_url: str) -> None:
    """In Cairo the clocks go back as November would begin: October's last hour comes twice."""
    async with open_world(database_url, "2024-08-03T10:00") as world:
        customers = await tell(world, ("Africa/Cairo", "Asia/Kathmandu", "America/New_York"), "2024-08", 4)
        assert customers[0].start("2024-11") == at("2024-10-31T22:00")
        assert all(len(customer.wallet.invoices) > 2 for customer in customers)


@pytest.mark.proof
@pytest.mark.parametrize("first", YEARS)
async def test_three_years_are_billed_as_the_model_bills_them(database_url: str, first: str) -> None:
    async with open_world(database_url, f"{first}-03T10:00") as world:
        customers = await tell(world, YEARS[first], first, MONTHS)
        kinds = {line.kind for one in customers for invoice in one.wallet.invoices.values() for line in invoice.lines}
        statuses = {invoice.status for one in customers for invoice in one.wallet.invoices.values()}
        assert kinds == {"USAGE", "LATE", "FLAT", "MINIMUM"}
        assert statuses >= {"PAID", "DUE", "VOID"}
