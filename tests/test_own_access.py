"""What people are told before they change their password or make a token: what the change itself would answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from domain import access
from domain.access import READ_ONLY, Role
from services.people import create_user
from services.people_input import NewUser
from tests.api import PASSWORD, Api, Client, api

STRENGTH = """
query ($password: String!, $about: [String!]) { passwordStrength(password: $password, about: $about) { power problem } }
"""
GRANTABLE = "query ($tenant: ID) { grantablePermissions(tenantId: $tenant) }"
TENANT = 'mutation { createTenant(input: {name: "Asha Press"}) { ... on TenantPayload { tenant { id } } } }'


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def person(here: Api, number: int, **more: Any) -> Client:
    phone = f"+91987650000{number}"
    await create_user(here.shared.core, access.SYSTEM, NewUser(phone, "Ashalatha Rao", PASSWORD, **more))
    return await here.nobody.sign_in(phone, PASSWORD)


async def test_a_password_is_judged_as_its_owners(here: Api) -> None:
    asha = await person(here, 1)
    for client, about, is_taken in (
        (asha, None, False),
        (asha, ["Ravi"], True),
        (here.signed_in, None, True),
        (here.signed_in, ["+919876500001", "Ashalatha Rao"], False),
        (here.admin, None, True),
    ):
        told = await client.get(STRENGTH, password="Ashalatha Rao", about=about)
        assert ((told["problem"] is None), (told["power"] >= 8)) == (is_taken, is_taken)
    assert await asha.code(STRENGTH, password="Ashalatha Rao", about=["word"] * 6) == "BAD_USER_INPUT"
    assert await asha.code(STRENGTH, password="Ashalatha Rao", about=["x" * 201]) == "BAD_USER_INPUT"


async def test_what_may_be_in_a_token_is_told_as_it_is_decided(here: Api) -> None:
    tenant = (await here.admin.get(TENANT))["tenant"]["id"]
    everything = sorted(access.PERMISSIONS[Role.SUPER_ADMIN])
    manager = await person(here, 2, role=Role.TENANT_ADMIN, tenant_id=here.uuid(tenant))
    member = await person(here, 3, tenant_id=here.uuid(tenant))
    assert await here.signed_in.get(GRANTABLE) == await here.signed_in.get(GRANTABLE, tenant=tenant) == everything
    assert await manager.get(GRANTABLE, tenant=tenant) == sorted(READ_ONLY)
    for client, bound in ((manager, None), (manager, "ten_" + "0" * 32), (manager, "no id"), (member, tenant)):
        assert await client.get(GRANTABLE, tenant=bound) == []
