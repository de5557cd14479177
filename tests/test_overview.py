"""All wallets at a glance, what was held as days ended, and the newest operations: laws 2, 10 and 23."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from domain import access
from domain.access import Role, Viewer
from domain.changes import Change, ChangeKind
from domain.pricing import charge
from services import verification
from services.changes import ChangeFeed
from services.day_balances import keep_days
from services.deletion import delete_tenant
from services.operation_queries import count_operations, list_operations
from services.overview import Overview, balance_history
from services.wallets import tick
from tests.priced import Terms, agree
from tests.world import World, opened_world

world = opened_world
MANAGER = Role.TENANT_ADMIN


def viewer(role: Role, tenant: UUID) -> Viewer:
    return access.viewer_of_user(tenant, role, tenant, None)


@pytest.fixture
def overview(world: World) -> Overview:
    return Overview(world.core, ChangeFeed())


async def test_each_currency_is_added_up_by_itself(world: World, overview: Overview) -> None:
    assert await overview.currencies(access.SYSTEM) == []
    one, other, dollars = await world.tenant(), await world.owing(), await world.tenant(currency="USD")
    await world.top_up(one, 700)
    await world.hold(one, 200)
    await world.lock(one)
    await world.top_up(dollars, 5)
    gone = await world.tenant()
    await delete_tenant(world.core, access.SYSTEM, gone)
    rupees, us = await overview.currencies(access.SYSTEM)
    assert (rupees.currency, rupees.exponent, rupees.wallets) == ("INR", 2, 2)
    assert list(map(int, (rupees.total, rupees.locked, rupees.available, rupees.due))) == [700, 200, 500, 100]
    assert (rupees.locked_wallets, rupees.due_wallets) == (2, 1)
    assert (us.currency, us.wallets, int(us.total), int(us.due), us.locked_wallets) == ("USD", 1, 5, 0, 0)
    await world.top_up(other, 100)
    assert (await overview.currencies(access.SYSTEM))[0].due == 0


@pytest.mark.parametrize("role", [Role.TENANT_ADMIN, Role.MEMBER])
async def test_whoever_sees_a_part_sees_no_overview(world: World, overview: Overview, role: Role) -> None:
    tenant = await world.tenant()
    assert await overview.currencies(viewer(role, tenant)) == []
    assert len(await overview.currencies(replace(access.SYSTEM, permissions=access.PERMISSIONS[Role.SUPPORT]))) == 1
    assert await overview.currencies(replace(access.SYSTEM, permissions=frozenset({"wallet:read"}))) == []


async def test_a_month_costs_its_usage_and_the_fees_in_force_as_it_begins(world: World, overview: Overview) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 100_000)
    await agree(world, tenant, "2025-01-01", Terms(each="10", minimum=9_999))
    await agree(world, tenant, "2025-01-01", Terms("FLAT", flat=70), service="SUPPORT")
    await agree(world, tenant, "2025-02-15", Terms("FLAT", flat=90), service="SUPPORT")
    await world.use(tenant, "3")
    world.go("2025-03-01")
    await world.use(tenant, "5")
    await world.use(tenant, "2", "2025-02-20", "late")
    await world.use(tenant, "-1", corrects="late")
    made_later = await world.tenant("Made later")
    await agree(world, made_later, "2025-01-01", Terms("FLAT", flat=1_000), service="SUPPORT")
    [found] = await overview.currencies(access.SYSTEM)
    assert (found.month, int(found.charge_last_month)) == (date(2025, 3, 1), 40 + 70)
    assert found.charge_this_month == 50 + 90 + 1_000
    by_service = await overview.charges_by_service("INR", found.month, 3)
    assert [(f"{one.month:%m}", one.service, int(one.charge)) for one in by_service] == [
        ("02", "EPAPER", 40), ("02", "SUPPORT", 70), ("03", "EPAPER", 50), ("03", "SUPPORT", 1_090)
    ]  # fmt: skip


async def test_fees_are_read_again_when_prices_are_heard_to_have_changed(world: World) -> None:
    changes = ChangeFeed()
    overview = Overview(world.core, changes)
    tenant = await world.tenant()
    await agree(world, tenant, "2025-01-01", Terms("FLAT", flat=70))
    assert (await overview.currencies(access.SYSTEM))[0].charge_this_month == 70
    await agree(world, tenant, "2025-01-31", Terms("FLAT", flat=90))
    changes.tell([Change(ChangeKind.PRICES, tenant)])
    assert (await overview.currencies(access.SYSTEM))[0].charge_this_month == 90


async def test_the_running_month_is_that_of_the_zone_of_most_tenants(world: World, overview: Overview) -> None:
    world.go("2025-02-28T19:00")  # in India it is March
    await world.tenant()
    assert (await overview.currencies(access.SYSTEM))[0].month == date(2025, 2, 1)
    for name in ("Asha", "Bela"):
        await world.tenant(name, billing_zone="Asia/Kolkata")
    assert (await overview.currencies(access.SYSTEM))[0].month == date(2025, 3, 1)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(each="0.333333333333"),
        Terms("FLAT", flat=70),
        Terms("PACKAGE", each="12.5", size="0.3"),
        Terms("GRADUATED", tiers=[("10", "1.5", 3), ("20.25", "1", 5), (None, "0.5", 7)]),
        Terms("VOLUME", tiers=[("10", "1.5", 3), ("20.25", "1", 5), (None, "0.5", 7)]),
        Terms("GRADUATED", tiers=[(None, "0.000000000001", 0)]),
    ],
)
async def test_the_database_charges_as_the_rules_do(world: World, terms: Terms) -> None:
    """To the paisa, at the edges of tiers and packages, for the smallest and the largest quantities."""
    tenant = await world.tenant()
    price = (await agree(world, tenant, "2025-01-01", terms)).price.price
    quantities = ("0", "0.000001", "0.3", "0.300001", "0.5", "1", "1.5", "9.999999", "10", "10.000001", "20.25",
        "20.250001", "33.333333", "1000", "999999999.999999", "1000000000000000")  # fmt: skip
    sql = "SELECT coalesce(usage_charge(p, $2), 0) FROM prices p WHERE wallet_id = $1"
    for quantity in map(Decimal, quantities):
        assert await world.sql(sql, tenant, quantity) == [(charge(price, quantity),)], quantity


async def history(world: World, days: int = 30) -> list[tuple[str, int]]:
    [now] = await Overview(world.core, ChangeFeed()).currencies(access.SYSTEM)
    found = await balance_history("INR", now.now, now.total, days)
    return [(f"{day:%m-%d}", int(total)) for day, total in found]


async def test_what_was_held_as_each_day_ended_is_kept_once_it_is_settled(world: World) -> None:
    assert await keep_days(world.core) == 0
    one, other = await world.tenant("One"), await world.tenant("Other")
    await world.top_up(one, 100)
    world.go("2025-02-01T23:59:59.999999")
    await world.top_up(one, 10)
    world.go("2025-02-02")
    await world.top_up(other, 1_000)
    world.go("2025-02-02T00:01:59")
    assert await keep_days(world.core) == 0
    world.go("2025-02-02T00:02")
    assert await keep_days(world.core) == 1
    assert await history(world) == [("02-01", 110), ("02-02", 1_110)]
    world.go("2025-02-04T12:00")
    await world.adjust(one, "SET", 7)
    assert await keep_days(world.core) == 2
    assert await keep_days(world.core) == 0
    assert await history(world) == [("02-01", 110), ("02-02", 1_110), ("02-03", 1_110), ("02-04", 1_007)]
    assert await history(world, 2) == [("02-03", 1_110), ("02-04", 1_007)]
    assert await history(world, 1) == [("02-04", 1_007)]


async def test_a_day_on_which_nothing_was_held_yet_is_kept_too(world: World) -> None:
    tenant = await world.tenant()
    world.go("2025-02-02T01:00")
    await world.top_up(tenant, 5)
    assert await keep_days(world.core) == 1
    assert await keep_days(world.core) == 0
    assert await history(world) == [("02-01", 0), ("02-02", 5)]


async def test_a_day_waits_for_what_the_clock_decided_in_it(world: World) -> None:
    tenant = await world.priced(finalization_days=3)
    await world.top_up(tenant, 50)
    await world.use(tenant, "2")
    world.go("2025-03-01")
    await world.bill("2025-02")
    world.go("2025-03-05T12:00")  # on the fourth the invoice was collected: nobody has written it yet
    await keep_days(world.core)
    assert [day for day, _ in await history(world)][-3:] == ["03-02", "03-03", "03-05"]
    await world.top_up(tenant, 1)
    await keep_days(world.core)
    assert (await history(world))[-4:] == [("03-02", 50), ("03-03", 50), ("03-04", 30), ("03-05", 31)]


async def test_of_many_that_keep_days_at_once_one_adds_each_and_none_waits(world: World) -> None:
    await world.top_up(await world.tenant(), 100)
    world.go("2025-02-05T00:02")
    assert sum(await asyncio.gather(*(keep_days(world.core) for _ in range(4)))) == 4
    world.go("2025-02-06T00:02")
    async with world.database.transaction():
        await world.database.execute("SELECT pg_advisory_xact_lock(hashtext('day balances'))")
        assert await keep_days(world.core) == 0
    assert await keep_days(world.core) == 1


async def test_verify_finds_a_day_that_disagrees_with_the_log(world: World) -> None:
    await world.top_up(await world.tenant(), 100)
    world.go("2025-02-04")
    await keep_days(world.core)
    transaction = world.database.transaction()
    await transaction.start()
    await world.database.execute("UPDATE day_balances SET total = 99 WHERE day = '2025-02-02'")
    broken = (await verification.prove(world.database)).broken
    await transaction.rollback()
    assert broken is not None
    assert broken.message == "as 2025-02-02 ended 99 INR were held, say the sums kept; the logs say 100"


async def told(viewer: Viewer, limit: int = 50) -> list[tuple[str, str]]:
    """Page by page: the kinds, and when."""
    found: list[tuple[str, str]] = []
    after: tuple[datetime, UUID] | None = None
    while rows := await list_operations(viewer, limit, after):
        found += [(row.operation.kind, f"{row.created_at:%m-%d %H}") for row in rows]
        after = rows[-1].created_at, rows[-1].operation.id
    return found


async def test_operations_are_told_newest_first_each_once(world: World) -> None:
    one, other = await world.tenant("One"), await world.tenant("Other")
    await world.top_up(one, 100)
    await world.hold(one, 60, seconds=3600)
    world.go("2025-02-01T12:00")
    await tick(world.core, one)  # the hold has ended
    world.go("2025-02-01T13:00")
    await world.transfer(one, other, 30)
    world.go("2025-02-01T14:00")
    await world.top_up(other, 5)
    transfer, ended = ("transfer", "02-01 13"), ("clock", "02-01 12")
    before = [("placeHold", "02-01 00"), ("topUp", "02-01 00")]
    for limit in (1, 2, 50):
        assert await told(access.SYSTEM, limit) == [("topUp", "02-01 14"), transfer, ended, *before]
    assert await count_operations(access.SYSTEM) == 5
    ours, theirs = viewer(MANAGER, one), viewer(Role.MEMBER, other)
    for limit in (1, 2, 50):
        assert await told(ours, limit) == [transfer, ended, *before]
        assert await told(theirs, limit) == [("topUp", "02-01 14"), transfer]
    assert (await count_operations(ours), await count_operations(theirs)) == (4, 2)
    assert await told(replace(ours, permissions=frozenset())) == []
