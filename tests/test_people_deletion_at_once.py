"""Deletion while money, usage, months or people come at the same time: one of the two is refused, never neither."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain import access
from domain.refusals import NotFound, NotPossible, UsageRefused
from services.deletion import delete_tenant, delete_user
from services.people import create_user
from services.people_changes import update_user
from services.people_input import NewUser
from tests.world import World, open_world

LEFT = "SELECT count(*) FROM wallets WHERE closed_at IS NOT NULL AND (total <> 0 OR locked <> 0 OR due <> 0)"


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Postings wait for whoever holds a wallet, however long that takes on a busy machine."""
    async with open_world(database_url, lock_timeout="20000") as world:
        yield world


async def close_tenant(world: World, tenant: UUID, **more: Any) -> None:
    await delete_tenant(world.core, access.SYSTEM, tenant, **more)


async def close_user(world: World, user: UUID, **more: Any) -> None:
    await delete_user(world.core, access.SYSTEM, user, **more)


async def at_once(world: World, table: str, *stories: Any) -> list[Any]:
    """Each has begun, and waits behind the one before, when any goes on."""
    running: list[asyncio.Task[Any]] = []
    async with world.database.transaction():
        await world.database.execute(f"SELECT 1 FROM {table} FOR UPDATE")
        for story in stories:
            running.append(asyncio.ensure_future(story))
            await world.waiting(len(running))
    return await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.parametrize("first", ["deleting", "topping up"])
async def test_of_a_deletion_and_a_top_up_at_once_one_is_refused(world: World, first: str) -> None:
    user = await world.user()
    stories = [close_user(world, user), world.top_up(user, 100)]
    outcomes = await at_once(world, "wallets", *(stories if first == "deleting" else reversed(stories)))
    assert [isinstance(one, NotPossible) for one in outcomes] == [False, True]
    assert await world.sql(LEFT) == [(0,)]


async def test_deletions_and_top_ups_of_many_wallets_leave_no_money_in_a_closed_one(world: World) -> None:
    users = [await world.user() for _ in range(20)]
    stories = [story for user in users for story in (world.top_up(user, 100), close_user(world, user))]
    outcomes = await asyncio.gather(*stories, return_exceptions=True)
    assert sum(isinstance(one, NotPossible) for one in outcomes) == 20
    assert sum(one is None or not isinstance(one, BaseException) for one in outcomes) == 20
    assert await world.sql(LEFT) == [(0,)]


@pytest.mark.parametrize("first", ["deleting", "using"])
async def test_of_a_deletion_and_usage_at_once_one_is_refused(world: World, first: str) -> None:
    tenant = await world.priced("2025-02-01")
    stories = [close_tenant(world, tenant), world.use(tenant, "1")]
    outcomes = await at_once(world, "tenants", *(stories if first == "deleting" else reversed(stories)))
    assert [type(one) for one in outcomes if isinstance(one, BaseException)] == [
        NotFound if first == "deleting" else NotPossible
    ]
    unbilled = """
    SELECT count(*) FROM usage_totals u JOIN tenants t ON t.id = u.wallet_id
    WHERE t.closed_at IS NOT NULL AND u.quantity <> u.billed_quantity
    """
    assert await world.sql(unbilled) == [(0,)]


@pytest.mark.parametrize("first", ["deleting", "coming"])
@pytest.mark.parametrize("way", ["new", "moved"])
async def test_nobody_comes_to_a_tenant_that_is_being_deleted(world: World, first: str, way: str) -> None:
    tenant, loner = await world.tenant(), await world.user()
    coming = (
        create_user(world.core, access.SYSTEM, NewUser("+919876511111", "Asha", None, tenant_id=tenant))
        if way == "new"
        else update_user(world.core, access.SYSTEM, loner, {"tenant_id": tenant})
    )
    stories = [close_tenant(world, tenant), coming]
    outcomes = await at_once(world, "tenants", *(stories if first == "deleting" else reversed(stories)))
    refused = [type(one) for one in outcomes if isinstance(one, BaseException)]
    assert refused == ([NotFound] if first == "deleting" else [])
    lost = "SELECT 1 FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE t.closed_at IS NOT NULL"
    assert await world.sql(f"{lost} AND u.closed_at IS NULL") == []


async def test_a_month_that_closes_while_its_tenant_is_deleted_charges_nobody(world: World) -> None:
    tenant = await world.tenant()
    world.go("2025-03-01")
    billing, deleting = await at_once(world, "wallets", world.bill("2025-02", tenant), close_tenant(world, tenant))
    assert not isinstance(billing, UsageRefused)
    assert deleting is None
    assert await world.sql(LEFT) == [(0,)]
