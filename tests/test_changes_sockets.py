"""Screens that show lists and figures, on real sockets: what each of them is told, how often, and until when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from domain import access
from domain.access import READ_ONLY
from services.api_tokens import create_api_token
from services.people import create_tenant
from services.people_input import NewTenant
from tests.api import Api, Client, Stream, api

CHANGED = "subscription ($kinds: [ChangeKind!]!, $tenant: ID) { changed(kinds: $kinds, tenantId: $tenant) }"
KINDS = ["TENANTS", "USERS", "PRICES", "USAGE", "AUDIT"]
RENAME = """mutation ($id: ID!, $name: String!) {
  updateTenant(id: $id, input: {name: $name}) { ... on TenantPayload { tenant { name } } } }"""
PRICE = """mutation ($id: ID!, $from: DateTime!) { setPrice(input: {tenantId: $id, service: "EPAPER", unit: "page",
  unitPriceMinor: "10", effectiveFrom: $from}) { ... on PricePayload { price { id } } } }"""
USE = """mutation ($id: ID!, $key: String!) {
  recordUsage(input: {events: [{key: $key, tenantId: $id, service: "EPAPER", quantity: 1}]}) { __typename } }"""
REVOKE = "mutation ($id: ID!) { revokeApiToken(id: $id) }"
USES = 40


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def tenant_of(here: Api, name: str) -> tuple[str, str, Client]:
    """Its id, and a token bound to it with its id."""
    tenant = await create_tenant(here.shared.core, access.SYSTEM, NewTenant(name))
    made = await create_api_token(here.shared.core, access.SYSTEM, name, tenant.id, sorted(READ_ONLY), None)
    return f"ten_{tenant.id.hex}", f"tok_{made[0].hex}", Client(here.http, here.url, made[1])


async def told(stream: Stream) -> list[str]:
    kinds: list[str] = (await stream.next())["data"]["changed"]
    return kinds


async def test_each_screen_is_told_what_its_viewer_may_see_at_once_and_then_not_too_often(here: Api) -> None:
    ours, _, bound = await tenant_of(here, "One")
    theirs, _, _ = await tenant_of(here, "Two")
    async with AsyncExitStack() as open_streams:

        async def stream(client: Client, **variables: Any) -> Stream:
            opened = here.subscribe(client, CHANGED, kinds=KINDS, **variables)
            begun = await open_streams.enter_async_context(opened)
            assert await told(begun) == []
            return begun

        everybody, one, member = await stream(here.admin), await stream(here.admin, tenant=ours), await stream(bound)
        assert here.shared.changes.readers == 3
        await here.admin.get(RENAME, id=theirs, name="Two Ltd")
        assert await told(everybody) == ["TENANTS", "AUDIT"]
        await here.admin.get(PRICE, id=ours, **{"from": "2025-02-01T00:00:00Z"})
        assert await told(everybody) == await told(one) == ["PRICES", "USAGE", "AUDIT"]
        assert await told(member) == ["PRICES", "USAGE"]
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(here.admin.get(USE, id=ours, key=f"k{n}") for n in range(USES)))
        await here.admin.get(RENAME, id=ours, name="One Ltd")
        messages = [await told(member)]
        while "TENANTS" not in messages[-1]:
            messages.append(await told(member))
        assert len(messages) <= 2 + 5 * (asyncio.get_running_loop().time() - began)
        assert messages[0] == ["USAGE"]


async def test_a_stream_begins_and_goes_on_only_with_access(here: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolvers.subscriptions.RECHECK_SECONDS", 0.1)
    ours, token, bound = await tenant_of(here, "One")
    theirs, _, _ = await tenant_of(here, "Two")
    for client, tenant, kinds, code in (
        (here.nobody, None, KINDS, "UNAUTHENTICATED"),
        (bound, theirs, KINDS, "NOT_FOUND"),
        (here.admin, "ten_" + "0" * 32, KINDS, "NOT_FOUND"),
        (here.admin, "One", KINDS, "NOT_FOUND"),
        (here.admin, ours, [], "BAD_USER_INPUT"),
    ):
        async with here.subscribe(client, CHANGED, kinds=kinds, tenant=tenant) as stream:
            (error,) = await stream.errors()
        assert error["extensions"]["code"] == code
    async with here.subscribe(bound, CHANGED, kinds=KINDS, tenant=ours) as stream:
        assert await told(stream) == []
        await here.admin.get(REVOKE, id=token)
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert here.shared.changes.readers == 0
