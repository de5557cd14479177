"""What an operator's Prometheus reads."""

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from resolvers.context import Shared

MEDIA_TYPE = CONTENT_TYPE_LATEST

_QUEUED = Gauge("tijori_posting_queue", "Commands that wait for the next group commit")
_POSTED = Gauge("tijori_posted_transactions", "Transactions that this process has written to wallets' logs")
_BATCHES = Gauge("tijori_posting_batches", "Group commits of this process")
_READERS = Gauge("tijori_feed_readers", "Live streams that this process feeds")


def render(shared: Shared | None) -> bytes:
    """All of them as text. Counted where it happens by plain integers, shown here."""
    if shared is not None:
        posting = shared.core.posting
        _QUEUED.set(posting.queued)
        _POSTED.set(posting.transactions_written)
        _BATCHES.set(posting.batches_committed)
        _READERS.set(shared.feed.readers)
    return generate_latest()
