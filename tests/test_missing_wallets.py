"""A user without a wallet: the story that makes it, the command that makes all, and what else copes until then."""

import asyncio
from uuid import UUID

import pytest

from domain import access, ids
from domain.access import Role, viewer_of_user
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from services.deletion import delete_user
from services.identity import new_uuid
from services.missing_wallets import create_wallet
from tests.walletless import walletless
from tests.world import World, at, opened_world

world = opened_world


async def user_without(world: World) -> UUID:
    [user] = await walletless(world.database, ["Ravi"])
    return user


async def test_a_user_without_a_wallet_gets_an_empty_one_once(world: World) -> None:
    user = await user_without(world)
    async with world.unchanged():
        would_be = await create_wallet(world.core, access.SYSTEM, user, "KWD", dry_run=True)
    made = await create_wallet(world.core, access.SYSTEM, user, "KWD")
    assert made == would_be
    assert (made.id, made.currency, made.created_at) == (user, ("KWD", 3), at("2025-02-01"))
    assert await world.money(user) == (0, 0, 0)
    audited = await world.sql("SELECT actor, action, subject_id, before, after::text FROM audit_entries")
    assert audited == [("system", "createWallet", ids.make("wal", user), None, '{"currency": "KWD"}')]
    for dry_run in (True, False):
        async with world.refuses(NotPossible):
            await create_wallet(world.core, access.SYSTEM, user, "INR", dry_run=dry_run)
    assert (await world.top_up(user, 700)).after.total == 700


async def test_of_many_at_once_one_makes_the_wallet(world: World) -> None:
    user = await user_without(world)
    asked = (create_wallet(world.core, access.SYSTEM, user, "INR") for _ in range(8))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotPossible"] * 7 + ["Wallet"]
    assert await world.sql("SELECT count(*) FROM audit_entries") == [(1,)]


async def test_whoever_writes_users_makes_it_of_those_they_see(world: World) -> None:
    tenant, other, user = await world.tenant(), await world.tenant(), await user_without(world)
    await world.sql("UPDATE users SET tenant_id = $2 WHERE id = $1", user, tenant)
    for role, home, why in (
        (Role.TENANT_ADMIN, other, NotFound),
        (Role.MEMBER, tenant, NotFound),
        (Role.SUPPORT, None, Forbidden),
    ):
        async with world.refuses(why):
            await create_wallet(world.core, viewer_of_user(new_uuid(), role, home, new_uuid()), user, "INR")
    async with world.refuses(Forbidden):
        await create_wallet(world.core, viewer_of_user(user, Role.MEMBER, tenant, new_uuid()), user, "INR")
    colleague = await world.user(role=Role.TENANT_ADMIN, tenant_id=tenant)
    await world.sql("UPDATE users SET role = 'TENANT_ADMIN' WHERE id = $1", user)
    async with world.refuses(Forbidden):
        await create_wallet(world.core, viewer_of_user(colleague, Role.TENANT_ADMIN, tenant, new_uuid()), user, "INR")
    await world.sql("UPDATE users SET role = 'MEMBER' WHERE id = $1", user)
    administrator = viewer_of_user(new_uuid(), Role.TENANT_ADMIN, tenant, new_uuid())
    assert (await create_wallet(world.core, administrator, user, "INR")).id == user


async def test_nobody_and_a_deleted_user_get_none(world: World) -> None:
    user = await user_without(world)
    await delete_user(world.core, access.SYSTEM, user)
    async with world.refuses(NotPossible):
        await create_wallet(world.core, access.SYSTEM, user, "INR")
    for missing in (new_uuid(), await world.tenant()):
        async with world.refuses(NotFound):
            await create_wallet(world.core, access.SYSTEM, missing, "INR")


@pytest.mark.parametrize("currency", ["RUPEE", "XAU", "inr", ""])
async def test_a_wallet_is_of_a_currency_with_minor_units(world: World, currency: str) -> None:
    user = await user_without(world)
    async with world.refuses(BadInput):
        await create_wallet(world.core, access.SYSTEM, user, currency)
