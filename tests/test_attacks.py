"""What a hostile review has broken once: each stays mended."""

import asyncio
from decimal import Decimal

import pytest

from domain import access
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, PeriodClosed, Unavailable, UsageRefused
from domain.usage import UsageEvent
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from services.posting_batch import Posted
from services.pricing import NewPrice, cancel_price, set_price
from services.usage import record_usage
from tests.world import World, at, opened_world

world = opened_world
TOKEN = Viewer("tok_x", frozenset({"user:write"}), None)


async def test_a_price_that_waited_while_its_month_closed_is_refused(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    world.go("2025-02-10")
    await world.use(tenant, "10")
    world.go("2025-03-01")
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM wallets FOR UPDATE")
        closing = asyncio.create_task(world.bill("2025-02", tenant))
        await world.waiting(1)
        price = NewPrice(tenant, "EPAPER", "page", Decimal(50), at("2025-02-02"))
        setting = asyncio.create_task(set_price(world.core, access.SYSTEM, price))
        await world.waiting(2)
    await closing
    with pytest.raises(PeriodClosed):
        await setting
    assert await world.database.fetchval("SELECT sum(quantity - billed_quantity) FROM usage_totals") == 0


@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.SUPPORT, Role.TENANT_ADMIN])
async def test_a_token_that_writes_users_makes_members_and_nobody_more(world: World, role: Role) -> None:
    tenant = await world.tenant()
    of = tenant if role is Role.TENANT_ADMIN else None
    asked = NewUser("+919876511111", "Mallory", "a long enough password", role=role, tenant_id=of)
    with pytest.raises(Forbidden):
        await create_user(world.core, TOKEN, asked)
    assert await world.database.fetchval("SELECT count(*) FROM users") == 0
    member = NewUser("+919876511111", "Mallory", "a long enough password", tenant_id=tenant)
    assert (await create_user(world.core, TOKEN, member)).role is Role.MEMBER


async def test_usage_that_no_invoice_could_say_is_refused_with_the_usage(world: World) -> None:
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1000")
    world.go("2025-02-10")
    with pytest.raises(BadInput, match="check the quantities"):
        await world.use(tenant, "99999999999999")
    assert await world.database.fetchval("SELECT count(*) FROM usage_events") == 0
    assert await world.database.fetchval("SELECT count(*) FROM usage_totals") == 0


async def test_a_key_of_another_service_is_reused_and_not_unavailable(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    await set_price(world.core, access.SYSTEM, NewPrice(tenant, "API", "call", Decimal(1), at("2025-02-01")))
    one = UsageEvent(tenant, "k", "EPAPER", Decimal(1))
    await record_usage(world.core, access.SYSTEM, [one])
    with pytest.raises(UsageRefused) as refused:
        await record_usage(world.core, access.SYSTEM, [UsageEvent(tenant, "k", "API", Decimal(1))])
    assert [event.code for event in refused.value.events] == ["KEY_REUSED"]


async def test_corrections_at_once_never_take_more_than_there_is(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    await record_usage(
        world.core,
        access.SYSTEM,
        [UsageEvent(tenant, "all", "EPAPER", Decimal(100)), UsageEvent(tenant, "ten", "EPAPER", Decimal(10))],
    )
    corrections = [UsageEvent(tenant, f"c{n}", "EPAPER", Decimal(-10), corrects="ten") for n in range(6)]
    outcomes = await asyncio.gather(
        *(record_usage(world.core, access.SYSTEM, [one]) for one in corrections), return_exceptions=True
    )
    assert sum(not isinstance(outcome, UsageRefused) for outcome in outcomes) == 1
    assert await world.database.fetchval("SELECT sum(quantity) FROM usage_totals") == 100


async def test_tenants_of_one_name_made_at_once_have_codes_of_their_own(world: World) -> None:
    made = await asyncio.gather(
        *(create_tenant(world.core, access.SYSTEM, NewTenant("Mohan Sai Publications")) for _ in range(12))
    )
    assert sorted(tenant.code for tenant in made) == sorted(["MSP", *(f"MSP{n}" for n in range(2, 13))])


async def test_a_scheduled_price_that_usage_already_depends_on_stays(world: World) -> None:
    tenant = await world.priced("2025-02-01")
    price = NewPrice(tenant, "EPAPER", "page", Decimal(50), at("2025-02-01T00:03"))
    scheduled = await set_price(world.core, access.SYSTEM, price)
    ahead = UsageEvent(tenant, "k", "EPAPER", Decimal(1), at("2025-02-01T00:04"))
    await record_usage(world.core, access.SYSTEM, [ahead])
    with pytest.raises(Exception, match="Usage depends on this price"):
        await cancel_price(world.core, access.SYSTEM, scheduled.price.price.id)


async def test_a_held_wallet_keeps_the_others_waiting_for_one_timeout_and_itself_for_none_after_that(
    world: World,
) -> None:
    held, *others = [await world.tenant(f"Tenant {n}") for n in range(12)]
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", held)
        async with asyncio.timeout(3):
            outcomes = await asyncio.gather(
                *(world.top_up(tenant, 5) for tenant in (held, *others)), return_exceptions=True
            )
            for _ in range(20):
                with pytest.raises(Unavailable):
                    await world.top_up(held, 5)
    assert [type(outcome) for outcome in outcomes] == [Unavailable, *[Posted] * 11]
    assert await world.money((await world.top_up(held, 5)).transactions[0].wallet_id) == (5, 0, 0)
