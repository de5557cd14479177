"""Users that change: what is not given stays, sessions end, and one SUPER_ADMIN always stays: laws 8, 23 and 24."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from domain import access
from domain.access import Role, Viewer
from domain.people import UserChanges
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible, PhoneTaken
from services.deletion import delete_user
from services.passwords import is_right
from services.people_changes import update_user
from services.people_queries import load_users
from tests.staff import OTHER_PASSWORD, PASSWORD, audited, open_sessions, session_of, staff, usr
from tests.world import World, opened_world

world = opened_world


async def change_user(world: World, user: UUID | None, by: Viewer = access.SYSTEM, **changes: Any) -> None:
    assert user is not None
    password = changes.pop("password", None)
    await update_user(world.core, by, user, UserChanges(**changes), password)  # type: ignore[typeddict-item]


async def test_a_change_that_changes_nothing_writes_nothing(world: World) -> None:
    user = await world.user()
    async with world.unchanged():
        await change_user(world, user, name="Ravi", role=Role.MEMBER, tenant_id=None)


async def test_of_a_user_what_is_not_given_stays_and_null_takes_the_email_away(world: World) -> None:
    user = await world.user(email="ravi@example.com")
    phone = (await load_users([user]))[user].phone
    await change_user(world, user, name="Ravi Kumar")
    found = (await load_users([user]))[user]
    assert (found.name, found.phone, found.email) == ("Ravi Kumar", phone, "ravi@example.com")
    await change_user(world, user, phone="+91 98765 43210", email=None)
    found = (await load_users([user]))[user]
    assert (found.name, found.phone, found.email) == ("Ravi Kumar", "+919876543210", None)
    [*_, (_, _, before, after)] = await audited(world, usr(user))
    assert json.loads(before) == {"phone": phone, "email": "ravi@example.com"}
    assert json.loads(after) == {"phone": "+919876543210", "email": None}


async def test_a_phone_stays_with_whom_it_belongs_to_until_they_are_deleted(world: World) -> None:
    one, two = await world.user(), await world.user()
    phone = (await load_users([one]))[one].phone
    async with world.refuses(NotPossible):
        await change_user(world, two, phone=phone)
    await delete_user(world.core, access.SYSTEM, one)
    await change_user(world, two, phone=phone)
    assert (await load_users([two]))[two].phone == phone


async def test_of_two_who_take_one_phone_at_once_one_gets_it(world: World) -> None:
    users = [await world.user() for _ in range(2)]
    outcomes = await asyncio.gather(
        *(change_user(world, user, phone="+919876543210") for user in users), return_exceptions=True
    )
    assert [type(one) for one in outcomes if one] == [PhoneTaken]


@pytest.mark.parametrize(
    "changes",
    [{"password": OTHER_PASSWORD}, {"role": Role.SUPPORT}, {"active": False}, {"tenant_id": ...}],
)
async def test_a_new_password_role_or_tenant_and_suspending_end_the_sessions(
    world: World, changes: dict[str, Any]
) -> None:
    tenant = await world.tenant()
    user, bystander = await world.user(), await world.user()
    for each in (user, user, bystander):
        await session_of(world, each)
    if "tenant_id" in changes:
        changes = {"tenant_id": tenant}
    await change_user(world, user, **changes)
    assert (await open_sessions(world, user), await open_sessions(world, bystander)) == (0, 1)


async def test_a_new_name_or_phone_ends_no_session(world: World) -> None:
    user = await world.user()
    await session_of(world, user)
    await change_user(world, user, name="Ravi Kumar", phone="+919876543210", email="r@example.com")
    assert await open_sessions(world, user) == 1


async def test_a_password_set_anew_is_the_one_and_the_audit_does_not_know_it(world: World) -> None:
    admin, user = await staff(world, Role.SUPER_ADMIN), await world.user()
    await change_user(world, user, admin, password=OTHER_PASSWORD)
    [(hashed,)] = await world.sql("SELECT password_hash FROM users WHERE id = $1", user)
    assert await is_right(OTHER_PASSWORD, hashed)
    assert (await audited(world, usr(user)))[-1] == (admin.actor, "updateUser", "{}", '{"password": "set anew"}')


async def test_ones_own_password_is_changed_with_the_old_one(world: World) -> None:
    admin = await staff(world, Role.SUPER_ADMIN)
    async with world.refuses(BadInput) as caught:
        await change_user(world, admin.user_id, admin, password=PASSWORD)
    assert "changePassword" in str(caught.value)


async def test_a_password_that_is_easily_guessed_is_refused(world: World) -> None:
    user = await world.user()
    for password in ("short", "passwordpassword", "x" * 129):
        async with world.refuses(BadInput):
            await change_user(world, user, password=password)


async def test_a_role_fits_the_tenant(world: World) -> None:
    tenant = await world.tenant()
    member, loner = await world.user(tenant_id=tenant), await world.user()
    for user, role in ((member, Role.SUPER_ADMIN), (member, Role.SUPPORT), (loner, Role.TENANT_ADMIN)):
        async with world.refuses(BadInput):
            await change_user(world, user, role=role)
    await change_user(world, member, role=Role.SUPPORT, tenant_id=None)
    await change_user(world, loner, role=Role.TENANT_ADMIN, tenant_id=tenant)
    found = await load_users([member, loner])
    assert (found[member].role, found[member].tenant_id) == (Role.SUPPORT, None)
    assert (found[loner].role, found[loner].tenant_id) == (Role.TENANT_ADMIN, tenant)


async def test_a_user_comes_to_a_tenant_that_there_is(world: World) -> None:
    user = await world.user()
    async with world.refuses(NotFound):
        await change_user(world, user, tenant_id=UUID(int=1))


async def test_a_tenants_administrator_changes_its_members_and_nobody_else(world: World) -> None:
    tenant = await world.tenant()
    admin, colleague = (
        await staff(world, Role.TENANT_ADMIN, tenant),
        await world.user(role=Role.TENANT_ADMIN, tenant_id=tenant),
    )
    member, stranger = await world.user(tenant_id=tenant), await world.user()
    await change_user(world, member, admin, name="Ravi Kumar", active=False, password=OTHER_PASSWORD)
    assert not (await load_users([member]))[member].active
    for wrong in ({"role": Role.TENANT_ADMIN}, {"tenant_id": None}):
        async with world.refuses(Forbidden):
            await change_user(world, member, admin, **wrong)
    for user in (colleague, admin.user_id):
        async with world.refuses(Forbidden):
            await change_user(world, user, admin, name="Mallory")
    for missing in (stranger, UUID(int=1)):
        async with world.refuses(NotFound) as caught:
            await change_user(world, missing, admin, name="Mallory")
        assert str(caught.value) == "There is no such user."


async def test_members_and_support_change_nobody(world: World) -> None:
    tenant = await world.tenant()
    member, support = await staff(world, Role.MEMBER, tenant), await staff(world, Role.SUPPORT)
    other = await world.user(tenant_id=tenant)
    for by, user, why in ((member, member.user_id, Forbidden), (member, other, NotFound), (support, other, Forbidden)):
        async with world.refuses(why):
            await change_user(world, user, by, name="Mallory")


async def test_a_token_that_writes_users_changes_members_only(world: World) -> None:
    token = Viewer("tok_x", frozenset({"user:write"}), None)
    member, boss = await world.user(), await world.user(role=Role.SUPPORT)
    await change_user(world, member, token, name="Ravi Kumar")
    async with world.refuses(Forbidden):
        await change_user(world, boss, token, password=OTHER_PASSWORD)
    async with world.refuses(Forbidden):
        await change_user(world, member, token, role=Role.SUPER_ADMIN)


@pytest.mark.parametrize("changes", [{"active": False}, {"role": Role.MEMBER}])
async def test_the_last_super_admin_stays(world: World, changes: dict[str, Any]) -> None:
    admin = await staff(world, Role.SUPER_ADMIN)
    await staff(world, Role.SUPPORT)
    await world.user(role=Role.SUPER_ADMIN, tenant_id=None)
    [(other,)] = await world.sql("SELECT id FROM users WHERE role = 'SUPER_ADMIN' AND id <> $1", admin.user_id)
    await change_user(world, other, admin, active=False)
    async with world.refuses(NotPossible) as caught:
        await change_user(world, admin.user_id, admin, **changes)
    assert caught.value.message == "Ravi is the last active SUPER_ADMIN: make another one first."
    await change_user(world, other, admin, active=True)
    await change_user(world, admin.user_id, admin, **changes)


async def test_of_two_super_admins_who_demote_each_other_at_once_one_stays(world: World) -> None:
    one, two = await staff(world, Role.SUPER_ADMIN), await staff(world, Role.SUPER_ADMIN)
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM users FOR UPDATE")
        demoting = [
            asyncio.create_task(change_user(world, two.user_id, one, role=Role.MEMBER)),
            asyncio.create_task(change_user(world, one.user_id, two, active=False)),
        ]
        await world.waiting(2)
    outcomes = await asyncio.gather(*demoting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome] == [NotPossible]
    remaining = "SELECT count(*) FROM users WHERE role = 'SUPER_ADMIN' AND active"
    assert await world.sql(remaining) == [(1,)]


async def test_a_dry_run_shows_what_would_be_and_writes_nothing(world: World) -> None:
    user = await world.user()
    await session_of(world, user)
    async with world.unchanged():
        changes, core = UserChanges(role=Role.SUPPORT), world.core
        changed = await update_user(core, access.SYSTEM, user, changes, OTHER_PASSWORD, dry_run=True)
    assert (changed.id, changed.role) == (user, Role.SUPPORT)
