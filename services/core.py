"""What every story is told with: the posting task, the clock, and the secret that keys hashes."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from domain.changes import ChangeKind
from services.clock import Clock
from services.counting import BillingCounts, WebhookCounts
from services.gate import Gate
from services.posting import Posting


@dataclass(frozen=True, slots=True)
class Core:
    """One per process."""

    posting: Posting
    clock: Clock
    secret: bytes
    background: set[asyncio.Task[None]] = field(default_factory=set)
    """Stories that go on after their answer: runs over many tenants."""
    tell_run: Callable[[UUID], None] = lambda _: None
    """Hears of every billing run that has come further."""
    tell_erased: Callable[[Iterable[UUID]], None] = lambda _: None
    """Hears of the wallets in whose logs words were erased."""
    tell_ended: Callable[[], None] = lambda: None
    """Hears, after its commit, of every story that ended what somebody entered with, or took from what it may."""
    tell_changed: Callable[[ChangeKind, UUID | None], None] = lambda _kind, _tenant_id: None
    """Hears, after its commit, of what has changed that no audit row tells of: its kind, and the tenant (or the user
    without one) whose it is; None: several tenants', or nobody's in particular."""
    open_registration: bool = False
    """Whether people may sign themselves up."""
    limit_sign_ins: bool = True
    """Off only where the time that signing in takes is measured."""
    billing: BillingCounts = field(default_factory=BillingCounts)
    """What this process has billed."""
    private_webhooks: bool = False
    """Whether messages may be sent within the server's own network."""
    webhooks: WebhookCounts = field(default_factory=WebhookCounts)
    """What this process has sent to webhook endpoints."""
    batches: Gate = field(default_factory=lambda: Gate(at_once=2, waiting=30))
    """Usage by the thousand: one is worked on here while the database works on another."""
    rehearsals: Gate = field(default_factory=lambda: Gate(at_once=1, waiting=4))
    """Drafts of prices over many tenants: each takes seconds, and a connection meanwhile."""
    long_reads: Gate = field(default_factory=lambda: Gate(at_once=2, waiting=60))
    """A month's events by day, and logs added up for the first time: parts of a second each, and a connection."""
