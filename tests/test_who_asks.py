"""Nobody, the expired and another tenant's: each has its typed answer, and nothing is written."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.api import PASSWORD, PHONE, Api, Client, api
from tests.test_story import CREATE_TENANT, RECORD_USAGE, RUN_BILLING, SET_PRICE, TOP_UP, WALLET

TOKEN = """
mutation ($tenant: ID, $permissions: [String!]!, $expires: DateTime) {
  createApiToken(input: {name: "t", tenantId: $tenant, permissions: $permissions, expiresAt: $expires}) {
    ... on ApiTokenPayload { token } } }
"""
OTHER = 'mutation { createTenant(input: {name: "Other"}) { ... on TenantPayload { tenant { id wallet { id } } } } }'
EVENTS = "subscription ($id: ID!) { walletEvents(walletId: $id) { __typename } }"
READS = ["wallet:read", "price:read", "usage:read", "invoice:read", "tenant:read"]


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def token(here: Api, tenant: str | None, permissions: list[str], expires: str | None = None) -> Client:
    made = await here.signed_in.get(TOKEN, tenant=tenant, permissions=permissions, expires=expires)
    return Client(here.http, here.url, made["token"])


async def test_nobody_and_a_made_up_token_are_unauthenticated(here: Api) -> None:
    made_up = Client(here.http, here.url, "tjs_" + "x" * 43)
    for client in (here.nobody, made_up):
        assert await client.code("{ wallets { totalCount } }") == "UNAUTHENTICATED"
        assert await client.get("{ viewer { id } }") is None


async def test_a_session_ends_seven_days_after_its_sign_in(here: Api) -> None:
    client = await here.nobody.sign_in(PHONE, PASSWORD)
    here.at("2025-02-08T00:00:00+00:00")
    assert await client.code("{ wallets { totalCount } }") == "UNAUTHENTICATED"


async def test_a_token_ends_at_its_instant(here: Api) -> None:
    client = await token(here, None, READS, "2025-02-01T06:00:00Z")
    here.at("2025-02-01T06:00:00+00:00")
    assert await client.code("{ wallets { totalCount } }") == "UNAUTHENTICATED"


async def test_a_token_that_has_ended_before_it_begins_is_not_made(here: Api) -> None:
    code = await here.signed_in.code(TOKEN, tenant=None, permissions=READS, expires="2025-01-31T23:59:59Z")
    assert code == "BAD_USER_INPUT"


@pytest.mark.parametrize("permissions", [[], ["wallet:read", "wallet:read"], ["everything"]])
async def test_a_token_carries_known_permissions_each_once(here: Api, permissions: list[str]) -> None:
    assert await here.signed_in.code(TOKEN, tenant=None, permissions=permissions) == "BAD_USER_INPUT"


async def test_another_tenants_things_are_missing(here: Api) -> None:
    mine = (await here.admin.get(CREATE_TENANT))["tenant"]
    other = (await here.admin.get(OTHER))["tenant"]
    client = await token(here, mine["id"], READS)
    assert (await client.get(WALLET, id=mine["wallet"]["id"]))["version"] == 0
    assert await client.get(WALLET, id=other["wallet"]["id"]) is None
    assert await client.get("query ($id: ID!) { tenant(id: $id) { name } }", id=other["id"]) is None
    asked = {"walletId": other["wallet"]["id"], "amountMinor": 1, "idempotencyKey": "k"}
    assert await client.code(TOP_UP, input=asked) == "NOT_FOUND"
    async with here.subscribe(client, EVENTS, id=other["wallet"]["id"]) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_what_one_sees_but_may_not_change_is_forbidden(here: Api) -> None:
    mine = (await here.admin.get(CREATE_TENANT))["tenant"]
    client = await token(here, mine["id"], READS)
    since = "2025-02-01T00:00:00Z"
    price = {"tenantId": mine["id"], "service": "EPAPER", "unitPriceMinor": "1", "effectiveFrom": since}
    event = {"tenantId": mine["id"], "service": "EPAPER", "quantity": "1", "key": "k"}
    top_up = {"walletId": mine["wallet"]["id"], "amountMinor": 1, "idempotencyKey": "k"}
    assert await client.code(TOP_UP, input=top_up) == "FORBIDDEN"
    assert await client.code(SET_PRICE, input=price) == "FORBIDDEN"
    assert await client.code(RECORD_USAGE, input={"events": [event]}) == "FORBIDDEN"
    assert await client.code(RUN_BILLING, input={"month": "2025-01"}) == "FORBIDDEN"
    assert (await here.admin.get(WALLET, id=mine["wallet"]["id"]))["version"] == 0
