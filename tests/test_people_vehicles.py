"""The vehicles of a user: each registration once, written one way, a hundred at most."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from domain import access
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from services.deletion import delete_user
from services.people_queries import find_vehicle, load_vehicles
from services.vehicles import UserVehicles, add_vehicle, remove_vehicle
from tests.staff import audited, staff, usr
from tests.world import World, opened_world

world = opened_world
MANY = """
INSERT INTO vehicles (id, user_id, registration, name, created_at)
SELECT gen_random_uuid(), $1, 'KA ' || n, '', clock_timestamp() FROM generate_series(1, 99) AS n
"""


async def add(world: World, user: UUID, plate: str, name: str = "", **more: Any) -> UserVehicles:
    return await add_vehicle(world.core, more.pop("by", access.SYSTEM), user, plate, name, **more)


async def plates(world: World, user: UUID) -> list[str]:
    return [vehicle.registration for vehicle in (await load_vehicles([user]))[user]]


async def test_vehicles_come_and_go_and_the_audit_knows(world: World) -> None:
    user = await world.user()
    await add(world, user, "mh 12 de 1433", "The lorry")
    theirs = await add(world, user, "  ka  01 ab\t1234 ", " Bike ")
    assert [(one.registration, one.name) for one in theirs.vehicles] == [
        ("KA 01 AB 1234", "Bike"), ("MH 12 DE 1433", "The lorry")
    ]  # fmt: skip
    left = await remove_vehicle(world.core, access.SYSTEM, theirs.vehicles[0].id)
    assert [one.registration for one in left.vehicles] == await plates(world, user) == ["MH 12 DE 1433"]
    assert [action for _, action, *_ in await audited(world, usr(user))] == [
        "createUser", "addVehicle", "addVehicle", "removeVehicle"
    ]  # fmt: skip


async def test_a_registration_is_there_once_also_when_it_comes_twice_at_once(world: World) -> None:
    user, other = await world.user(), await world.user()
    outcomes = await asyncio.gather(*(add(world, user, "KA 1") for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, NotPossible) for one in outcomes) == 3
    async with world.refuses(NotPossible):
        await add(world, user, " ka  1 ")
    await add(world, other, "KA 1")
    assert await plates(world, user) == await plates(world, other) == ["KA 1"]


async def test_a_user_has_a_hundred_at_most_also_when_two_come_at_once(world: World) -> None:
    user = await world.user()
    await world.sql(MANY, user)
    outcomes = await asyncio.gather(*(add(world, user, f"MH {n}") for n in range(3)), return_exceptions=True)
    assert sum(isinstance(one, NotPossible) for one in outcomes) == 2
    assert len(await plates(world, user)) == 100


@pytest.mark.parametrize(
    "wrong",
    [{"plate": ""}, {"plate": " "}, {"plate": "x" * 33}, {"plate": "K\0"}, {"plate": "KA 1", "name": "x" * 201},
     {"plate": "KA 1", "name": "a\nb"}],
)  # fmt: skip
async def test_what_is_no_registration_or_name_is_refused(world: World, wrong: dict[str, str]) -> None:
    user = await world.user()
    async with world.refuses(BadInput):
        await add(world, user, **wrong)


async def test_a_tenants_administrator_keeps_its_members_vehicles(world: World) -> None:
    tenant = await world.tenant()
    admin, member = await staff(world, Role.TENANT_ADMIN, tenant), await staff(world, Role.MEMBER, tenant)
    stranger = await world.user()
    assert member.user_id is not None
    own = (await add(world, member.user_id, "KA 1", by=admin)).vehicles[0]
    foreign = (await add(world, stranger, "KA 2")).vehicles[0]
    token = Viewer("tok_x", frozenset({"wallet:read"}), None)
    for by, vehicle, why in ((member, own, Forbidden), (admin, foreign, NotFound), (token, own, NotFound)):
        async with world.refuses(why):
            await remove_vehicle(world.core, by, vehicle.id)
    said = set()
    for missing in (foreign.id, UUID(int=1)):
        async with world.refuses(NotFound) as caught:
            await remove_vehicle(world.core, admin, missing)
        said.add(str(caught.value))
    assert said == {"There is no such vehicle."}
    for user, why in ((member.user_id, Forbidden), (stranger, NotFound), (UUID(int=1), NotFound)):
        async with world.refuses(why):
            await add(world, user, "KA 3", by=member)
    assert await find_vehicle(member, own.id) == await find_vehicle(admin, own.id) == own
    assert await find_vehicle(admin, foreign.id) is None
    await remove_vehicle(world.core, admin, own.id)


async def test_a_vehicle_that_is_gone_is_not_removed_again(world: World) -> None:
    user = await world.user()
    vehicle = (await add(world, user, "KA 1")).vehicles[0]
    removing = (remove_vehicle(world.core, access.SYSTEM, vehicle.id) for _ in range(3))
    outcomes = await asyncio.gather(*removing, return_exceptions=True)
    assert sum(isinstance(one, NotFound) for one in outcomes) == 2


async def test_a_deleted_users_vehicles_are_history(world: World) -> None:
    user = await world.user()
    vehicle = (await add(world, user, "KA 1")).vehicles[0]
    await delete_user(world.core, access.SYSTEM, user)
    async with world.refuses(NotPossible):
        await remove_vehicle(world.core, access.SYSTEM, vehicle.id)
    async with world.refuses(NotPossible):
        await add(world, user, "KA 2")
    assert await find_vehicle(access.SYSTEM, vehicle.id) == vehicle


async def test_dry_runs_park_nothing(world: World) -> None:
    user = await world.user()
    vehicle = (await add(world, user, "KA 1")).vehicles[0]
    async with world.unchanged():
        theirs = await add(world, user, "KA 2", dry_run=True)
        assert [one.registration for one in theirs.vehicles] == ["KA 1", "KA 2"]
        assert (await remove_vehicle(world.core, access.SYSTEM, vehicle.id, dry_run=True)).vehicles == ()
