"""What Prometheus reads: each thing that happens moves its own number, and labels come from our own words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from domain import access
from server.metrics import KINDS
from server.webhook_http import Sender
from server.webhooks import Deliverer
from services.counting import Distribution
from services.people import create_tenant
from services.people_input import NewTenant
from services.webhook_endpoints import NewEndpoint, create_endpoint
from services.webhook_messages import send_test
from tests.api import PASSWORD, PHONE, Api, api
from tests.asking import DOCUMENTS
from tests.receiver import OK, receiving, says

TOP_UPS = """
mutation ($id: ID!) {
  a: topUp(input: {walletId: $id, amountMinor: 5, idempotencyKey: "%s"}) { __typename }
  b: topUp(input: {walletId: $id, amountMinor: 6, idempotencyKey: "%s"}) { __typename }
  ...More
}
fragment More on Mutation { c: topUp(input: {walletId: "wal_0", amountMinor: 7, idempotencyKey: "%s"}) { __typename } }
"""
Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def numbers(here: Api) -> Numbers:
    text = (await here.http.get(here.url.replace("/graphql", "/metrics"))).text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("tijori_")
    }


@dataclass
class Moved:
    """By how much each number moved, where it did."""

    by: Numbers = field(default_factory=dict)

    def of(self, name: str, **labels: str) -> float:
        return self.by.get((f"tijori_{name}", tuple(sorted(labels.items()))), 0)

    def all_of(self, name: str) -> dict[str, float]:
        """By their labels' values."""
        found = {labels: by for (named, labels), by in self.by.items() if named == f"tijori_{name}"}
        return {" ".join(value for _, value in labels): by for labels, by in found.items()}


@asynccontextmanager
async def moving(here: Api) -> AsyncIterator[Moved]:
    before, moved = await numbers(here), Moved()
    yield moved
    after = await numbers(here)
    moved.by = {key: by for key, value in after.items() if (by := value - before.get(key, 0))}


async def wallet(here: Api) -> str:
    tenant = await create_tenant(here.shared.core, access.SYSTEM, NewTenant("Mohan Sai Publications"))
    return f"wal_{tenant.id.hex}"


def move(wallet_id: str, amount: int, key: str, **more: Any) -> dict[str, Any]:
    return {"walletId": wallet_id, "amountMinor": amount, "description": "", "idempotencyKey": key, **more}


async def test_requests_are_counted_and_timed_by_route_and_never_by_what_was_sent(database_url: str) -> None:
    async with api(database_url) as here:
        async with moving(here) as moved:
            await here.nobody.ask("{ viewer { id } }")
            await here.nobody.ask("{ viewer { id } }")
            await here.http.request("PATCH", here.url)
            await here.http.request("PROPFIND", here.url)
            for path in ("/nowhere/at/all", "/tjs_secret"):
                await here.http.get(here.url.replace("/graphql", path))
        counted = moved.all_of("requests_total")
        assert counted.pop("GET /metrics 200") == 1
        assert counted == {
            "POST /graphql 200": 2,
            "PATCH /graphql 405": 1,
            "OTHER /graphql 405": 1,
            "GET unknown 404": 2,
        }
        assert moved.of("request_duration_seconds_count", route="/graphql") == 4
        assert moved.of("request_duration_seconds_bucket", route="unknown", le="+Inf") == 2
        assert 0 < moved.of("request_duration_seconds_sum", route="/graphql") < 10


async def test_root_fields_are_counted_with_what_became_of_each(database_url: str) -> None:
    async with api(database_url) as here:
        id_ = await wallet(here)
        async with moving(here) as moved:
            both = TOP_UPS % ("k", "k", "l")
            answer = await here.admin.ask(both, id=id_)
            assert answer["errors"][0]["path"] == ["c"]
        assert moved.all_of("graphql_fields_total") == {
            "topUp mutation ok": 1,
            "topUp mutation IdempotencyConflict": 1,
            "topUp mutation NOT_FOUND": 1,
        }
        assert moved.all_of("refusals_total") == {"IdempotencyConflict": 1, "NOT_FOUND": 1}


async def test_each_kind_of_fault_is_counted_as_what_it_is(database_url: str) -> None:
    async with api(database_url) as here:
        id_ = await wallet(here)
        debit = DOCUMENTS["adjust"]
        async with moving(here) as moved:
            await here.nobody.ask("{ tenants { edges { node { id } } } }")
            await here.admin.ask("{ nothing }")
            await here.http.post(here.url, content=b"{", headers={"Content-Type": "application/json"})
            await here.admin.ask(debit, input=move(id_, 5, "d", operation="SUBTRACT"))
            here.shared.core.posting._closing = True
            await here.admin.ask(debit, input=move(id_, 5, "e", operation="ADD"))
            here.shared.core.posting._closing = False
        assert moved.all_of("refusals_total") == {
            "UNAUTHENTICATED": 1,
            "BAD_USER_INPUT": 2,
            "InsufficientFunds": 1,
            "UNAVAILABLE": 1,
        }


async def test_every_kind_of_refusal_is_there_before_it_happens(database_url: str) -> None:
    async with api(database_url) as here:
        kinds = {dict(labels)["kind"] for name, labels in await numbers(here) if name == "tijori_refusals_total"}
    assert kinds == set(KINDS)
    assert {"InsufficientFunds", "UsageRefused", "RATE_LIMITED", "INTERNAL"} <= kinds


