"""What an operator's Prometheus reads. Counted where it happens by plain integers, told here.

Labels are names of ours: routes as declared, kinds of refusals, root fields. `refused` is for every transport.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    REGISTRY,
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from domain.ledger import InvoiceStatus
from domain.refusals import Fault, Refusal
from resolvers.context import Shared
from resolvers.noting import REFUSED, refused
from server.traffic import TRAFFIC
from services.counting import BillingCounts, Distribution, WebhookCounts
from services.posting import Posting

__all__ = ["MEDIA_TYPE", "refused", "render"]
MEDIA_TYPE = CONTENT_TYPE_LATEST
NANOSECONDS = 1_000_000_000
KINDS = (
    *(refusal.__name__ for refusal in Refusal.__subclasses__()),
    *(fault.code for fault in Fault.__subclasses__()),
    "INTERNAL",
)
Labelled = Mapping[Any, int]
"""By the labels' values, in a tuple."""
Distributions = Mapping[Any, Distribution]


def render(shared: Shared | None) -> bytes:
    """All of them as text: of the process, of what it answered and, once the store is open, of what it does there."""
    registry = CollectorRegistry()
    registry.register(REGISTRY)
    registry.register(_Families(shared))
    return generate_latest(registry)


class _Families:
    """The library asks for them by this name."""

    def __init__(self, shared: Shared | None) -> None:
        self._shared = shared

    def collect(self) -> Iterator[Metric]:
        yield from _traffic()
        if (shared := self._shared) is not None:
            yield from _posting(shared.core.posting)
            yield from _billing(shared.core.billing)
            yield from _webhooks(shared.core.webhooks)
            streams = {
                ("walletEvents",): shared.feed.followers,
                ("walletsChanged",): shared.feed.watchers,
                ("billingRun",): shared.runs.watchers,
                ("changed",): shared.changes.readers,
            }
            yield _gauge("streams", "Live streams that this process feeds, by kind", streams, "kind")


def _traffic() -> Iterator[Metric]:
    requests = {(route, method, str(status)): n for (route, method, status), n in TRAFFIC.requests.items()}
    yield _counter("requests", "HTTP requests answered", requests, "route", "method", "status")
    durations = {(route,): of for route, of in TRAFFIC.durations.items()}
    yield _histogram("request_duration_seconds", "From a request's head to the end of its answer", durations, "route")
    yield _gauge("requests_in_progress", "HTTP requests being answered", {(): TRAFFIC.in_progress})
    yield _gauge("sockets", "Open websockets", {(route,): n for route, n in TRAFFIC.sockets.items()}, "route")
    yield _counter(
        "graphql_fields",
        "Root fields executed, and what became of them",
        TRAFFIC.fields,
        "operation",
        "field",
        "outcome",
    )
    refusals = {(kind,): REFUSED[kind] for kind in dict.fromkeys((*KINDS, *REFUSED))}
    yield _counter("refusals", "Refusals and errors answered, whatever the transport", refusals, "kind")
    yield _counter("sign_ins", "Tries to sign in", {(how,): n for how, n in TRAFFIC.sign_ins.items()}, "outcome")


def _posting(posting: Posting) -> Iterator[Metric]:
    yield _gauge("posting_queue", "Commands that wait for the next group commit", {(): posting.queued})
    yield _counter("posted_transactions", "Transactions written to wallets' logs", {(): posting.transactions_written})
    yield _counter("posted_operations", "Operations written", {(): posting.operations_written})
    yield _counter("posting_batches", "Group commits", {(): posting.batches_committed})
    yield _counter("posting_connections_lost", "Times that posting lost the database", {(): posting.connections_lost})
    sizes = {(): posting.batch_sizes}
    yield _histogram("posting_batch_commands", "Commands of a group commit", sizes, unit=1)
    yield _histogram("posting_commit_seconds", "A group commit's transaction", {(): posting.commit_times})
    yield _histogram("posting_wait_seconds", "How long a batch's first command waited", {(): posting.waiting_times})


def _billing(billing: BillingCounts) -> Iterator[Metric]:
    yield _counter("billed_tenants", "Months of tenants closed by billing runs", {(): billing.tenants})
    yield _counter("billing_failures", "Tenants that a billing run could not bill", {(): billing.failures})
    issued = {
        (status.value,): billing.invoices[status.value] for status in InvoiceStatus if status is not InvoiceStatus.VOID
    }
    yield _counter("issued_invoices", "Invoices issued by billing runs, as they began", issued, "status")
    yield _gauge("billing_runs_in_progress", "Billing runs under way here", {(): billing.runs_in_progress})
    yield _histogram("billing_run_seconds", "A billing run, as long as it was here", {(): billing.runs})


def _webhooks(webhooks: WebhookCounts) -> Iterator[Metric]:
    attempts = {(became,): webhooks.attempts[became] for became in ("delivered", "again", "failed", "unknown")}
    yield _counter("webhook_attempts", "Tries to deliver a webhook, by what became of it", attempts, "outcome")
    yield _gauge("webhooks_in_progress", "Webhooks being sent here", {(): webhooks.sending})
    yield _histogram("webhook_seconds", "From a name's look-up to the end of the answer", {(): webhooks.times})


def _counter(name: str, says: str, values: Labelled, *labels: str) -> Metric:
    family = CounterMetricFamily(f"tijori_{name}", f"{says}.", labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _gauge(name: str, says: str, values: Labelled, *labels: str) -> Metric:
    family = GaugeMetricFamily(f"tijori_{name}", f"{says}.", labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _histogram(name: str, says: str, values: Distributions, *labels: str, unit: int = NANOSECONDS) -> Metric:
    family = HistogramMetricFamily(f"tijori_{name}", f"{says}.", labels=labels)
    for of, distribution in values.items():
        family.add_metric(of, _buckets(distribution, unit), distribution.total / unit)
    return family


def _buckets(distribution: Distribution, unit: int) -> Sequence[tuple[str, float]]:
    """Prometheus has them cumulative, the last one without a bound."""
    names = [f"{bound / unit:g}" for bound in distribution.bounds] + ["+Inf"]
    below, buckets = 0, []
    for name, count in zip(names, distribution.counts, strict=True):
        below += count
        buckets.append((name, float(below)))
    return buckets
