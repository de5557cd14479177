"""The second card's routes, with its figures: money in, prices with their dates, and a tenant's own wallet."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import asyncpg
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import api
from tests.rest import Rest

BILL = """mutation ($month: Month!) { runBilling(input: {month: $month}) {
  ... on BillingPayload { invoices { status totalMinor } } ... on Refusal { message } } }"""
LINES = ("type", "amountMinor", "balanceAfterMinor", "description", "createdAt")


@pytest_asyncio.fixture(scope="module")
async def rest(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Rest]:
    async with database.copy(database_server, administrator) as url, api(url) as here:
        yield Rest(here, here.admin.token)


def of(name: str) -> str:
    return f"/api/v1/admin/tenants/{name}"


async def use(rest: Rest, name: str, pages: int, when: str) -> None:
    event = {"tenantId": name, "service": "EPAPER", "quantity": pages, "occurredAt": when, "key": when}
    assert await rest.ask("POST", "/api/v1/usage", {"events": [event]}) == {"accepted": 1, "duplicates": 0}


def top_ups(tenant: str, amounts: Iterable[int]) -> str:
    """One document; a request for each would prove no more."""
    wallet = tenant.replace("ten_", "wal_")
    asked = (f'{{walletId: "{wallet}", amountMinor: {amount}, idempotencyKey: "{amount}"}}' for amount in amounts)
    fields = (f"t{at}: topUp(input: {given}) {{ __typename }}" for at, given in enumerate(asked))
    return f"mutation {{ {' '.join(fields)} }}"


async def test_the_cards_timeline_to_the_rupee(rest: Rest) -> None:
    tenant = await rest.tenant("t_card")
    own = await rest.tokened(tenant)
    await rest.ask("POST", f"{of('t_card')}/pricing", {"pricePerPageMinor": 200_000, "effectiveFrom": "2025-02-01"})
    topped = []
    for day, amount in (("01", 500_000), ("03", 350_000), ("07", 3_200_000)):
        rest.here.at(f"2025-02-{day}T10:00:00+00:00")
        answer = await rest.ask(
            "POST", f"{of('t_card')}/wallet/topup", {"amountMinor": amount, "description": "Top-up"}
        )
        topped.append(answer["balance"]["available"])
    assert topped == [500_000, 850_000, 4_050_000]
    await use(rest, "t_card", 18, "2025-02-05T00:00:00Z")
    rest.here.at("2025-03-05T00:00:00+00:00")
    await rest.here.admin.get(BILL, month="2025-02")
    await use(rest, "t_card", 12, "2025-03-05T00:00:00Z")
    scheduled = await rest.ask(
        "POST", f"{of('t_card')}/pricing",
        {"service": "EPAPER", "pricePerPageMinor": 180_000, "effectiveFrom": "2025-04-01T00:00:00Z"},
    )  # fmt: skip
    assert [(p["pricePerPageMinor"], p["effectiveUntil"], p["isActive"]) for p in scheduled["timeline"]] == [
        (200_000, "2025-04-01T00:00:00Z", True), (180_000, None, False),
    ]  # fmt: skip
    rest.here.at("2025-04-01T01:00:00+00:00")
    await rest.here.admin.get(BILL, month="2025-03")
    locked = await own.ask("GET", "/api/v1/tenant/wallet/balance")
    assert (locked["balance"]["total"], locked["lock"]["locked"], locked["lock"]["amountDue"]) == (
        450_000,
        True,
        2_400_000,
    )
    late = {"tenantId": "t_card", "service": "EPAPER", "quantity": 1, "key": "locked"}
    refused = await rest.problem("POST", "/api/v1/usage", {"events": [late]})
    assert (refused["status"], refused["code"]) == (422, "USAGE_REFUSED")
    [event] = refused["events"]
    assert (event["code"], event["index"], event["unlockAmount"]) == ("WALLET_LOCKED", 0, 1_950_000)
    rest.here.at("2025-04-02T00:00:00+00:00")
    unlocked = await rest.ask("POST", f"{of('t_card')}/wallet/topup", {"amountMinor": 2_500_000})
    assert (unlocked["balance"]["total"], unlocked["lock"]["locked"]) == (550_000, False)
    assert [invoice["totalMinor"] for invoice in unlocked["settledInvoices"]] == [2_400_000]
    assert [line["type"] for line in unlocked["transactions"]] == ["CREDIT", "DEBIT", "DUE", "UNLOCK"]
    past = {"service": "EPAPER", "pricePerPageMinor": 5, "effectiveFrom": "2025-03-15"}
    closed = await rest.problem("POST", f"{of('t_card')}/pricing", past)
    assert (closed["status"], closed["code"], closed["openFrom"]) == (409, "PERIOD_CLOSED", "2025-04-01T00:00:00Z")


async def test_a_balance_and_a_history_are_said_as_the_card_prints_them(rest: Rest) -> None:
    rest.here.at("2025-05-01T00:00:00+00:00")
    tenant = await rest.tenant("t_001")
    own = await rest.tokened(tenant)
    await rest.ask("POST", f"{of('t_001')}/pricing", {"pricePerPageMinor": 160_000, "effectiveFrom": "2025-05-01"})
    await rest.ask("POST", f"{of('t_001')}/wallet/topup", {"amountMinor": 6_400_000, "description": "Top-up"})
    await use(rest, "t_001", 10, "2025-05-01T00:00:00Z")
    rest.here.at("2025-06-01T00:00:00+00:00")
    await rest.here.admin.get(BILL, month="2025-05")
    balance = await own.send("GET", "/api/v1/tenant/wallet/balance")
    assert balance.text.startswith(
        '{"balance":{"total":4800000,"locked":0,"available":4800000},"monthlyCharge":1600000,"monthsRemaining":3.0,'
    )
    history = await own.ask("GET", "/api/v1/tenant/wallet/transactions?page=1")
    first, last = history["transactions"]
    assert [first[name] for name in LINES] == ["CREDIT", 6_400_000, 6_400_000, "Top-up", "2025-05-01T00:00:00Z"]
    assert [last[name] for name in LINES[:3]] == ["DEBIT", -1_600_000, 4_800_000]
    assert last["createdAt"] == "2025-06-01T00:00:00Z"


async def test_page_n_is_a_range_of_versions_oldest_first(rest: Rest) -> None:
    tenant = await rest.tenant("t_pages")
    own = await rest.tokened(tenant)
    empty = await own.ask("GET", "/api/v1/tenant/wallet/transactions")
    assert (empty["transactions"], empty["pages"], empty["total"]) == ([], 0, 0)
    for first in range(1, 102, 20):
        answer = await rest.here.admin.ask(top_ups(tenant, range(first, min(first + 20, 102))))
        assert "errors" not in answer
    seen = []
    for page, size in ((1, 50), (2, 50), (3, 1), (4, 0), (10**12, 0)):
        answer = await own.ask("GET", f"/api/v1/tenant/wallet/transactions?page={page}")
        assert (answer["page"], answer["pageSize"], answer["pages"], answer["total"]) == (page, 50, 3, 101)
        assert len(answer["transactions"]) == size
        seen += [line["version"] for line in answer["transactions"]]
    assert seen == list(range(1, 102))
    for wrong in ("0", "-1", "x", "1.0", str(10**13), ""):
        assert (await own.problem("GET", f"/api/v1/tenant/wallet/transactions?page={wrong}"))["status"] == 400


async def test_a_bare_date_is_midnight_in_the_tenants_billing_zone(rest: Rest) -> None:
    await rest.tenant("t_zone", billingZone="Asia/Kolkata")
    asked = {"pricePerPageMinor": "1800.5", "effectiveFrom": "2026-04-01"}
    price = await rest.ask("POST", f"{of('t_zone')}/pricing", asked)
    assert (price["effectiveFrom"], price["pricePerPageMinor"], price["status"]) == (
        "2026-03-31T18:30:00Z", None, "SCHEDULED",
    )  # fmt: skip
    assert price["unitPriceMinor"] == "1800.5", "which is exact"
    assert await rest.ask("POST", f"{of('t_zone')}/pricing", asked) == price, "the same again is the same price"
    for at, count in (("2026-04-01", 1), ("2026-03-31T18:29:59Z", 0), ("2026-03-31", 0)):
        found = await rest.ask("GET", f"{of('t_zone')}/pricing?at={at}")
        assert len(found["pricing"]) == count
    for wrong in ("2026-02-30", "0001-01-01", "2026-4-1", "tomorrow", 20260401, None):
        problem = await rest.problem("POST", f"{of('t_zone')}/pricing", asked | {"effectiveFrom": wrong})
        assert problem["status"] == 400


async def test_a_price_without_a_service_is_for_the_only_one(rest: Rest) -> None:
    await rest.tenant("t_service")
    path = f"{of('t_service')}/pricing"

    async def service_of(instant: str, **more: Any) -> str:
        price = await rest.ask("POST", path, {"pricePerPageMinor": 5, "effectiveFrom": instant, **more})
        service: str = price["service"]
        return service

    assert await service_of("2026-01-01") == "EPAPER"
    await rest.tenant("t_print")
    path = f"{of('t_print')}/pricing"
    assert await service_of("2026-01-01", service="PRINT") == "PRINT"
    assert await service_of("2026-02-01") == "PRINT"
    assert await service_of("2026-01-01", service="SCAN") == "SCAN"
    assert await service_of("2026-03-01") == "EPAPER"


async def test_prices_of_every_model_are_taken_and_shown(rest: Rest) -> None:
    await rest.tenant("t_models")
    path = f"{of('t_models')}/pricing"
    tiers = [
        {"upTo": "1000", "unitPriceMinor": "25", "flatMinor": 0},
        {"upTo": None, "unitPriceMinor": "12.5", "flatMinor": 7},
    ]
    since = {"effectiveFrom": "2026-01-01"}
    await rest.ask("POST", path, {"service": "FEE", "model": "FLAT", "flatMinor": 70_000, **since})
    await rest.ask("POST", path, {"service": "SMS", "unit": "message", "model": "GRADUATED", "tiers": tiers, **since})
    await rest.ask("POST", path, {"service": "CALLS", "unit": "call", "unitPriceMinor": "0.25", **since})
    listed = (await rest.ask("GET", path))["pricing"]
    assert [(p["service"], p["model"], p["pricePerPageMinor"], p["unitPriceMinor"]) for p in listed] == [
        ("CALLS", "PER_UNIT", None, "0.25"), ("FEE", "FLAT", None, None), ("SMS", "GRADUATED", None, None),
    ]  # fmt: skip
    assert listed[2]["tiers"] == tiers
    assert [p["service"] for p in (await rest.ask("GET", f"{path}?service=FEE"))["pricing"]] == ["FEE"]
    page = await rest.ask("GET", f"{path}?limit=2")
    assert len((await rest.ask("GET", f"{path}?limit=2&after={page['next']}"))["pricing"]) == 1
    both = await rest.problem("POST", path, {"pricePerPageMinor": 5, "model": "FLAT", "unit": "page", **since})
    assert (both["status"], both["detail"]) == (400, "Beside pricePerPageMinor leave out model and unit.")
    misspelt = {"model": "VOLUME", "tiers": [{"upto": "5", "unitPriceMinor": 1}], **since}
    assert (await rest.problem("POST", path, misspelt))["detail"] == (
        "tiers[0]: Expected value of type 'PriceTierInput' not to include unknown field 'upto'."
    )


async def test_a_tenants_own_name_may_have_anything_in_it(rest: Rest) -> None:
    for name, encoded in (
        ("a/b/wallet", "a%2Fb%2Fwallet"),
        ("₹ 100 %", "%E2%82%B9%20100%20%25"),
        ("a?b#c", "a%3Fb%23c"),
    ):
        tenant = await rest.tenant(name)
        for called in (encoded, tenant):
            await rest.ask("POST", f"{of(called)}/wallet/topup", {"amountMinor": 1})
        assert (await (await rest.tokened(tenant)).ask("GET", "/api/v1/tenant/wallet/balance"))["balance"]["total"] == 2


async def test_another_tenants_name_is_missing_and_ones_own_is_forbidden(rest: Rest) -> None:
    foreign, own_id = await rest.tenant("t_foreign"), await rest.tenant("t_own")
    own = await rest.tokened(own_id)
    for method, path, body in (
        ("POST", "wallet/topup", {"amountMinor": 1}),
        ("POST", "pricing", {"pricePerPageMinor": 1, "effectiveFrom": "2026-01-01"}),
        ("GET", "pricing", None),
    ):
        answers = [await own.problem(method, f"{of(name)}/{path}", body) for name in (foreign, "t_foreign", "t_none")]
        assert [answer["status"] for answer in answers] == [404] * 3
        assert answers[1] == answers[2]
    for name, status in ((foreign, 404), ("t_own", 403)):
        assert (await own.problem("POST", f"{of(name)}/pricing", {}))["status"] == status, "before what is sent is read"
    for name in ("t_own", own_id):
        assert (await own.problem("POST", f"{of(name)}/wallet/topup", {"amountMinor": 1}))["status"] == 403
    till = await rest.tokened(own_id, "wallet:topup")
    assert (await till.ask("POST", f"{of('t_own')}/wallet/topup", {"amountMinor": 1}))["balance"]["total"] == 1


async def test_a_key_is_honoured_for_top_ups(rest: Rest) -> None:
    await rest.tenant("t_key")
    key = {"Idempotency-Key": "3f1c ₹".encode()}
    first = await rest.ask("POST", f"{of('t_key')}/wallet/topup", {"amountMinor": 5}, key)
    again = await rest.ask("POST", f"{of('t_key')}/wallet/topup", {"amountMinor": 5}, key)
    assert (first["replayed"], again) == (False, {**first, "replayed": True})
