"""How much a tenant costs a month, and how long its money lasts: law 22."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.billing import RunningCharge, monthly_charge, projected_charge
from domain.wallets import months_remaining
from services.runway import monthly_charges
from tests.world import World, at, opened_world

world = opened_world
MARCH, APRIL = at("2025-03-01"), at("2025-04-01")


@pytest.mark.parametrize(
    ("newest_first", "mean"),
    [([], None), ([0], 0), ([100], 100), ([1, 0], 1), ([1, 0, 0], 0), ([2, 0, 0], 1), ([10, 20, 40, 1_000], 23),
     ([-50, 10, 10], 0), ([1_600_000, 1_600_000, 1_600_000], 1_600_000)],
)  # fmt: skip
def test_the_monthly_charge_is_the_mean_of_at_most_three_closed_months_half_up(
    newest_first: list[int], mean: int | None
) -> None:
    assert monthly_charge(newest_first) == mean


@pytest.mark.parametrize(
    ("so_far", "elapsed", "projected"),
    [(100, timedelta(hours=24) - timedelta(microseconds=1), 0), (100, timedelta(hours=24), 3_100),
     (100, timedelta(days=31), 100), (100, timedelta(days=40), 100), (1, timedelta(days=2), 16),
     (0, timedelta(days=9), 0)],
)  # fmt: skip
def test_the_running_months_charge_is_carried_on_to_its_end_once_a_day_has_passed(
    so_far: int, elapsed: timedelta, projected: int
) -> None:
    assert projected_charge([RunningCharge(so_far, 0, 0)], MARCH, APRIL, MARCH + elapsed) == projected


@pytest.mark.parametrize(
    ("services", "projected"),
    [
        ([], 0),
        ([(0, 500, 0)], 500),
        ([(100, 500, 0)], 1_500),
        ([(100, 0, 999)], 1_000),
        ([(100, 0, 1_001)], 1_001),
        ([(100, 500, 1_501)], 1_501),
        ([(0, 0, 700), (100, 0, 700), (10, 30, 0)], 700 + 1_000 + 130),
        ([(2**53 - 1, 0, 0)], 2**53 - 1),
    ],
)
def test_fees_are_not_carried_on_and_no_service_costs_less_than_its_minimum(
    services: list[tuple[int, int, int]], projected: int
) -> None:
    """A tenth of the month has passed."""
    tenth = MARCH + (APRIL - MARCH) / 10
    assert projected_charge([RunningCharge(*of) for of in services], MARCH, APRIL, tenth) == projected


async def charge(world: World, wallet: UUID) -> int:
    return (await monthly_charges(world.core, [wallet]))[wallet]


async def billed(world: World, *pages: int, **terms: Any) -> UUID:
    """A tenant that used so many pages, at 1,000 each, in February, March …, all months closed."""
    tenant = await world.tenant(**terms)
    await world.price(tenant, "2025-02-01", "1000")
    for n, count in enumerate(pages):
        if count:
            await world.use(tenant, str(count))
        world.go(f"2025-{n + 3:02d}-01")
        await world.bill(f"2025-{n + 2:02d}", tenant)
        await world.top_up(tenant, 1 + count * 1_000)
    return tenant


@pytest.mark.parametrize(
    ("pages", "mean"),
    [
        ([10], 10_000),
        ([10, 20], 15_000),
        ([10, 20, 30, 40], 30_000),
        ([10, 0], 5_000),
        ([10, 0, 0, 0], 0),
        ([0, 0, 9], 9_000),
        ([0, 9, 0], 4_500),
        ([1, 0, 0], 333),
        ([2, 0, 0], 667),
    ],
)
async def test_months_since_the_first_invoice_count_and_one_without_any_counts_nothing(
    world: World, pages: list[int], mean: int
) -> None:
    assert await charge(world, await billed(world, *pages)) == mean


async def test_a_void_invoice_is_left_out(world: World) -> None:
    tenant = await billed(world, 10, 20)
    await world.void(tenant, 1)
    assert await charge(world, tenant) == 20_000


async def test_while_no_month_is_closed_the_running_one_is_projected(world: World) -> None:
    tenant = await world.tenant(billing_zone="Asia/Kolkata")
    world.go("2025-02-28T18:30")
    await world.price(tenant, "2025-02-28T18:30", "1000")
    assert await charge(world, tenant) == 0
    await world.use(tenant, "10")
    world.go("2025-03-01T18:29:59.999999")
    assert await charge(world, tenant) == 0
    world.go("2025-03-01T18:30")
    assert await charge(world, tenant) == 310_000
    world.go("2025-03-16T06:30")
    assert await charge(world, tenant) == 20_000
    await world.price(tenant, "2025-03-16T06:30", "500")
    await world.use(tenant, "10")
    assert await charge(world, tenant) == 30_000


async def test_a_user_costs_nothing_and_lasts_for_ever(world: World) -> None:
    user, tenant = await world.user(), await billed(world, 10)
    assert await monthly_charges(world.core, [user, tenant]) == {user: 0, tenant: 10_000}
    assert months_remaining(5, 0) is None


async def test_the_cards_48000_rupees_last_three_months_at_16000(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "160000")
    await world.use(tenant, "10")
    world.go("2025-03-01")
    await world.top_up(tenant, 64_000_00)
    await world.bill("2025-02", tenant)
    available = (await world.state(tenant)).available
    assert (available, await charge(world, tenant)) == (4_800_000, 1_600_000)
    assert months_remaining(available, 1_600_000) == 3.0
