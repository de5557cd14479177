"""Whatever is sent, the answer is typed and says what to do, nothing is written, and the server never fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import Api, Client, api
from tests.test_story import CREATE_TENANT, RECORD_USAGE, RUN_BILLING, SET_PRICE, TOP_UP, WALLET

NOTHING = UUID(int=0).hex
ADJUST = """
mutation ($input: AdjustBalanceInput!) { adjustBalance(input: $input) { __typename
  ... on InsufficientFunds { availableMinor requiredMinor shortfallMinor message }
  ... on VersionConflict { wallet { version } } ... on IdempotencyConflict { operationId }
  ... on NotPossible { message } } }
"""
LOCK = 'mutation ($id: ID!) { lockWallet(walletId: $id, reason: "checked") { __typename } }'
CANCEL = "mutation ($id: ID!) { cancelPrice(id: $id) { __typename ... on NotPossible { message } } }"
EVENTS = "subscription ($id: ID!, $after: Int) { walletEvents(walletId: $id, afterVersion: $after) { __typename } }"
PRICED = "2025-02-01T00:00:00Z"


@dataclass
class Place:
    """A tenant with ₹50.00 and a price, at 10 February 2025; what stands must still stand afterwards."""

    here: Api
    tenant_id: str
    wallet_id: str

    @property
    def admin(self) -> Client:
        return self.here.admin

    async def all_that_stands(self) -> Any:
        query = """query ($t: ID!, $w: ID!) { tenant(id: $t) { prices { edges { node { id } } } usage { edges { node {
            quantity } } } invoices { edges { node { id } } } } wallet(id: $w) { version balance { total } } }"""
        answer = await self.admin.ask(query, t=self.tenant_id, w=self.wallet_id)
        return answer["data"]


@pytest_asyncio.fixture(scope="module")
async def shared_place(
    database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> AsyncIterator[Place]:
    async with database.copy(database_server, administrator) as url, api(url, PRICED) as here:
        tenant = (await here.admin.get(CREATE_TENANT))["tenant"]
        place = Place(here, tenant["id"], tenant["wallet"]["id"])
        price = {"tenantId": place.tenant_id, "service": "EPAPER", "unitPriceMinor": "100", "effectiveFrom": PRICED}
        await here.admin.get(SET_PRICE, input=price)
        here.at("2025-02-10T00:00:00Z")
        await here.admin.get(TOP_UP, input={"walletId": place.wallet_id, "amountMinor": 5_000, "idempotencyKey": "k"})
        yield place


@pytest_asyncio.fixture
async def place(shared_place: Place) -> AsyncIterator[Place]:
    """One for all these tests, since none of them may change it."""
    before = await shared_place.all_that_stands()
    yield shared_place
    assert await shared_place.all_that_stands() == before


@pytest.mark.parametrize("amount", [0, -1, 1.5, True, "100", 1e3, 2**53, -(2**53), None, 10**18, [1], {"a": 1}])
async def test_an_amount_is_a_positive_json_integer_within_2_53(place: Place, amount: Any) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": amount, "idempotencyKey": "new"}
    assert await place.admin.code(TOP_UP, input=asked) == "BAD_USER_INPUT"


@pytest.mark.parametrize("literal", ["1e3", "5.0", '"5"', "true", "0", "-5", "9007199254740992", "1" * 5_000, "null"])
async def test_an_amount_in_the_query_is_held_to_the_same(place: Place, literal: str) -> None:
    query = f"""mutation {{ topUp(input: {{walletId: "{place.wallet_id}", amountMinor: {literal},
        idempotencyKey: "new"}}) {{ __typename }} }}"""
    assert await place.admin.code(query) == "BAD_USER_INPUT"


@pytest.mark.parametrize("key", ["", "k" * 256, "a\0b", "\ud800", None, 5])
async def test_a_key_has_1_to_255_characters_of_text(place: Place, key: Any) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": 1, "idempotencyKey": key}
    assert await place.admin.code(TOP_UP, input=asked) == "BAD_USER_INPUT"


async def test_a_request_without_a_key_is_refused(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": 1}
    assert await place.admin.code(TOP_UP, input=asked) == "BAD_USER_INPUT"


async def test_a_reused_key_is_a_conflict_that_names_its_operation(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "operation": "ADD", "amountMinor": 7, "description": "x"}
    answer = await place.admin.get(ADJUST, input=asked | {"idempotencyKey": "k"})
    assert answer["__typename"] == "IdempotencyConflict"
    assert answer["operationId"].startswith("opr_")


@pytest.mark.parametrize("description", ["x" * 1_001, "a\0b", "\udfff"])
async def test_a_description_is_text_of_up_to_a_thousand_characters(place: Place, description: str) -> None:
    asked = {"walletId": place.wallet_id, "amountMinor": 1, "idempotencyKey": "new", "description": description}
    assert await place.admin.code(TOP_UP, input=asked) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "unknown", ["", "wal_", "wal_x", f"wal_{NOTHING}", f"ten_{NOTHING}", f"dry_wal_{NOTHING}", "💥", "wal_" + "A" * 32]
)
async def test_an_unknown_id_is_null_for_queries_and_not_found_for_mutations(place: Place, unknown: str) -> None:
    assert await place.admin.get(WALLET, id=unknown) is None
    assert await place.admin.get("query ($id: ID!) { node(id: $id) { id } }", id=unknown) is None
    asked = {"walletId": unknown, "amountMinor": 1, "idempotencyKey": "new"}
    assert await place.admin.code(TOP_UP, input=asked) == "NOT_FOUND"
    assert await place.admin.code(LOCK, id=unknown) == "NOT_FOUND"
    assert await place.admin.code(CANCEL, id=unknown) == "NOT_FOUND"


async def test_taking_more_than_there_is_tells_the_shortfall(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "operation": "SUBTRACT", "amountMinor": 5_001, "description": "x"}
    answer = await place.admin.get(ADJUST, input=asked | {"idempotencyKey": "new"})
    assert answer == {
        "__typename": "InsufficientFunds",
        "availableMinor": 5_000,
        "requiredMinor": 5_001,
        "shortfallMinor": 1,
        "message": answer["message"],
    }
    assert "INR 0.01" in answer["message"]


async def test_an_old_version_is_a_conflict_that_shows_the_wallet(place: Place) -> None:
    asked = {"walletId": place.wallet_id, "operation": "SET", "amountMinor": 1, "description": "x"}
    answer = await place.admin.get(ADJUST, input=asked | {"idempotencyKey": "new", "expectedVersion": 0})
    assert answer == {"__typename": "VersionConflict", "wallet": {"version": 1}}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": "0"}, "BAD_USER_INPUT"),
        ({"quantity": "-1"}, "BAD_USER_INPUT"),
        ({"quantity": 1.5}, "BAD_USER_INPUT"),
        ({"quantity": "1e3"}, "BAD_USER_INPUT"),
        ({"quantity": "NaN"}, "BAD_USER_INPUT"),
        ({"quantity": "0.0000001"}, "BAD_USER_INPUT"),
        ({"quantity": "1000000000000001"}, "BAD_USER_INPUT"),
        ({"key": ""}, "BAD_USER_INPUT"),
        ({"service": ""}, "BAD_USER_INPUT"),
        ({"occurredAt": "2025-02-10T00:00:00"}, "BAD_USER_INPUT"),
        ({"occurredAt": "2025-02-30T00:00:00Z"}, "BAD_USER_INPUT"),
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, "BAD_USER_INPUT"),
        ({"tenantId": f"ten_{NOTHING}"}, "NOT_FOUND"),
    ],
)
async def test_a_malformed_usage_event_is_refused(place: Place, changed: dict[str, Any], code: str) -> None:
    event = {"tenantId": place.tenant_id, "service": "EPAPER", "quantity": "1", "key": "new"} | changed
    assert await place.admin.code(RECORD_USAGE, input={"events": [event]}) == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"service": "UNPRICED"}, "NO_PRICE"),
        ({"occurredAt": "2025-01-31T23:59:59Z"}, "NO_PRICE"),
        ({"occurredAt": "2025-02-10T00:05:00.000001Z"}, "IN_FUTURE"),
        ({"occurredAt": "9999-12-31T23:59:59Z"}, "IN_FUTURE"),
        ({"corrects": "nothing", "quantity": "-1"}, "BELOW_ZERO"),
    ],
)
async def test_usage_that_cannot_count_is_refused_event_by_event(
    place: Place, changed: dict[str, Any], code: str
) -> None:
    good = {"tenantId": place.tenant_id, "service": "EPAPER", "quantity": "1", "key": "good"}
    answer = await place.admin.get(RECORD_USAGE, input={"events": [good, good | {"key": "new"} | changed]})
    assert answer["__typename"] == "UsageRefused"
    assert [(event["index"], event["code"]) for event in answer["events"]] == [(1, code)]


@pytest.mark.parametrize("count", [0, 1_001])
async def test_a_request_has_1_to_1000_events(place: Place, count: int) -> None:
    events = [{"tenantId": place.tenant_id, "service": "EPAPER", "quantity": "1", "key": f"{n}"} for n in range(count)]
    assert await place.admin.code(RECORD_USAGE, input={"events": events}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "changed",
    [
        {"unitPriceMinor": "-1"},
        {"unitPriceMinor": 0.5},
        {"unitPriceMinor": "0.0000000000001"},
        {"unitPriceMinor": "9" * 30},
        {"service": " "},
        {"effectiveFrom": "2025-04-01"},
        {"effectiveFrom": "9999-12-31T23:59:59Z"},
        {"effectiveFrom": "0001-01-01T00:00:00Z"},
    ],
)
async def test_a_malformed_price_is_refused(place: Place, changed: dict[str, Any]) -> None:
    price = {"tenantId": place.tenant_id, "service": "EPAPER", "unitPriceMinor": "5"}
    assert await place.admin.code(
        SET_PRICE, input=price | {"effectiveFrom": "2025-04-01T00:00:00Z"} | changed
    ) == "BAD_USER_INPUT"  # fmt: skip


async def test_a_second_price_at_an_instant_and_another_unit_are_not_possible(place: Place) -> None:
    price = {"tenantId": place.tenant_id, "service": "EPAPER", "unitPriceMinor": "5", "effectiveFrom": PRICED}
    later = {"effectiveFrom": "2025-04-01T00:00:00Z", "unit": "megabyte"}
    assert (await place.admin.get(SET_PRICE, input=price))["__typename"] == "NotPossible"
    assert (await place.admin.get(SET_PRICE, input=price | later))["__typename"] == "NotPossible"


@pytest.mark.parametrize(
    ("month", "answered"),
    [("2025-02", "NotPossible"), ("2025-03", "NotPossible"), ("2199-12", "NotPossible")],
)
async def test_a_month_that_is_not_over_cannot_be_billed(place: Place, month: str, answered: str) -> None:
    assert (await place.admin.get(RUN_BILLING, input={"month": month}))["__typename"] == answered


@pytest.mark.parametrize("month", ["2025-13", "2025-2", "9999-12", "0000-01", "", "2025-02-01", 202502])
async def test_a_malformed_month_is_refused(place: Place, month: Any) -> None:
    assert await place.admin.code(RUN_BILLING, input={"month": month}) == "BAD_USER_INPUT"


@pytest.mark.parametrize("first", [0, -1, 101, 2**31])
async def test_a_page_has_1_to_100_entries(place: Place, first: int) -> None:
    assert await place.admin.code("query ($n: Int) { wallets(first: $n) { totalCount } }", n=first) == "BAD_USER_INPUT"


@pytest.mark.parametrize("cursor", ["", "x", "💥", "AAAA", "=" * 99])
async def test_a_cursor_that_we_did_not_make_is_refused(place: Place, cursor: str) -> None:
    query = "query ($a: String) { wallets(after: $a) { totalCount } }"
    assert await place.admin.code(query, a=cursor) == "BAD_USER_INPUT"


@pytest.mark.parametrize("after", [2, -1, 2**31 - 1])
async def test_a_stream_begins_no_later_than_the_wallet_is(place: Place, after: int) -> None:
    async with place.here.subscribe(place.admin, EVENTS, id=place.wallet_id, after=after) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_stream_of_an_unknown_wallet_is_not_found(place: Place) -> None:
    async with place.here.subscribe(place.admin, EVENTS, id=f"wal_{NOTHING}") as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "NOT_FOUND"
