"""The timeline through the API: each model as it was set, in force at an instant, and what is wrong with a request."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.api import Api, api

TERMS = "model unitPriceMinor flatMinor packageSize tiers { upTo unitPriceMinor flatMinor } minimumMinor"
NEW_TENANT = """mutation ($input: CreateTenantInput!) {
  createTenant(input: $input) { ... on TenantPayload { tenant { id } } } }"""
SET_PRICE = f"""mutation ($input: SetPriceInput!) {{ setPrice(input: $input) {{
  ... on PricePayload {{ price {{ id {TERMS} }} timeline {{ id }} }} ... on Refusal {{ message }}
  ... on PeriodClosed {{ openFrom }} }} }}"""
CANCEL = "mutation ($id: ID!) { cancelPrice(id: $id) { ... on PricePayload { timeline { id } } } }"
PRICES = f"""query ($id: ID!, $service: String, $at: DateTime) {{ tenant(id: $id) {{
  prices(service: $service, at: $at) {{ edges {{ node {{ id service effectiveFrom {TERMS} }} }} }} }} }}"""
BILL = """mutation ($input: RunBillingInput!) { runBilling(input: $input) { ... on BillingPayload {
  invoices { totalMinor lines { kind service quantity unitPriceMinor amountMinor } } } } }"""
RECORD = "mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { ... on UsagePayload { accepted } } }"
USAGE = "query ($id: ID!) { tenant(id: $id) { usage { edges { node { service quantity chargeMinor } } } } }"
NONE: dict[str, Any] = {"unitPriceMinor": None, "flatMinor": None, "packageSize": None, "tiers": [], "minimumMinor": 0}
TIERS = [
    {"upTo": "100", "unitPriceMinor": "0.25", "flatMinor": 0},
    {"upTo": None, "unitPriceMinor": "0.000000000001", "flatMinor": 500},
]
MODELS: dict[str, dict[str, Any]] = {
    "CALLS": {"model": "PER_UNIT", "unitPriceMinor": "0.25", "minimumMinor": 9},
    "FEE": {"model": "FLAT", "flatMinor": 70_000},
    "GRADED": {"model": "GRADUATED", "tiers": TIERS},
    "PACKS": {"model": "PACKAGE", "unitPriceMinor": "99.5", "packageSize": "12.5"},
    "VOLUMES": {"model": "VOLUME", "tiers": TIERS[1:], "minimumMinor": 9007199254740991},
}


@pytest_asyncio.fixture
async def place(database_url: str) -> AsyncIterator[tuple[Api, str]]:
    """A server on 1 February 2025, and a tenant."""
    async with api(database_url) as here:
        made = await here.admin.get(NEW_TENANT, input={"name": "Mohan Sai Publications"})
        yield here, made["tenant"]["id"]


async def set_price(here: Api, tenant: str, service: str, since: str, **terms: Any) -> Any:
    asked = {"tenantId": tenant, "service": service, "effectiveFrom": f"{since}T00:00:00Z", **terms}
    return await here.admin.get(SET_PRICE, input=asked)


async def prices(here: Api, tenant: str, **which: Any) -> list[dict[str, Any]]:
    found = await here.admin.get(PRICES, id=tenant, **which)
    return [edge["node"] for edge in found["prices"]["edges"]]


async def test_a_price_of_each_model_is_answered_as_it_was_set(place: tuple[Api, str]) -> None:
    here, tenant = place
    for service, terms in MODELS.items():
        answer = await set_price(here, tenant, service, "2025-02-01", **terms)
        assert answer["price"] == {"id": answer["price"]["id"], **NONE, **terms}
        assert await set_price(here, tenant, service, "2025-02-01", **terms) == answer
    found = await prices(here, tenant)
    assert [(one["service"], {**one, **terms} == one) for one, terms in zip(found, MODELS.values(), strict=True)] == [
        (service, True) for service in MODELS
    ]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "A PER_UNIT price takes unitPriceMinor, which is missing"),
    ({"unitPriceMinor": "1", "flatMinor": 1}, "A PER_UNIT price takes no flatMinor"),
    ({"model": "FLAT"}, "A FLAT price takes flatMinor, which is missing"),
    ({"model": "FLAT", "flatMinor": 1, "packageSize": 1}, "A FLAT price takes no packageSize"),
    ({"model": "PACKAGE", "unitPriceMinor": "1"}, "A PACKAGE price takes packageSize, which is missing"),
    ({"model": "VOLUME", "tiers": []}, "tiers takes 1 to 100 tiers"),
    ({"model": "VOLUME", "tiers": TIERS, "unitPriceMinor": "1"}, "A VOLUME price takes no unitPriceMinor"),
    ({"model": "GRADUATED", "tiers": TIERS[:1]}, "tiers[0].upTo takes null"),
    ({"model": "GRADUATED", "tiers": [TIERS[0], *TIERS]}, "tiers[1].upTo takes more than the tier before, 100"),
    ({"unitPriceMinor": "1", "minimumMinor": -1}, "minimumMinor takes 0 to"),
]


async def test_a_request_names_the_term_that_is_wrong(place: tuple[Api, str]) -> None:
    here, tenant = place
    for terms, said in WRONG:
        asked = {"tenantId": tenant, "service": "EPAPER", "effectiveFrom": "2025-02-01T00:00:00Z", **terms}
        [error] = (await here.admin.ask(SET_PRICE, input=asked))["errors"]
        assert (error["extensions"]["code"], said in error["message"]) == ("BAD_USER_INPUT", True), error
    assert await prices(here, tenant) == []


async def test_what_was_in_force_at_an_instant_is_answered_for_ever(place: tuple[Api, str]) -> None:
    here, tenant = place
    await set_price(here, tenant, "EPAPER", "2025-02-01", unitPriceMinor="10")
    await set_price(here, tenant, "EPAPER", "2025-02-15", model="FLAT", flatMinor=700)
    await set_price(here, tenant, "API", "2025-02-10", unitPriceMinor="1")
    scheduled = await set_price(here, tenant, "EPAPER", "2025-04-01", unitPriceMinor="12")
    here.at("2025-03-20T00:00:00+00:00")
    await here.admin.get(BILL, input={"month": "2025-02", "tenantIds": [tenant]})
    closed = await set_price(here, tenant, "EPAPER", "2025-02-28", unitPriceMinor="11")
    assert closed["openFrom"] == "2025-03-01T00:00:00Z"
    for instant, in_force in {
        "2025-01-31T23:59:59.999999Z": [],
        "2025-02-01T00:00:00Z": [("EPAPER", "PER_UNIT")],
        "2025-02-14T23:59:59.999999Z": [("API", "PER_UNIT"), ("EPAPER", "PER_UNIT")],
        "2025-02-15T05:30:00+05:30": [("API", "PER_UNIT"), ("EPAPER", "FLAT")],
        "2025-04-01T00:00:00Z": [("API", "PER_UNIT"), ("EPAPER", "PER_UNIT")],
    }.items():
        assert [(one["service"], one["model"]) for one in await prices(here, tenant, at=instant)] == in_force
    assert [one["model"] for one in await prices(here, tenant, service="EPAPER", at="2025-03-20T00:00:00Z")] == ["FLAT"]
    left = await here.admin.get(CANCEL, id=scheduled["price"]["id"])
    assert len(left["timeline"]) == 2
    later = await prices(here, tenant, service="EPAPER", at="2025-05-01T00:00:00Z")
    assert [one["flatMinor"] for one in later] == [700]


async def test_usage_is_charged_and_billed_by_its_model(place: tuple[Api, str]) -> None:
    here, tenant = place
    await set_price(here, tenant, "CALLS", "2025-02-01", unitPriceMinor="0.25", unit="call")
    await set_price(here, tenant, "FEE", "2025-02-01", **MODELS["FEE"])
    await set_price(here, tenant, "PACKS", "2025-02-01", **MODELS["PACKS"], minimumMinor=1_000)
    used = [("CALLS", "10001"), ("FEE", "3"), ("PACKS", "25.000001")]
    events = [{"tenantId": tenant, "service": service, "quantity": much, "key": service} for service, much in used]
    assert await here.admin.get(RECORD, input={"events": events}) == {"accepted": 3}
    usage = (await here.admin.get(USAGE, id=tenant))["usage"]["edges"]
    assert [(edge["node"]["service"], edge["node"]["chargeMinor"]) for edge in usage] == [
        ("CALLS", 2_500), ("FEE", 0), ("PACKS", 299)
    ]  # fmt: skip
    here.at("2025-03-01T00:00:00+00:00")
    billed = await here.admin.get(BILL, input={"month": "2025-02", "tenantIds": [tenant]})
    [invoice] = billed["invoices"]
    assert [tuple(line.values()) for line in invoice["lines"]] == [
        ("USAGE", "CALLS", "10001", "0.25", 2_500),
        ("FLAT", "FEE", "1", "70000", 70_000),
        ("USAGE", "FEE", "3", None, 0),
        ("USAGE", "PACKS", "25.000001", "99.5", 299),
        ("MINIMUM", "PACKS", "1", None, 701),
    ]
    assert invoice["totalMinor"] == sum(line["amountMinor"] for line in invoice["lines"])
