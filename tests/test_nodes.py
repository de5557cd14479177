"""Many things are asked for by their ids at once, as each would be alone."""

from collections.abc import AsyncIterator

import pytest_asyncio

from domain import access
from services.people import create_user
from services.people_input import NewUser
from tests.api import PASSWORD, Api, api

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Tenant { name } ... on User { name } } }"
CREATE = 'mutation { createTenant(input: {name: "Asha Press"}) { ... on TenantPayload { tenant { id } } } }'


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_things_come_in_the_order_of_their_ids_and_what_is_missing_is_null(here: Api) -> None:
    tenant = (await here.admin.get(CREATE))["tenant"]["id"]
    me = (await here.signed_in.get("{ viewer { id } }"))["id"]
    asked = [me, "ten_" + "0" * 32, tenant, "nothing", me]
    person = {"id": me, "__typename": "User", "name": "Administrator"}
    answer = [person, None, {"id": tenant, "__typename": "Tenant", "name": "Asha Press"}, None, person]
    assert await here.signed_in.get(NODES, ids=asked) == answer
    assert await here.signed_in.get(NODES, ids=[]) == []
    assert await here.signed_in.code(NODES, ids=[tenant] * 51) == "BAD_USER_INPUT"
    await create_user(here.shared.core, access.SYSTEM, NewUser("+919876500003", "Loner", PASSWORD))
    loner = await here.nobody.sign_in("+919876500003", PASSWORD)
    assert await loner.get(NODES, ids=asked) == [None] * 5
