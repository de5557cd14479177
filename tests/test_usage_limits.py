"""How much usage a request can bring over HTTP: laws 15 and 17 at their largest."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest_asyncio

from domain.usage import MOST_EVENTS
from tests.api import Api, api

RECORD = """mutation ($input: RecordUsageInput!) {
    recordUsage(input: $input) { __typename ... on UsagePayload { accepted duplicates } ... on Refusal { message } }
}"""
TENANTS = """
WITH made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT gen_random_uuid(), 'Somebody', 'T' || n, 'INR', 'Asia/Kolkata', 0, 0, 1, '2025-01-01', '2025-03-01'
    FROM generate_series(1, $1) AS n RETURNING id, created_at
), held AS (
    INSERT INTO wallets (id, tenant_id, currency, currency_exponent, created_at, updated_at)
    SELECT id, id, 'INR', 2, created_at, created_at FROM made RETURNING id
)
INSERT INTO prices (wallet_id, id, service, unit, model, unit_price, effective_from, created_at)
SELECT id, gen_random_uuid(), $2, 'page', 'PER_UNIT', 10, '2025-01-01', '2025-01-01' FROM held RETURNING wallet_id
"""
TOTALS = "SELECT count(*), min(quantity), max(quantity), sum(events)::int FROM usage_totals"
LONGEST_SERVICE = "S" * 64
LONGEST_NUMBERS = {"quantity": "0000000000000001.123456", "occurredAt": "2025-01-31T23:59:59.999999+05:30"}


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[tuple[Api, "asyncpg.Connection[asyncpg.Record]"]]:
    database = await asyncpg.connect(database_url)
    async with api(database_url) as served:
        yield served, database
    await database.close()


async def record(served: Api, events: list[dict[str, Any]]) -> Any:
    return await served.admin.get(RECORD, input={"events": events})


async def test_a_thousand_events_of_a_thousand_tenants_come_in_a_request(here: tuple[Api, Any]) -> None:
    served, database = here
    tenants = [row["wallet_id"] for row in await database.fetch(TENANTS, MOST_EVENTS, "EPAPER")]
    events = [
        {"tenantId": f"ten_{tenant.hex}", "service": "EPAPER", "quantity": "2.5", "key": "the same"}
        for tenant in tenants
    ]
    counted = {"__typename": "UsagePayload", "accepted": MOST_EVENTS, "duplicates": 0}
    assert await record(served, events) == counted
    assert await record(served, events[::-1]) == counted | {"accepted": 0, "duplicates": MOST_EVENTS}
    assert tuple(await database.fetchrow(TOTALS)) == (MOST_EVENTS, Decimal("2.5"), Decimal("2.5"), MOST_EVENTS)


async def test_a_request_of_one_event_more_is_refused(here: tuple[Api, Any]) -> None:
    served, database = here
    (tenant,) = await database.fetchrow(TENANTS, 1, "EPAPER")
    one = {"tenantId": f"ten_{tenant.hex}", "service": "EPAPER", "quantity": "1"}
    events = [{**one, "key": str(n)} for n in range(MOST_EVENTS + 1)]
    assert await served.admin.code(RECORD, input={"events": events}) == "BAD_USER_INPUT"
    assert (await record(served, events[1:]))["accepted"] == MOST_EVENTS


async def test_a_thousand_of_the_longest_events_in_ascii_fit_and_what_does_not_is_told_to_split(
    here: tuple[Api, Any],
) -> None:
    served, database = here
    (tenant,) = await database.fetchrow(TENANTS, 1, LONGEST_SERVICE)
    one = {"tenantId": f"ten_{tenant.hex}", "service": LONGEST_SERVICE, **LONGEST_NUMBERS}
    keys = [f"{n:0255d}" for n in range(MOST_EVENTS)]
    assert (await record(served, [{**one, "key": key} for key in keys]))["accepted"] == MOST_EVENTS
    less = {**one, "quantity": f"-{one['quantity']}"}
    corrections = [{**less, "key": f"-{key[1:]}", "corrects": key} for key in keys]
    assert (await record(served, corrections))["accepted"] == MOST_EVENTS
    assert tuple(await database.fetchrow(TOTALS)) == (1, 0, 0, 2 * MOST_EVENTS)
    answer = await served.admin.ask(RECORD, input={"events": [{**one, "key": "की" * 127} for _ in keys]})
    assert answer["errors"][0]["message"] == "The body may have at most 1,048,576 bytes. Split the request."
