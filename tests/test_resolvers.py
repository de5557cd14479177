"""What resolvers add to the stories: who may follow an edge, pages, and what dry runs make up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import PASSWORD, PHONE, Api, Client, api

TENANT = """... on TenantPayload { tenant { id name
  wallet { id version currencyExponent balance { total } monthlyCharge monthsRemaining
    owner { ... on Tenant { id wallet { id } } } transactions { totalCount edges { node { id } } }
    holds(active: null) { totalCount } asOf(time: "2025-01-01T00:00:00Z") { version balance { total } } }
  prices { totalCount } usage { totalCount } invoices { totalCount } users { totalCount } } }"""
CREATE_TENANT = f"mutation ($input: CreateTenantInput!) {{ createTenant(input: $input) {{ {TENANT} }} }}"
CREATE_USER = """mutation ($input: CreateUserInput!) { createUser(input: $input) { ... on UserPayload { user {
  id phone tenant { id } wallet { id currency owner { ... on User { id wallet { id } } } } } } } }"""
TOP_UP = """mutation ($input: TopUpInput!) { topUp(input: $input) { ... on MoneyPayload {
  operationId dryRun replayed wallet { version transactions { totalCount } } after { version } settledInvoices { id }
  transactions { id operationId operation { id kind transactions { id operation { id } } } wallet { version } } } } }"""
SET_PRICE = """mutation ($input: SetPriceInput!) { setPrice(input: $input) { ... on PricePayload {
  price { id tenant { id } } timeline { id } } } }"""
CANCEL_PRICE = "mutation ($id: ID!) { cancelPrice(id: $id, dryRun: true) { __typename } }"
RECORD_USAGE = "mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename } }"
RUN_BILLING = """mutation ($input: RunBillingInput!) { runBilling(input: $input) { ... on BillingPayload {
  run { id tenants done invoiceCount locked amounts { currency billedMinor collectedMinor }
    failures { totalCount edges { node { message tenant { name } } } } }
  invoices { id number status totalMinor lines { kind quantity amountMinor } tenant { name } } } } }"""
NEW_TOKEN = """mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { ... on ApiTokenPayload { token } } }"""
EVERYTHING = """mutation ($input: TopUpInput!) { topUp(input: $input) { ... on MoneyPayload {
  wallet { owner { ... on Tenant { name its: wallet { version } } ... on User { name their: wallet { version } } }
    monthlyCharge monthsRemaining asOf(time: "2025-01-01T00:00:00Z") { version } holds { totalCount } }
  settledInvoices { id tenant { name } } transactions { invoice { id } hold { id } counterparty { __typename }
    wallet { owner { ... on Tenant { name } ... on User { name } } } operation { transactions { id } } } } } }"""
TENANT_COUNT = "{ tenants { totalCount } }"
LOG = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { wallet(id: $id) {
  transactions(first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { node { version } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


TENANTS = [("Asha Press", "UTC"), ("Far West", "Pacific/Honolulu"), ("Used Ltd", "UTC")]


@dataclass
class Place:
    """Three tenants: one with ten top-ups and a price, one far west, one with usage."""

    here: Api
    tenant_id: str
    wallet_id: str
    other_id: str

    @property
    def admin(self) -> Client:
        return self.here.admin

    async def token(self, *permissions: str, tenant_id: str | None = None) -> Client:
        asked = {"name": "a program", "permissions": permissions, "tenantId": tenant_id}
        made = await (await self.here.nobody.sign_in(PHONE, PASSWORD)).get(NEW_TOKEN, input=asked)
        return Client(self.here.http, self.here.url, made["token"])

    async def log(self, **page: Any) -> tuple[list[int], dict[str, Any]]:
        shown = (await self.admin.get(LOG, id=self.wallet_id, **page))["transactions"]
        return [edge["node"]["version"] for edge in shown["edges"]], shown["pageInfo"]


async def new_tenant(here: Api, name: str, zone: str) -> Any:
    return (await here.admin.get(CREATE_TENANT, input={"name": name, "billingZone": zone}))["tenant"]


@pytest_asyncio.fixture(scope="module")
async def place(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Place]:
    async with database.copy(database_server, administrator) as url, api(url) as here:
        tenant, other, used = [await new_tenant(here, name, zone) for name, zone in TENANTS]
        place = Place(here, tenant["id"], tenant["wallet"]["id"], other["id"])
        for number in range(10):
            asked = {"walletId": place.wallet_id, "amountMinor": 1_000, "idempotencyKey": f"top-up {number}"}
            await here.admin.get(TOP_UP, input=asked)
        for each in (tenant, used):
            price = {"tenantId": each["id"], "service": "EPAPER", "unitPriceMinor": "100"}
            await here.admin.get(SET_PRICE, input=price | {"effectiveFrom": "2025-02-01T00:00:00Z"})
        event = {"tenantId": used["id"], "service": "EPAPER", "quantity": 5, "key": "five pages"}
        await here.admin.get(RECORD_USAGE, input={"events": [event]})
        yield place


async def test_a_dry_tenant_leads_to_the_wallet_it_would_have_and_back(place: Place) -> None:
    before = await place.admin.get(TENANT_COUNT)
    made_up = (await place.admin.get(CREATE_TENANT, input={"name": "A", "currency": "KWD", "dryRun": True}))["tenant"]
    wallet = made_up["wallet"]
    assert made_up["id"].startswith("dry_ten_")
    assert wallet["id"] == made_up["id"].replace("ten", "wal")
    assert wallet["owner"] == {"id": made_up["id"], "wallet": {"id": wallet["id"]}}
    assert (wallet["currencyExponent"], wallet["version"], wallet["monthsRemaining"]) == (3, 0, None)
    assert [made_up[each]["totalCount"] for each in ("prices", "usage", "invoices", "users")] == [0, 0, 0, 0]
    assert await place.admin.get(TENANT_COUNT) == before


async def test_a_dry_run_of_what_there_is_already_shows_the_thing_itself(place: Place) -> None:
    asked = {"name": "Known", "externalId": "crm-1"}
    made = await place.admin.get(CREATE_TENANT, input=asked)
    assert await place.admin.get(CREATE_TENANT, input=asked | {"dryRun": True}) == made


async def test_a_dry_user_belongs_to_a_real_tenant(place: Place) -> None:
    asked = {"phone": "+919876511111", "name": "Asha", "password": "a long enough one", "tenantId": place.tenant_id}
    user = (await place.admin.get(CREATE_USER, input=asked | {"currency": "JPY", "dryRun": True}))["user"]
    assert user["tenant"] == {"id": place.tenant_id}
    assert user["wallet"]["currency"] == "JPY"
    assert user["wallet"]["owner"] == {"id": user["id"], "wallet": {"id": user["wallet"]["id"]}}


async def test_a_dry_top_up_leads_to_its_own_operation_and_leaves_the_wallet(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": 1, "idempotencyKey": "only looking", "dryRun": True}
    payload = await place.admin.get(TOP_UP, input=asked)
    (line,) = payload["transactions"]
    assert line["id"].startswith("dry_txn_")
    operation = {"id": payload["operationId"]}
    assert line["operation"] == operation | {
        "kind": "topUp",
        "transactions": [{"id": line["id"], "operation": operation}],
    }
    assert (payload["wallet"]["version"], payload["after"]["version"]) == (10, 11)


async def test_a_dry_run_with_a_known_key_shows_what_was_written_then(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": 1_000, "idempotencyKey": "top-up 0"}
    again, dry = [await place.admin.get(TOP_UP, input=asked | {"dryRun": dry}) for dry in (False, True)]
    assert again["replayed"]
    assert dry == again | {"dryRun": True}
    assert again["transactions"][0]["id"].startswith("txn_")


async def test_a_dry_price_is_new_in_a_timeline_of_real_ones(place: Place) -> None:
    asked = {"tenantId": place.tenant_id, "service": "EPAPER", "unitPriceMinor": "90", "dryRun": True}
    payload = await place.admin.get(SET_PRICE, input=asked | {"effectiveFrom": "2026-01-01T00:00:00Z"})
    assert payload["price"]["tenant"] == {"id": place.tenant_id}
    assert [stretch["id"][:7] for stretch in payload["timeline"]] == [payload["timeline"][0]["id"][:7], "dry_prc"]


def without_ids(of: Any) -> Any:
    if isinstance(of, list):
        return [without_ids(each) for each in of]
    return {name: without_ids(value) for name, value in of.items() if name != "id"} if isinstance(of, dict) else of


@pytest.mark.parametrize(
    ("page", "versions", "more"),
    [
        ({}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], (False, False)),
        ({"first": 3}, [10, 9, 8], (True, False)),
        ({"first": 3, "after": "OA"}, [7, 6, 5], (True, True)),
        ({"first": 3, "after": "NA"}, [3, 2, 1], (False, True)),
        ({"last": 3}, [3, 2, 1], (False, True)),
        ({"last": 3, "before": "OA"}, [10, 9], (True, False)),
        ({"last": 2, "before": "Mw"}, [5, 4], (True, True)),
        ({"first": 1, "after": "MQ"}, [], (False, True)),
    ],
)
async def test_a_log_is_read_in_both_directions(
    place: Place, page: dict[str, Any], versions: list[int], more: tuple[bool, bool]
) -> None:
    shown, info = await place.log(**page)
    assert shown == versions
    assert (info["hasNextPage"], info["hasPreviousPage"]) == more


async def test_a_token_that_may_only_top_up_sees_what_it_did_and_nothing_else(place: Place) -> None:
    program = await place.token("wallet:topup")
    asked = {"walletId": place.wallet_id, "amountMinor": 5, "idempotencyKey": "dry too", "dryRun": True}
    payload = await program.get(TOP_UP, input=asked)
    assert payload["wallet"] == {"version": 10, "transactions": {"totalCount": 0}}
    assert await program.get("query ($id: ID!) { wallet(id: $id) { id } }", id=place.wallet_id) is None
    assert await program.get("{ wallets { totalCount } }") == {"totalCount": 0}


async def test_a_token_of_a_tenant_reads_what_it_may_of_that_tenant(place: Place) -> None:
    program = await place.token("wallet:read", "tenant:read", tenant_id=place.tenant_id)
    query = """query ($id: ID!) { tenant(id: $id) { name wallet { version } prices { totalCount } usage { totalCount }
        invoices { totalCount } users { totalCount } } }"""
    assert await program.get(query, id=place.tenant_id) == {
        "name": "Asha Press", "wallet": {"version": 10}, "prices": {"totalCount": 0}, "usage": {"totalCount": 0},
        "invoices": {"totalCount": 0}, "users": {"totalCount": 0},
    }  # fmt: skip
    assert await program.get(query, id=place.other_id) is None


async def test_an_edge_that_cannot_be_null_is_forbidden_where_its_end_may_not_be_read(place: Place) -> None:
    program = await place.token("tenant:read", tenant_id=place.tenant_id)
    assert (
        await program.code("query ($id: ID!) { tenant(id: $id) { wallet { id } } }", id=place.tenant_id) == "FORBIDDEN"
    )


async def test_who_sees_a_wallet_sees_whose_it_is(place: Place) -> None:
    program = await place.token("wallet:read", tenant_id=place.tenant_id)
    owner = "owner { ... on Tenant { name wallet { version } prices { totalCount } users { totalCount } } }"
    empty = {"totalCount": 0}
    expected = {"name": "Asha Press", "wallet": {"version": 10}, "prices": empty, "users": empty}
    assert await program.get(f"{{ myWallet {{ {owner} }} }}") == {"owner": expected}


async def test_the_payload_of_what_moved_money_never_fails_for_a_permission_to_read(place: Place) -> None:
    program = await place.token("wallet:topup")
    user = (await place.admin.get(CREATE_USER, input={"phone": "+919876522222", "name": "Bina", "password": PASSWORD}))[
        "user"
    ]
    for wallet_id, name in ((place.other_id.replace("ten", "wal"), "Far West"), (user["wallet"]["id"], "Bina")):
        asked = {"walletId": wallet_id, "amountMinor": 5, "idempotencyKey": "from afar"}
        payload = await program.get(EVERYTHING, input=asked)
        assert list(payload["wallet"]["owner"].values()) == [name, {"version": 1}]
        assert payload["wallet"]["asOf"] == {"version": 0}
        assert payload["transactions"][0]["wallet"]["owner"] == {"name": name}


@pytest.mark.parametrize("permissions", [("price:write",), ("price:read",), ("wallet:read",)])
async def test_who_sees_all_tenants_is_told_what_it_may_not_cancel(place: Place, permissions: tuple[str, ...]) -> None:
    program = await place.token(*permissions)
    query = "query ($id: ID!) { tenant(id: $id) { prices { edges { node { id } } } } }"
    (price,) = (await place.admin.get(query, id=place.tenant_id))["prices"]["edges"]
    for price_id in (price["node"]["id"], "prc_" + "0" * 32):
        assert await program.code(CANCEL_PRICE, id=price_id) == "FORBIDDEN"
    bound = await place.token("price:read", tenant_id=place.other_id)
    assert await bound.code(CANCEL_PRICE, id=price["node"]["id"]) == "NOT_FOUND"


@pytest.mark.parametrize("query", ["{ myWallet { id } }", "{ wallets { totalCount } }", '{ node(id: "x") { id } }'])
async def test_nobody_is_told_to_sign_in(place: Place, query: str) -> None:
    assert await place.here.nobody.code(query) == "UNAUTHENTICATED"
    assert await place.here.nobody.get("{ viewer { id } }") is None


async def test_a_dry_run_of_billing_is_the_run_that_follows_it(place: Place) -> None:
    place.here.at("2025-03-01T00:00:00Z")
    asked = {"month": "2025-02"}
    dry, real = [await place.admin.get(RUN_BILLING, input=asked | {"dryRun": dry}) for dry in (True, False)]
    assert without_ids(dry) == without_ids(real)
    assert (dry["run"]["id"][:8], dry["invoices"][0]["id"][:8]) == ("dry_run_", "dry_inv_")
    assert real["run"]["failures"]["edges"][0]["node"]["tenant"] == {"name": "Far West"}
