"""Plain counts that the services keep of their own work; the server shows them to its operator."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_MILLISECOND = 1_000_000
DURATIONS = tuple(
    tenths * _MILLISECOND // 10
    for tenths in (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
)
"""Half a millisecond to ten seconds, in nanoseconds."""
LONG_DURATIONS = tuple(seconds * 1_000 * _MILLISECOND for seconds in (1, 5, 15, 60, 300, 900, 3_600, 14_400))
"""A second to four hours."""


class Distribution:
    """How many values were at most each bound (and, last, how many above all), and their sum. Times in nanoseconds."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[int] = DURATIONS) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0

    def add(self, value: int) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


@dataclass(slots=True)
class BillingCounts:
    """What this process has billed."""

    tenants: int = 0
    failures: int = 0
    """Tenants that could not be billed."""
    invoices: Counter[str] = field(default_factory=Counter)
    """Issued, by the status that they began with."""
    runs_in_progress: int = 0
    runs: Distribution = field(default_factory=lambda: Distribution(LONG_DURATIONS))
    """How long each took this process, finished here or not."""


@dataclass(slots=True)
class WebhookCounts:
    """What this process has sent."""

    attempts: Counter[str] = field(default_factory=Counter)
    """By what became of the delivery: delivered, to be tried again, failed, or sent by another process too."""
    times: Distribution = field(default_factory=Distribution)
    sending: int = 0
    """Under way."""
