"""Usage in batches: ten thousand events count as each alone would, all or none, and what is wrong is named."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import api
from tests.rest import Rest

PATH = "/api/v1/usage"
PRICED = {"pricePerPageMinor": 5, "effectiveFrom": "2025-01-01T00:00:00Z"}
USED = """query ($id: ID!) { tenant(id: $id) { usage { edges { node { month service quantity events } } } } }"""


@pytest_asyncio.fixture(scope="module")
async def rest(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Rest]:
    async with database.copy(database_server, administrator) as url, api(url) as here:
        yield Rest(here, here.admin.token)


async def priced(rest: Rest, name: str) -> str:
    tenant = await rest.tenant(name)
    await rest.ask("POST", f"/api/v1/admin/tenants/{name}/pricing", PRICED)
    return tenant


def event(tenant: str, key: str, **more: Any) -> dict[str, Any]:
    return {"tenantId": tenant, "service": "EPAPER", "quantity": "1", "key": key, **more}


async def used(rest: Rest, tenant: str) -> list[tuple[str, str, int]]:
    found = await rest.here.admin.get(USED, id=tenant)
    nodes = [edge["node"] for edge in found["usage"]["edges"]]
    return [(node["month"], node["quantity"], node["events"]) for node in nodes]


async def test_ten_thousand_events_count_once_each(rest: Rest) -> None:
    one, other = await priced(rest, "t_one"), await priced(rest, "t_other")
    names = [one, "t_one", "t_other"]
    times = [None, "2025-01-31T23:59:59.999999Z", "2025-01-31T23:59:59+00:00", "2025-02-01T00:00:00.5Z"]
    events = [
        event(names[n % 3], f"k-{n}", quantity=("0.25" if n % 2 else 2), occurredAt=times[n % 4]) for n in range(10_000)
    ]
    assert await rest.ask("POST", PATH, {"events": events}) == {"accepted": 10_000, "duplicates": 0}
    assert await rest.ask("POST", PATH, {"events": events}) == {"accepted": 0, "duplicates": 10_000}
    shares = {one: [n for n in range(10_000) if n % 3 < 2], other: [n for n in range(10_000) if n % 3 == 2]}
    for tenant, numbers in shares.items():
        in_january = [n for n in numbers if n % 4 in (1, 2)]
        in_february = [n for n in numbers if n % 4 in (0, 3)]
        assert await used(rest, tenant) == [
            ("2025-02", quantity_of(in_february), len(in_february)),
            ("2025-01", quantity_of(in_january), len(in_january)),
        ]  # fmt: skip


def quantity_of(numbers: list[int]) -> str:
    quarters = sum(1 if n % 2 else 8 for n in numbers)
    whole, rest = divmod(quarters, 4)
    return f"{whole}{('', '.25', '.5', '.75')[rest]}"


async def test_one_that_is_refused_leaves_all_unrecorded_and_is_named(rest: Rest) -> None:
    tenant = await priced(rest, "t_refused")
    await rest.ask("POST", PATH, {"events": [event(tenant, "known")]})
    events = [event(tenant, f"r-{n}") for n in range(5_000)]
    events[2_500] = event(tenant, "early", occurredAt="2024-12-31T23:59:59Z")
    events[4_999] = event(tenant, "known", quantity="2")
    refused = await rest.problem("POST", PATH, {"events": events})
    assert (refused["status"], refused["code"]) == (422, "USAGE_REFUSED")
    assert [(one["index"], one["key"], one["code"], one["tenantId"]) for one in refused["events"]] == [
        (2_500, "early", "NO_PRICE", tenant), (4_999, "known", "KEY_REUSED", tenant),
    ]  # fmt: skip
    assert await used(rest, tenant) == [("2025-02", "1", 1)]


async def test_a_correction_may_stand_beside_what_it_corrects(rest: Rest) -> None:
    tenant = await priced(rest, "t_corrected")
    events = [event(tenant, "a", quantity=10), event(tenant, "b", quantity="-4", corrects="a")]
    assert (await rest.ask("POST", PATH, {"events": events}))["accepted"] == 2
    below = await rest.problem("POST", PATH, {"events": [event(tenant, "c", quantity=-7, corrects="a")]})
    assert below["events"][0]["code"] == "BELOW_ZERO"
    assert await used(rest, tenant) == [("2025-02", "6", 2)]


async def test_a_dry_run_records_nothing(rest: Rest) -> None:
    tenant = await priced(rest, "t_dry")
    events = [event(tenant, "dry")]
    assert await rest.ask("POST", f"{PATH}?dryRun=true", {"events": events}) == {"accepted": 1, "duplicates": 0}
    assert await used(rest, tenant) == []


BAD: dict[str, tuple[Any, str]] = {
    "no events": ({}, "events takes a list of objects"),
    "none": ({"events": []}, "1 to 10,000 events; this has 0"),
    "too many": ({"events": [event("t_bad", f"{n}") for n in range(10_001)]}, "this has 10,001"),
    "no list": ({"events": {}}, "events takes a list of objects"),
    "no object": ({"events": [event("t_bad", "a"), 5]}, "events takes a list of objects"),
    "another field": ({"events": [event("t_bad", "a"), event("t_bad", "b", amount=1)]}, "events[1] has a field"),
    "no key": ({"events": [{**event("t_bad", "a"), "key": None}]}, "events[0].key takes a string"),
    "an empty key": ({"events": [event("t_bad", "a"), event("t_bad", "")]}, "events[1].key takes 1 to 255"),
    "a long key": ({"events": [event("t_bad", "a" * 256)]}, "events[0].key takes 1 to 255"),
    "a NUL": ({"events": [event("t_bad", "a\0b")]}, "U+0000"),
    "no tenant": ({"events": [event("t_bad", "a"), {"service": "A", "key": "b", "quantity": 1}]}, "events[1].tenantId"),
    "a service of numbers": ({"events": [event("t_bad", "a", service=5)]}, "events[0].service takes a string"),
    "a long service": ({"events": [event("t_bad", "a", service="s" * 65)]}, "events[0].service takes 1 to 64"),
    "a float": ({"events": [event("t_bad", "a"), event("t_bad", "b", quantity=1.0)]}, "events[1].quantity takes a"),
    "a truth": ({"events": [event("t_bad", "a", quantity=1), event("t_bad", "b", quantity=True)]}, "events[1]."),
    "an exponent": ({"events": [event("t_bad", "a", quantity="1e3")]}, "events[0].quantity: Decimals are"),
    "nothing": ({"events": [event("t_bad", "a", quantity=0)]}, "events[0].quantity is above zero"),
    "below zero": ({"events": [event("t_bad", "a", quantity="-1")]}, "events[0].quantity is above zero"),
    "too fine": ({"events": [event("t_bad", "a", quantity="0.0000001")]}, "up to 6 decimals"),
    "a bare date": ({"events": [event("t_bad", "a", occurredAt="2025-02-01")]}, "events[0].occurredAt: Times are"),
    "no such day": ({"events": [event("t_bad", "a", occurredAt="2025-02-30T00:00:00Z")]}, "events[0].occurredAt"),
    "the year 1969": ({"events": [event("t_bad", "a", occurredAt="1969-12-31T23:59:59Z")]}, "occurredAt takes"),
    "a correction of nothing": ({"events": [event("t_bad", "a", corrects=5)]}, "events[0].corrects takes a string"),
    "dryRun, which is a parameter": ({"events": [event("t_bad", "a")], "dryRun": True}, "no field 'dryRun'"),
    "a field twice": (b'{"events": [{"key": "a", "key": "b"}]}', "twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_a_batch_that_is_not_well_formed_names_the_first_event_that_is_why(rest: Rest, name: str) -> None:
    body, says = BAD[name]
    await rest.here.admin.get('mutation { createTenant(input: {name: "Bad", externalId: "t_bad"}) { __typename } }')
    problem = await rest.problem("POST", PATH, body)
    assert (problem["status"], problem["code"]) == (400, "BAD_USER_INPUT")
    assert says in problem["detail"]


async def test_a_batch_has_four_mebibytes_and_no_more(rest: Rest) -> None:
    tenant = await priced(rest, "t_large")
    largest = json.dumps({"events": [event(tenant, "large")]}).encode().ljust(4 * 1024 * 1024)
    assert (await rest.ask("POST", PATH, largest))["accepted"] == 1
    large = await rest.problem("POST", PATH, largest + b" ")
    assert (large["status"], large["code"]) == (413, "TOO_LARGE")


async def test_a_batch_of_very_many_values_is_refused_before_they_are_looked_at(rest: Rest) -> None:
    for values in (100_000, 1_000_000):
        large = await rest.problem("POST", PATH, b'{"events": [%b]}' % b",".join([b"[]"] * values))
        assert (large["status"], large["code"]) == (413, "TOO_LARGE")
        assert large["detail"] == "The body may hold at most 100,000 values. Split the request."


async def test_who_reports_no_usage_sends_no_more_than_elsewhere(rest: Rest) -> None:
    own = await rest.tokened(await priced(rest, "t_reader"))
    assert (await own.problem("POST", PATH, b" " * (1 << 20) + b"{}"))["status"] == 413


async def test_a_foreign_tenant_is_missing_and_ones_own_usage_is_not_ones_own_to_report(rest: Rest) -> None:
    tenant, foreign = await priced(rest, "t_reports"), await priced(rest, "t_others")
    own, reporter = await rest.tokened(tenant), await rest.tokened(tenant, "usage:write")
    for name in (foreign, "t_others", "t_none", f"ten_{'0' * 32}"):
        for asking in (own, reporter):
            assert (await asking.problem("POST", PATH, {"events": [event(name, "a")]}))["status"] == 404
    assert (await own.problem("POST", PATH, {"events": [event("t_reports", "a")]}))["status"] == 403
    assert (await reporter.ask("POST", PATH, {"events": [event("t_reports", "a")]}))["accepted"] == 1
    mixed = [event("t_reports", "b"), event("t_others", "b")]
    assert (await reporter.problem("POST", PATH, {"events": mixed}))["status"] == 404
    assert await used(rest, tenant) == [("2025-02", "1", 1)]


async def test_batches_take_turns_and_what_does_not_fit_behind_them_is_told_to_come_again(rest: Rest) -> None:
    tenant, gate = await priced(rest, "t_gate"), rest.here.shared.core.batches
    async with gate.entered(), gate.entered():
        asked = [asyncio.create_task(rest.send("POST", PATH, {"events": [event(tenant, f"g-{n}")]})) for n in range(31)]
        answered, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        [response] = [task.result() for task in answered]
        assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
        assert response.headers["retry-after"] == "1"
    others = [(await task).status_code for task in asked if task not in answered]
    assert others == [200] * 30
    assert (await used(rest, tenant))[0][2] == 30
