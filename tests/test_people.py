"""New users and tenants get their wallets with them, also when many come at once; reading shows what one sees."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from uuid import UUID

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from domain import access, people
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible, RateLimited
from domain.sign_in import OF_REGISTRATIONS
from services.deletion import delete_tenant
from services.people import create_tenant, create_user, register
from services.people_changes import update_user
from services.people_input import NewTenant, NewUser
from services.people_queries import count_users, find_tenant, find_user, list_tenants, list_users
from tests.staff import PASSWORD, audited, staff, usr
from tests.world import World, opened_world

world = opened_world
HERE = "192.0.2.1"
OWNERS_WITHOUT = """
SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM wallets w WHERE w.id = u.id AND w.created_at = u.created_at)
"""


def ravi(phone: str = "+919876511111") -> NewUser:
    return NewUser(phone, "Ravi Kumar", PASSWORD)


async def test_of_a_hundred_new_users_at_once_each_phone_gets_one_user_and_one_wallet(world: World) -> None:
    core = replace(world.core, open_registration=True, limit_sign_ins=False)
    shared = [f"+9198765{n:05d}" for n in range(10)]
    alone = [f"+9187654{n:05d}" for n in range(30)]
    registering = [*shared, *alone[:5]]  # few: a password takes 30 ms, and the way is the same without
    created = [*shared * 6, *alone[5:]]
    outcomes = await asyncio.gather(
        *(register(core, ravi(phone), address=HERE) for phone in registering),
        *(create_user(core, access.SYSTEM, NewUser(phone, "Ravi", None)) for phone in created),
        return_exceptions=True,
    )
    made = [one for one in outcomes if isinstance(one, people.User)]
    refused = [one for one in outcomes if isinstance(one, NotPossible)]
    assert sorted(user.phone for user in made) == sorted(shared + alone)
    assert len(refused) == 60
    assert len(made) + len(refused) == 100
    assert await world.sql(OWNERS_WITHOUT) == []
    assert await world.sql("SELECT count(*) FROM wallets") == [(40,)]
    assert await world.sql("SELECT count(*) FROM audit_entries WHERE action IN ('register', 'createUser')") == [(40,)]


async def test_who_registers_is_a_member_of_no_tenant_and_the_audits_actor(world: World) -> None:
    user = await register(replace(world.core, open_registration=True), ravi(), address=HERE)
    assert (user.role, user.tenant_id, user.active) == (Role.MEMBER, None, True)
    [(actor, action, before, after)] = await audited(world, usr(user.id))
    assert (actor, action, before) == (usr(user.id), "register", None)
    assert PASSWORD not in after
    assert "Ravi Kumar" in after


async def test_in_a_dry_run_a_password_is_checked_and_not_hashed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    core, user = replace(world.core, open_registration=True), await world.user()
    administrator = await staff(world, Role.SUPER_ADMIN)
    poor = replace(ravi(), password="password1234")

    def stories(asked: NewUser) -> list[Awaitable[object]]:
        changing = update_user(core, administrator, user, {}, asked.password, dry_run=True)
        making = create_user(core, administrator, asked, dry_run=True)
        return [register(core, asked, address=HERE, dry_run=True), making, changing]

    monkeypatch.setattr(Argon2Hasher, "hash", None)
    for story in stories(ravi()):
        await story
    for story in stories(poor):
        with pytest.raises(BadInput):
            await story


async def test_registration_is_closed_unless_it_was_opened(world: World) -> None:
    async with world.refuses(Forbidden) as caught:
        await register(world.core, ravi(), address=HERE)
    assert "Registration is closed" in str(caught.value)


async def test_registrations_from_one_address_are_few_and_dry_runs_count(world: World) -> None:
    core = replace(world.core, open_registration=True)
    for n in range(OF_REGISTRATIONS.free):
        await register(core, ravi(f"+9198765{n:05d}"), address=HERE, dry_run=bool(n % 2))
    async with world.refuses(RateLimited):
        await register(core, ravi("+919999999999"), address=HERE, dry_run=True)
    await register(core, ravi("+919999999999"), address="192.0.2.2")


@pytest.mark.parametrize("more", [{"role": Role.SUPER_ADMIN}, {"tenant_id": UUID(int=1)}, {"password": None}])
async def test_nobody_registers_as_anything_more(world: World, more: dict[str, object]) -> None:
    async with world.refuses(Forbidden):
        await register(replace(world.core, open_registration=True), replace(ravi(), **more), address=HERE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "98765"}, {"name": "  "}, {"name": "x" * 201}, {"name": "Ravi\nKumar"}, {"name": "Ravi\u202eramuK"},
        {"name": "Ra\0vi"}, {"email": "nobody"}, {"email": "a@b@c"}, {"email": "a b@c"}, {"password": "short"},
        {"currency": "XAU"}, {"role": Role.TENANT_ADMIN},
    ],
)  # fmt: skip
async def test_what_the_store_should_not_keep_is_refused(world: World, wrong: dict[str, object]) -> None:
    admin = await staff(world, Role.SUPER_ADMIN)
    async with world.refuses(BadInput):
        await create_user(world.core, admin, replace(ravi(), **wrong))  # type: ignore[arg-type]


async def test_names_keep_the_joiners_that_scripts_need(world: World) -> None:
    name = "శ్రీ\u200cరామ్ 👩\u200d🚀"
    assert (await create_user(world.core, access.SYSTEM, replace(ravi(), name=f" {name} "))).name == name


async def test_a_phone_belongs_to_one_user(world: World) -> None:
    await create_user(world.core, access.SYSTEM, ravi())
    async with world.refuses(NotPossible):
        await create_user(world.core, access.SYSTEM, ravi("+91 98765-11111"))


async def test_an_external_id_names_one_tenant_also_when_it_is_sent_twice_at_once(world: World) -> None:
    asked = NewTenant("Asha Press", "crm-1")
    one, two = await asyncio.gather(*(create_tenant(world.core, access.SYSTEM, asked) for _ in range(2)))
    assert one == two
    async with world.refuses(NotPossible):
        await create_tenant(world.core, access.SYSTEM, replace(asked, grace_days=1))


async def test_a_token_of_one_tenant_makes_no_other(world: World) -> None:
    token = Viewer("tok_x", frozenset({"tenant:write"}), await world.tenant())
    async with world.refuses(Forbidden):
        await create_tenant(world.core, token, NewTenant("Other"))


async def test_a_tenants_administrator_sees_its_people_and_a_member_themselves(world: World) -> None:
    tenant, other = await world.tenant(), await world.tenant("Other")
    admin = await staff(world, Role.TENANT_ADMIN, tenant)
    member = await staff(world, Role.MEMBER, tenant)
    stranger = await staff(world, Role.MEMBER, other)
    seen = {user.id for user in await list_users(admin, None, 10, None)}
    assert seen == {admin.user_id, member.user_id}
    assert [user.id for user in await list_users(member, None, 10, None)] == [member.user_id]
    assert await count_users(admin, None) == 2
    for viewer in (admin, member):
        assert await find_user(viewer, user_id=stranger.user_id, phone=None) is None
    assert (await find_user(admin, user_id=member.user_id, phone=None)) is not None
    assert [found.id for found in await list_tenants(member, None, 10, None)] == [tenant]
    assert await find_tenant(member, tenant_id=other, external_id=None) is None


@pytest.mark.parametrize(
    ("search", "found"),
    [("ravi", 1), ("KUMAR", 1), ("98765 11111", 1), ("+91 (98765) 11111", 1), ("11112", 1), ("9876", 2), ("100%", 0),
     ("_", 0), ("%", 0), ("-", 0), ("  ", 2)],
)  # fmt: skip
async def test_search_finds_parts_of_names_and_phones(world: World, search: str, found: int) -> None:
    await create_user(world.core, access.SYSTEM, ravi())
    await create_user(world.core, access.SYSTEM, NewUser("+919876511112", "Asha", None))
    assert len(await list_users(access.SYSTEM, search, 10, None)) == found
    assert await count_users(access.SYSTEM, search) == found


async def test_tenants_are_found_by_parts_of_their_names_and_by_external_id(world: World) -> None:
    await world.tenant("Asha Press", external_id="crm-1")
    await world.tenant("Kaveri Press")
    names = [
        [tenant.name for tenant in await list_tenants(access.SYSTEM, search, 10, None)]
        for search in ("press", "ASHA", "crm-1", "crm", "%")
    ]
    assert names == [["Kaveri Press", "Asha Press"], ["Asha Press"], ["Asha Press"], [], []]


async def test_a_user_is_made_in_a_tenant_that_there_is(world: World) -> None:
    for tenant in (UUID(int=1), await deleted_tenant(world)):
        async with world.refuses(NotFound):
            await create_user(world.core, access.SYSTEM, replace(ravi(), tenant_id=tenant))


async def deleted_tenant(world: World) -> UUID:
    tenant = await world.tenant()
    assert (await delete_tenant(world.core, access.SYSTEM, tenant)).closed_at is not None
    return tenant


async def test_dry_runs_make_nothing(world: World) -> None:
    core = replace(world.core, open_registration=True)
    async with world.unchanged():
        assert (await create_user(core, access.SYSTEM, ravi(), dry_run=True)).phone == ravi().phone
        unlimited = replace(core, limit_sign_ins=False)
        assert (await register(unlimited, ravi(), address=HERE, dry_run=True)).role is Role.MEMBER
        assert (await create_tenant(core, access.SYSTEM, NewTenant("A"), dry_run=True)).code == "A"