async def test_postings_batches_and_their_times_are_counted(database_url: str) -> None:
    async with api(database_url) as here:
        ids = [await wallet(here) for _ in range(3)]
        async with moving(here) as moved:
            await asyncio.gather(
                *(here.admin.ask(DOCUMENTS["top_up"], input=move(one, 500, f"{n}")) for n in range(4) for one in ids)
            )
            await here.admin.ask(DOCUMENTS["top_up"], input=move(ids[0], 500, "0"))  # known: writes nothing
        assert moved.of("posted_transactions_total") == 12
        assert moved.of("posted_operations_total") == 12
        batches = moved.of("posting_batches_total")
        assert 1 <= batches <= 13
        assert moved.of("posting_batch_commands_count") == batches
        assert moved.of("posting_batch_commands_sum") == 13
        assert moved.of("posting_commit_seconds_count") == moved.of("posting_wait_seconds_count") == batches
        assert 0 < moved.of("posting_commit_seconds_sum") < 60


async def test_signing_in_is_counted_by_how_it_went(database_url: str) -> None:
    async with api(database_url) as here:
        with capture_logs():
            async with moving(here) as moved:
                await here.nobody.sign_in(PHONE, PASSWORD)
                for phone in ("+919876511111", "no phone"):
                    await here.nobody.ask(
                        'mutation ($p: String!) { signIn(phone: $p, password: "wrong horse") { __typename } }', p=phone
                    )
        assert moved.all_of("sign_ins_total") == {"ok": 1, "wrong": 2}


async def test_streams_and_sockets_are_counted_while_they_live(database_url: str) -> None:
    async with api(database_url) as here:
        id_ = await wallet(here)
        follows = "subscription ($id: ID!) { walletEvents(walletId: $id) { __typename } }"
        async with moving(here) as opened, AsyncExitStack() as closing:
            one = await closing.enter_async_context(here.subscribe(here.admin, follows, id=id_))
            other = await closing.enter_async_context(
                here.subscribe(here.admin, "subscription { walletsChanged { id } }")
            )
            await one.next()
            await other.next()
            await here.admin.ask(DOCUMENTS["top_up"], input=move(id_, 500, "k"))
            await one.next()
            live = await numbers(here)
            assert live["tijori_streams", (("kind", "walletEvents"),)] == 1
            assert live["tijori_streams", (("kind", "walletsChanged"),)] == 1
            assert live["tijori_sockets", (("route", "/graphql"),)] == 2
        async with asyncio.timeout(20):
            while (last := await numbers(here))["tijori_sockets", (("route", "/graphql"),)]:
                pass
        assert {value for (name, _), value in last.items() if name == "tijori_streams"} == {0}
        assert opened.of("posting_batches_total") == 1


async def test_billing_is_counted_by_tenants_and_invoices(database_url: str) -> None:
    async with api(database_url) as here:
        tenant = UUID(hex=(await wallet(here)).partition("_")[2])
        price = """mutation ($id: ID!) { setPrice(input: {tenantId: $id, service: "EPAPER", unit: "page",
          unitPriceMinor: "200", effectiveFrom: "2025-02-01T00:00:00Z"}) { __typename } }"""
        usage = """mutation ($id: ID!) { recordUsage(input: {events: [{tenantId: $id, key: "k",
          service: "EPAPER", quantity: "3"}]}) { __typename } }"""
        for document in (price, usage):
            assert "errors" not in await here.admin.ask(document, id=f"ten_{tenant.hex}")
        here.at("2025-03-02T00:00:00+00:00")
        with capture_logs() as logged:
            async with moving(here) as moved:
                await here.admin.ask('mutation { runBilling(input: {month: "2025-02"}) { __typename } }')
        assert moved.of("billed_tenants_total") == 1
        assert moved.all_of("issued_invoices_total") == {"DUE": 1}
        assert moved.of("billing_failures_total") == 0
        assert (moved.of("billing_run_seconds_count"), moved.of("billing_runs_in_progress")) == (1, 0)
        told = [event["event"] for event in logged if event["event"].startswith("billing run")]
        assert told == ["billing run begun", "billing run ended"]


async def test_webhooks_are_counted_by_what_became_of_them(database_url: str) -> None:
    async with api(database_url) as here, receiving() as receiver:
        core = replace(here.shared.core, private_webhooks=True)
        deliverer = Deliverer(core, Sender(private=True))
        endpoint, _ = await create_endpoint(core, access.SYSTEM, NewEndpoint(receiver.url))
        async with moving(here) as moved:
            for answer in (OK, says("500 Broken"), says("410 Gone")):
                receiver.answer = answer
                await send_test(core, access.SYSTEM, endpoint.id)
                await deliverer.begin()
                await deliverer.finish()
        await deliverer.stop()
        assert moved.all_of("webhook_attempts_total") == {"delivered": 1, "again": 1, "failed": 1}
        assert (moved.of("webhook_seconds_count"), moved.of("webhooks_in_progress")) == (3, 0)


def test_a_distribution_counts_each_value_at_its_first_bound() -> None:
    seen = Distribution((1, 10, 100))
    for value in (0, 1, 2, 10, 11, 100, 101, 5_000):
        seen.add(value)
    assert (seen.counts, seen.total) == ([2, 2, 2, 2], 5_225)
