"""A billing run as its watchers see it, over sockets and from other processes: laws 23 and 25."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from services.billing_tenants import GROUP
from tests.api import Api, api
from tests.crowd import crowd

RUN = "subscription ($id: ID!) { billingRun(id: $id) { id done tenants invoiceCount locked finishedAt } }"
BILL = 'mutation { runBilling(input: {month: "2025-02"}) { ... on BillingPayload { run { id done tenants } } } }'
TOKEN = """mutation ($permissions: [String!]!, $tenant: ID) {
  createApiToken(input: {name: "t", permissions: $permissions, tenantId: $tenant}) {
    ... on ApiTokenPayload { id token } } }"""

ELSEWHERE = """
INSERT INTO billing_runs (id, month, actor, tenants, started_at, worked_at)
SELECT '01940000-0000-7000-8000-000000000001', '2025-02-01', 'system', 3, at, at
FROM (SELECT timestamptz '2025-03-01Z') t(at)
"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def states(here: Api, run_id: str) -> list[dict[str, Any]]:
    """Until the stream completes."""
    told = []
    async with here.subscribe(here.admin, RUN, id=run_id) as stream:
        while (message := await stream.message())["type"] == "next":
            told.append(message["payload"]["data"]["billingRun"])
    assert message["type"] == "complete"
    return told


async def test_a_run_is_told_as_it_grows_and_the_stream_ends_with_it(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    tenants = await crowd(store, GROUP + 40)
    here.at("2025-03-01T01:00:00+00:00")
    async with store.transaction():
        await store.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", tenants[-1])
        run = (await here.admin.get(BILL))["run"]
        assert (run["done"], run["tenants"]) == (0, len(tenants))
        async with here.subscribe(here.admin, RUN, id=run["id"]) as stream:
            while (await stream.next())["data"]["billingRun"]["done"] < GROUP:
                pass
        watching = asyncio.create_task(states(here, run["id"]))
    told = await watching
    assert [state["done"] for state in told] == sorted({state["done"] for state in told})
    assert told[-1] == {
        "id": run["id"], "done": len(tenants), "tenants": len(tenants), "invoiceCount": len(tenants),
        "locked": len(tenants), "finishedAt": "2025-03-01T01:00:00Z",
    }  # fmt: skip
    assert await states(here, run["id"]) == [told[-1]]


async def test_a_run_of_another_process_is_told_too(here: Api, store: "asyncpg.Connection[asyncpg.Record]") -> None:
    await store.execute(ELSEWHERE)
    async with here.subscribe(here.admin, RUN, id="run_01940000000070008000000000000001") as stream:
        assert (await stream.next())["data"]["billingRun"]["done"] == 0
        await store.execute("UPDATE billing_runs SET done = 2")  # nobody says so: it is found by looking
        assert (await stream.next())["data"]["billingRun"]["done"] == 2
        await store.execute("UPDATE billing_runs SET done = 3, finished_at = started_at")
        await store.execute("SELECT pg_notify('tijori_runs', 'another,01940000000070008000000000000001')")
        assert (await stream.next())["data"]["billingRun"]["finishedAt"] == "2025-03-01T00:00:00Z"
        assert (await stream.message())["type"] == "complete"


@pytest.mark.parametrize("run_id", ["run_01940000000070008000000000000001", "nonsense", "ten_x"])
async def test_what_is_no_run_is_not_found(here: Api, run_id: str) -> None:
    async with here.subscribe(here.admin, RUN, id=run_id) as stream:
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_who_does_not_see_all_tenants_is_told_of_no_run_and_a_stream_ends_with_its_access(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    (tenant,) = await crowd(store, 1)
    here.at("2025-03-01T01:00:00+00:00")
    run = (await here.admin.get(BILL))["run"]
    await store.execute("UPDATE billing_runs SET finished_at = NULL")
    mine = await here.signed_in.get(TOKEN, permissions=["invoice:read"], tenant=f"ten_{tenant.hex}")
    member, nobody = type(here.admin)(here.http, here.url, mine["token"]), here.nobody
    for client, code in ((member, "NOT_FOUND"), (nobody, "UNAUTHENTICATED")):
        async with here.subscribe(client, RUN, id=run["id"]) as stream:
            (error,) = await stream.errors()
        assert error["extensions"]["code"] == code
    theirs = await here.signed_in.get(TOKEN, permissions=["invoice:read"], tenant=None)
    reader = type(here.admin)(here.http, here.url, theirs["token"])
    async with here.subscribe(reader, RUN, id=run["id"]) as stream:
        assert (await stream.next())["data"]["billingRun"]["done"] == 1
        await store.execute("UPDATE api_tokens SET revoked_at = created_at WHERE tenant_id IS NULL")
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
