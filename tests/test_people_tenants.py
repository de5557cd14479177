"""Tenants that change: what is not given stays, and months that were used keep their zone: laws 18 and 24."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from domain import access, ids
from domain.access import Role
from domain.people import TenantChanges
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from services.people_changes import update_tenant
from services.people_queries import load_tenants
from tests.priced import Terms, agree
from tests.staff import audited, open_sessions, staff
from tests.world import World, at, opened_world

world = opened_world


async def change_tenant(world: World, tenant: UUID, **changes: Any) -> None:
    await update_tenant(world.core, access.SYSTEM, tenant, TenantChanges(**changes))  # type: ignore[typeddict-item]


async def bills_at(world: World, tenant: UUID) -> Any:
    return (await world.sql("SELECT bills_at FROM tenants WHERE id = $1", tenant))[0][0]


async def test_a_change_that_changes_nothing_writes_nothing(world: World) -> None:
    tenant = await world.tenant("Asha")
    async with world.unchanged():
        await change_tenant(world, tenant, name=" Asha ", active=True)


async def test_of_a_tenant_what_is_not_given_stays(world: World) -> None:
    tenant = await world.tenant("Asha Press", external_id="crm-1", grace_days=3, billing_zone="Asia/Kolkata")
    await change_tenant(world, tenant, name="  Asha & Sons ", finalization_days=2)
    found = (await load_tenants([tenant]))[tenant]
    assert (found.name, found.external_id, found.grace_days, found.finalization_days) == ("Asha & Sons", "crm-1", 3, 2)
    assert (await audited(world, ids.make("ten", tenant)))[1:] == [
        (
            "system",
            "updateTenant",
            '{"name": "Asha Press", "finalizationDays": 0}',
            '{"name": "Asha & Sons", "finalizationDays": 2}',
        )
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 201}, {"billing_zone": "Mars/Base"}, {"grace_days": -1}, {"grace_days": 366},
     {"finalization_days": 366}, {"billing_delay_hours": 721}, {"billing_delay_hours": -1}],
)  # fmt: skip
async def test_a_tenant_keeps_to_its_limits(world: World, wrong: dict[str, Any]) -> None:
    tenant = await world.tenant()
    async with world.refuses(BadInput):
        await change_tenant(world, tenant, **wrong)


async def test_a_new_delay_or_zone_moves_the_date_on_which_the_server_bills(world: World) -> None:
    tenant = await world.tenant()
    assert await bills_at(world, tenant) == at("2025-03-01 01:00")
    await change_tenant(world, tenant, billing_delay_hours=6)
    assert await bills_at(world, tenant) == at("2025-03-01 06:00")
    await change_tenant(world, tenant, billing_zone="Asia/Kolkata")
    assert await bills_at(world, tenant) == at("2025-03-01 00:30")
    await change_tenant(world, tenant, billing_zone="Pacific/Honolulu")  # where it was made in January
    assert await bills_at(world, tenant) == at("2025-02-01 16:00")


async def test_after_a_closed_month_the_next_one_is_dated_by_the_new_delay(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    await world.use(tenant, "1")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    await change_tenant(world, tenant, billing_delay_hours=48)
    assert await bills_at(world, tenant) == at("2025-04-03")


async def test_usage_of_a_month_before_the_tenant_was_made_is_billed_first(world: World) -> None:
    tenant = await world.priced("2025-01-01")
    await world.use(tenant, "1", "2025-01-20")
    await change_tenant(world, tenant, billing_delay_hours=2)
    assert await bills_at(world, tenant) == at("2025-02-01 02:00")


async def used(world: World, tenant: UUID) -> str:
    await world.price(tenant, "2025-02-01", "10")
    await world.use(tenant, "1")
    return "usage was recorded"


async def closed(world: World, tenant: UUID) -> str:
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    return "a month was closed"


async def billed(world: World, tenant: UUID) -> str:
    await agree(world, tenant, "2025-01-01", Terms("FLAT", flat=700))
    await closed(world, tenant)
    return "an invoice was issued"


@pytest.mark.parametrize("reason", [used, closed, billed])
async def test_the_zone_whose_months_were_used_stays(world: World, reason: Any) -> None:
    tenant = await world.tenant("Asha", billing_zone="Asia/Kolkata")
    why = await reason(world, tenant)
    async with world.refuses(NotPossible) as caught:
        await change_tenant(world, tenant, billing_zone="UTC")
    assert caught.value.message == f"The months of Asha are those of Asia/Kolkata for good: {why} in them already."
    await change_tenant(world, tenant, billing_zone="Asia/Kolkata", name="Asha & Sons")


async def test_usage_that_comes_while_the_zone_changes_is_in_a_month_of_one_of_them(world: World) -> None:
    tenant = await world.priced("2025-01-01", billing_zone="UTC")
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM tenants FOR UPDATE")
        using = asyncio.create_task(world.use(tenant, "1", "2025-01-31 20:00"))
        await world.waiting(1)
        changing = asyncio.create_task(change_tenant(world, tenant, billing_zone="Asia/Kolkata"))
        await world.waiting(2)
    outcomes = await asyncio.gather(using, changing, return_exceptions=True)
    assert isinstance(outcomes[1], NotPossible)
    assert await world.totals(tenant) == [("01", "EPAPER", "1", "0", 1)]


async def test_a_suspended_tenant_is_still_billed_and_its_people_are_signed_out(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    member = await staff(world, Role.MEMBER, tenant)
    assert member.user_id is not None
    await world.use(tenant, "3")
    await change_tenant(world, tenant, active=False)
    assert await open_sessions(world, member.user_id) == 0
    await world.use(tenant, "2")
    world.go("2025-03-01")
    await world.bill("2025-02", tenant)
    assert await world.invoices(tenant) == [(1, "2025-02", "DUE", 50)]


async def test_only_who_may_write_tenants_changes_one(world: World) -> None:
    tenant, foreign = await world.tenant(), await world.tenant()
    member, support = await staff(world, Role.MEMBER, tenant), await staff(world, Role.SUPPORT)
    for by, which, why in ((member, tenant, Forbidden), (support, tenant, Forbidden), (member, foreign, NotFound)):
        async with world.refuses(why):
            await update_tenant(world.core, by, which, TenantChanges(name="Mallory"))


async def test_a_dry_run_shows_what_would_be_and_writes_nothing(world: World) -> None:
    tenant = await world.tenant()
    async with world.unchanged():
        changes = TenantChanges(name="New", active=False)
        changed = await update_tenant(world.core, access.SYSTEM, tenant, changes, dry_run=True)
    assert (changed.id, changed.name, changed.active) == (tenant, "New", False)
