"""Signing in is refused in the same words, whatever the reason."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from domain import access
from services.people import create_tenant, create_user
from services.people_input import NewTenant, NewUser
from tests.api import PASSWORD, SIGN_IN, Api, api

THEIRS = "+919876533333"
REFUSED = {"message": "The phone or the password is wrong."}
REASONS = {
    "a suspended tenant": "UPDATE tenants SET active = false",
    "a closed tenant": "UPDATE tenants SET closed_at = created_at",
    "a suspended user": "UPDATE users SET active = false",
    "a closed user": "UPDATE users SET closed_at = created_at",
    "no password": "UPDATE users SET password_hash = NULL",
}


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        tenant = await create_tenant(served.shared.core, access.SYSTEM, NewTenant("Asha Press"))
        member = NewUser(THEIRS, "Asha", PASSWORD, tenant_id=tenant.id)
        await create_user(served.shared.core, access.SYSTEM, member)
        yield served


async def test_a_member_signs_in_and_is_seen(here: Api) -> None:
    asha = await here.nobody.sign_in(THEIRS, PASSWORD)
    assert await asha.get("{ viewer { name } }") == {"name": "Asha"}
    assert await here.nobody.get(SIGN_IN, phone=THEIRS, password="a wrong password") == REFUSED
    assert await here.nobody.get(SIGN_IN, phone="+919876544444", password=PASSWORD) == REFUSED
    assert await here.nobody.get(SIGN_IN, phone="no phone", password=PASSWORD) == REFUSED


@pytest.mark.parametrize("reason", REASONS)
async def test_who_would_see_nothing_is_refused_as_for_a_wrong_password(
    here: Api, database_url: str, reason: str
) -> None:
    database = await asyncpg.connect(database_url)
    await database.execute(REASONS[reason])
    await database.close()
    assert await here.nobody.get(SIGN_IN, phone=THEIRS, password=PASSWORD) == REFUSED
