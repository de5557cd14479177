"""How months stand over all tenants: kept sums that a store is proved to agree with as every test ends: law 18."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import access
from domain.access import Role
from domain.ledger import InvoiceStatus
from services.billing_months import count_billing_months, list_billing_months
from services.billing_queries import InvoiceFilter, count_invoices, list_invoices
from services.compacting import compact
from services.deletion import delete_tenant
from services.people_changes import update_tenant
from tests.world import World, opened_world

world = opened_world


async def months(world: World, before: str | None = None, limit: int = 50) -> list[tuple[Any, ...]]:
    """Month, open, closed, running, then `INR PAID 2 300` and so on."""
    after = date.fromisoformat(f"{before}-01") if before else None
    return [
        (
            f"{m.month:%Y-%m}", m.open_tenants, m.closed_tenants, m.is_running,
            *(f"{currency} {status} {sums.invoices} {sums.total}"
              for currency, of in m.amounts.items() for status, sums in of.items()),
        )
        for m in await list_billing_months(world.core, access.SYSTEM, limit, after)
    ]  # fmt: skip


async def used(world: World, quantity: str, **more: Any) -> UUID:
    """A tenant whose page costs 100, and what it used now."""
    tenant = await world.tenant(**more)
    await world.price(tenant, "2025-01-01", "100")
    await world.use(tenant, quantity)
    return tenant


async def test_months_are_listed_from_the_first_tenants_to_the_one_that_runs(world: World) -> None:
    assert await months(world) == []
    one, other = await used(world, "2"), await used(world, "3", currency="USD")
    await world.top_up(one, 1_000)
    assert await months(world) == [("2025-02", 2, 0, True)]
    world.go("2025-03-01")
    await used(world, "1")
    assert await months(world) == [("2025-03", 3, 0, True), ("2025-02", 2, 0, False)]
    await world.bill("2025-02", one)
    assert (await months(world))[1] == ("2025-02", 1, 1, False, "INR PAID 1 200")
    await world.bill("2025-02", other)
    assert (await months(world))[1] == ("2025-02", 0, 2, False, "INR PAID 1 200", "USD DUE 1 300")
    world.go("2025-05-01")
    assert [month[:4] for month in await months(world)] == [
        ("2025-05", 3, 0, True), ("2025-04", 3, 0, False), ("2025-03", 3, 0, False), ("2025-02", 0, 2, False)
    ]  # fmt: skip
    assert [month[0] for month in await months(world, "2025-04", 1)] == ["2025-03"]
    assert await count_billing_months(world.core, access.SYSTEM) == 4


async def test_sums_follow_what_becomes_of_invoices_and_of_how_the_store_keeps_them(world: World) -> None:
    tenant = await used(world, "2", finalization_days=5)
    other = await used(world, "1")
    await world.top_up(tenant, 200)
    world.go("2025-03-01")
    await world.bill("2025-02")
    assert (await months(world))[1][4:] == ("INR DUE 1 100", "INR PENDING 1 200")
    await world.approve(tenant, 1)
    await world.top_up(other, 100)
    assert (await months(world))[1][4:] == ("INR PAID 2 300",)
    await world.void(tenant, 1)
    expected = ("INR PAID 1 100", "INR VOID 1 200")
    assert (await months(world))[1][4:] == expected
    before = await world.sql("SELECT count(*) FROM month_changes")
    await compact(least=0)
    assert (await months(world))[1][4:] == expected
    assert before[0][0] > (await world.sql("SELECT count(*) FROM month_changes"))[0][0] == 3
    # what closes later counts its own sums
    assert await world.sql("SELECT number FROM month_changes WHERE what = 'CLOSED'") == [(2,)]


async def test_a_month_runs_in_each_zone_for_itself(world: World) -> None:
    await used(world, "1", billing_zone="Asia/Kolkata")
    west = await used(world, "1", billing_zone="America/New_York")  # there January is not over
    assert await months(world) == [("2025-02", 1, 0, True), ("2025-01", 1, 0, True)]
    world.go("2025-02-28T19:00")
    assert await months(world) == [
        ("2025-03", 1, 0, True), ("2025-02", 2, 0, True), ("2025-01", 1, 0, False)
    ]  # fmt: skip
    new = await world.tenant("Another", billing_zone="America/New_York")
    await update_tenant(world.core, access.SYSTEM, new, {"billing_zone": "Asia/Kolkata"})
    assert (await months(world))[0] == ("2025-03", 2, 0, True)
    assert (await world.bill("2025-01", west)).run.tenants == 1
    assert (await months(world))[2][:3] == ("2025-01", 0, 1)


async def test_a_tenant_begins_with_what_it_used_before_it_was_made(world: World) -> None:
    world.go("2025-04-10")
    tenant = await used(world, "1")
    await world.use(tenant, "1", "2025-02-10")
    await world.use(tenant, "1", "2025-03-10")
    await world.use(tenant, "1", "2025-01-10")
    assert [month[:3] for month in await months(world)] == [
        ("2025-04", 1, 0), ("2025-03", 1, 0), ("2025-02", 1, 0), ("2025-01", 1, 0)
    ]  # fmt: skip
    await world.bill("2025-01")
    assert [month[:3] for month in await months(world)][2:] == [("2025-02", 1, 0), ("2025-01", 0, 1)]


async def test_of_a_deleted_tenant_what_was_closed_and_billed_stays(world: World) -> None:
    tenant, other = await world.tenant(), await used(world, "1")
    world.go("2025-03-01")
    await world.bill("2025-02")
    await delete_tenant(world.core, access.SYSTEM, tenant)
    assert [month[:3] for month in await months(world)] == [("2025-03", 1, 0), ("2025-02", 0, 2)]
    world.go("2025-04-01")
    await world.bill("2025-03")
    assert [month[:3] for month in await months(world)] == [("2025-04", 1, 0), ("2025-03", 0, 1), ("2025-02", 0, 2)]
    assert len(await world.invoices(other)) == 1


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ("INSERT INTO month_changes VALUES ('2025-02-01', 'INR', 'CLOSED', 1, 0)", "1 CLOSED, 0; there are 0, 0"),
        ("INSERT INTO month_changes VALUES ('2025-02-01', 'INR', 'PAID', 0, 1)", "0 PAID, 1; there are 0, 0"),
        ("DELETE FROM tenant_changes", "0 tenants in INR and UTC begin in 2025-02; they are 1"),
        ("UPDATE charge_changes SET charge = 99", "EPAPER in 2025-02 comes to INR 99; the usage comes to 100"),
    ],
)
async def test_verify_finds_sums_that_are_not_of_what_there_is(world: World, forged: str, said: str) -> None:
    await used(world, "1")
    transaction = world.database.transaction()
    await transaction.start()
    await world.database.execute(forged)
    broken = (await proof_of_store(world)).broken
    await transaction.rollback()
    assert broken is not None
    assert (broken.id, broken.law) == ("all", 6)
    assert said in broken.message


async def proof_of_store(world: World) -> Any:
    from services import verification

    return await verification.prove(world.database)


async def test_invoices_are_found_by_tenant_and_number(world: World) -> None:
    msp, asha = await used(world, "1"), await used(world, "2", name="Asha")
    await world.top_up(asha, 1_000)
    for month, after in (("2025-02", "2025-03-01"), ("2025-03", "2025-04-01")):
        world.go(after)
        await world.bill(month)
        await world.use(asha, "1")
    world.go("2025-05-01")
    await world.bill("2025-04")

    async def found(viewer: access.Viewer = access.SYSTEM, **where: Any) -> list[str]:
        wanted = InvoiceFilter(**where)
        rows = await list_invoices(viewer, wanted, 50, None)
        assert await count_invoices(viewer, wanted) == len(rows)
        return [f"{row.code}-{row.count}" for row in rows]

    assert await found(tenant_id=asha) == ["ASH-3", "ASH-2", "ASH-1"]
    assert await found(search=" ash-0002 ") == ["ASH-2"]
    assert await found(search="ASH") == ["ASH-3", "ASH-2", "ASH-1"]
    assert await found(search="ASH", month=date(2025, 2, 1), status=InvoiceStatus.PAID) == ["ASH-1"]
    assert await found(search="ASH", tenant_id=msp) == []
    for nothing in ("ASH-4", "ASH-", "XYZ-1", "ASH-x", "Asha Press", "ASH-99999999999999999999"):
        assert await found(search=nothing) == (["ASH-3", "ASH-2", "ASH-1"] if nothing == "ASH-" else [])
    assert len(await found(search=" ")) == 4
    member = access.viewer_of_user(msp, Role.MEMBER, msp, None)
    assert await found(member, search="ASH") == await found(member, tenant_id=asha) == []
    assert await found(member) == ["MSP-1"]
