"""What this process has answered, in plain numbers: server/metrics.py shows them. All labels come from our own code."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from services.counting import Distribution


@dataclass(slots=True)
class Traffic:
    """Routes are paths as they are declared, with their parameters' names."""

    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """By route, method and status."""
    durations: defaultdict[str, Distribution] = field(default_factory=lambda: defaultdict(Distribution))
    """By route, in nanoseconds."""
    in_progress: int = 0
    sockets: Counter[str] = field(default_factory=Counter)
    """Open ones by route."""
    fields: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """GraphQL's root fields by kind of operation, name, and "ok" or why not."""
    sign_ins: Counter[str] = field(default_factory=Counter)
    """By "ok" or why not."""


TRAFFIC = Traffic()
