"""A tenant's usage by day, the months that it is not billed for yet, and filters of lists of people: laws 15 to 18."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import access
from domain.access import Role
from domain.refusals import Unavailable
from services.deletion import delete_tenant
from services.gate import Gate
from services.people import create_tenant
from services.people_changes import update_tenant, update_user
from services.people_input import NewTenant
from services.people_queries import count_tenants, count_users, list_tenants, list_users, load_tenants
from services.tenant_usage import unbilled_months, usage_by_day
from tests.api import api
from tests.priced import Terms, agree
from tests.world import World, at, event, opened_world

world = opened_world


async def by_day(world: World, tenant: UUID, month: str) -> list[tuple[Any, ...]]:
    found = (await load_tenants([tenant]))[tenant]
    return [
        (f"{one.day:%m-%d}", one.service, f"{one.quantity.normalize():f}", one.events)
        for one in await usage_by_day(world.core, found, date.fromisoformat(f"{month}-01"))
    ]


async def unbilled(world: World, tenant: UUID) -> list[tuple[Any, ...]]:
    found = (await unbilled_months(world.core, [tenant]))[tenant]
    return [(f"{one.bill.month:%Y-%m}", one.bill.total, one.is_running) for one in found]


async def test_usage_counts_on_the_day_on_which_it_occurred_in_the_billing_zone(world: World) -> None:
    tenant = await world.tenant(billing_zone="America/New_York")  # its clocks go forward on 9 March, back on 2 November
    await world.price(tenant, "2025-01-01", "1")
    await world.price(tenant, "2025-01-01", "1", service="SMS")
    world.go("2025-12-10")
    for quantity, when in (
        ("1", "2025-03-01T04:59:59.999999"),
        ("2", "2025-03-01T05:00"),
        ("4", "2025-03-09T04:59:59"),
        ("8", "2025-03-09T05:00"),
        ("16", "2025-03-10T03:59:59"),
        ("32", "2025-03-10T04:00"),
        ("64", "2025-04-01T03:59:59.999999"),
        ("128", "2025-04-01T04:00"),
        ("0.5", "2025-11-02T12:00"),
        ("0.25", "2025-11-03T04:59:59"),
        ("0.125", "2025-11-03T05:00"),
    ):
        await world.use(tenant, quantity, when)
    await world.record(event(tenant, "3", "2025-03-09T12:00", service="SMS"))
    await world.record(event(tenant, "10", "2025-03-31T12:00", "wrong"))
    await world.use(tenant, "-4", corrects="wrong")
    assert await by_day(world, tenant, "2025-03") == [
        ("03-01", "EPAPER", "2", 1), ("03-08", "EPAPER", "4", 1), ("03-09", "EPAPER", "24", 2),
        ("03-09", "SMS", "3", 1), ("03-10", "EPAPER", "32", 1), ("03-31", "EPAPER", "70", 3),
    ]  # fmt: skip
    assert await by_day(world, tenant, "2025-11") == [("11-02", "EPAPER", "0.75", 2), ("11-03", "EPAPER", "0.125", 1)]
    assert await by_day(world, tenant, "2025-06") == []


async def test_few_months_are_added_up_at_once_and_who_would_wait_too_long_is_told(world: World) -> None:
    tenant = await world.tenant()
    found = (await load_tenants([tenant]))[tenant]
    busy = replace(world.core, long_reads=Gate(at_once=1, waiting=1))
    async with busy.long_reads.entered():
        waits = asyncio.create_task(usage_by_day(busy, found, date(2025, 2, 1)))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await usage_by_day(busy, found, date(2025, 2, 1))
        assert not waits.done()
    assert await waits == []


async def test_an_open_month_shows_what_its_invoice_would_say_now(world: World) -> None:
    tenant = await world.tenant()
    await agree(world, tenant, "2025-01-01", Terms(each="10", minimum=500))
    await agree(world, tenant, "2025-01-01", Terms("FLAT", flat=70), service="SUPPORT")
    assert await unbilled(world, tenant) == [("2025-02", 570, True)]
    await world.use(tenant, "60")
    assert await unbilled(world, tenant) == [("2025-02", 670, True)]
    world.go("2025-04-03")
    await world.use(tenant, "1")
    assert await unbilled(world, tenant) == [("2025-04", 570, True), ("2025-03", 570, False), ("2025-02", 670, False)]
    await world.top_up(tenant, 10_000)
    await world.bill("2025-03", tenant)
    assert [total for *_, total in await world.invoices(tenant)] == [670, 570]
    await world.use(tenant, "5", "2025-02-20")  # late: on the oldest open month
    assert await unbilled(world, tenant) == [("2025-04", 620, True)]
    found = await unbilled_months(world.core, [tenant])
    assert found[tenant][0].closes_at == at("2025-05-01T01:00")


async def test_open_months_of_many_tenants_are_each_ones_own(world: World) -> None:
    some = [await world.tenant(billing_zone=zone) for zone in ("Asia/Kolkata", "Pacific/Honolulu", "UTC")]
    for place, tenant in enumerate(some, 1):
        await agree(world, tenant, "2025-01-01", Terms("FLAT", flat=place), service="SUPPORT")
    world.go("2025-02-28T22:00")
    await delete_tenant(world.core, access.SYSTEM, gone := await world.tenant())
    found = await unbilled_months(world.core, [*some, gone])
    assert [[one.bill.total for one in found[tenant]] for tenant in some] == [[1, 1], [2, 2], [3]]
    assert gone not in found


async def test_a_list_of_tenants_shows_as_many_open_months_of_each_as_are_asked_for(database_url: str) -> None:
    async with api(database_url, "2025-02-01T00:00:00+00:00") as here:
        for name in ("One", "Two"):
            await create_tenant(here.shared.core, access.SYSTEM, NewTenant(name, billing_zone="UTC"))
        here.at("2025-04-11T00:00:00+00:00")
        told = await here.admin.get("{ tenants { edges { node { unbilledMonths(first: 2) { month } } } } }")
    months = {"unbilledMonths": [{"month": "2025-04"}, {"month": "2025-03"}]}
    assert [edge["node"] for edge in told["edges"]] == [months] * 2


@pytest.mark.parametrize("suspended", [True, False])
async def test_people_are_listed_by_tenant_and_by_whether_they_are_active(world: World, suspended: bool) -> None:
    one, other = await world.tenant("One"), await world.tenant("Other")
    staying, going = [await world.user(tenant_id=one, role=Role.MEMBER) for _ in range(2)]
    await world.user(tenant_id=other)
    await update_user(world.core, access.SYSTEM, going, {"active": False})
    await update_tenant(world.core, access.SYSTEM, other, {"active": False})
    asked: dict[str, Any] = {"tenant_id": one, "active": not suspended}
    assert [user.id for user in await list_users(access.SYSTEM, None, 9, None, **asked)] == [
        going if suspended else staying
    ]
    assert await count_users(access.SYSTEM, None, **asked) == 1
    expected = other if suspended else one
    active = not suspended
    assert [tenant.id for tenant in await list_tenants(access.SYSTEM, None, 9, None, active=active)] == [expected]
    assert await count_tenants(access.SYSTEM, None, active=active) == 1
