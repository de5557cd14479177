"""Wallets are found by what people write for them, by those who may see them, and never two for one."""

from uuid import UUID

import pytest

from domain import access, ids
from domain.access import Role, Viewer
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from services.wallet_references import find_wallet_ids
from tests.api import api
from tests.world import World, opened_world

world = opened_world
PHONE, OTHERS = "+919876543210", "+919876543211"
ASKED = "query ($references: [String!]!) { walletsOf(references: $references) { id } }"


async def people(world: World) -> tuple[UUID, UUID]:
    """A person, and a tenant with an external id."""
    person = await create_user(world.core, access.SYSTEM, NewUser(PHONE, "Asha", None))
    tenant = await create_tenant(world.core, access.SYSTEM, NewTenant("The Star", external_id="t_001"))
    return person.id, tenant.id


async def test_in_any_writing_and_order(world: World) -> None:
    person, tenant = await people(world)
    written = [
        "t_001",
        " +91 98765-43210",
        "919876543210",
        "t_002",
        ids.make("ten", tenant),
        ids.make("wal", person),
        "",
    ]
    found = await find_wallet_ids(access.SYSTEM, written)
    assert found == [tenant, person, person, None, tenant, person, None]


async def test_what_names_two_names_none(world: World) -> None:
    person, _ = await people(world)
    await create_tenant(world.core, access.SYSTEM, NewTenant("Called as a phone", external_id=PHONE))
    assert await find_wallet_ids(access.SYSTEM, [PHONE, ids.make("wal", person)]) == [None, person]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TENANT_ADMIN])
async def test_what_one_does_not_see_is_missing(world: World, role: Role) -> None:
    person, tenant = await people(world)
    other = await create_tenant(world.core, access.SYSTEM, NewTenant("The Moon", external_id="t_002"))
    viewer: Viewer = access.viewer_of_user(UUID(int=1), role, tenant, None)
    written = ["t_001", "t_002", PHONE, ids.make("wal", person), ids.make("ten", other.id)]
    assert await find_wallet_ids(viewer, written) == [tenant, None, None, None, None]


async def test_the_api_answers_up_to_a_hundred_in_their_order(database_url: str) -> None:
    async with api(database_url) as here:
        client = here.admin
        assert await client.get(ASKED, references=["nobody", "nobody"]) == [None, None]
        assert await client.code(ASKED, references=["x"] * 101) == "BAD_USER_INPUT"
