"""The live feed: each subscriber of a wallet gets every version after the one it holds, in order, once.

The log is the source. Notifications (and what this process posts itself) only wake readers up; what a wallet's readers
have in common is read once and kept in a short ring, and a slow reader is re-read from the log.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from uuid import UUID

from domain.ledger import Transaction
from services.clock import Clock
from services.database import read
from services.wallet_queries import LogFilter, list_transactions

RING = 256
"""Transactions of one wallet that are kept for all its readers."""
MOST_CHANGED = 200
"""Wallets in one message of changes."""
_EVERYTHING = LogFilter()
_VERSIONS = "SELECT id, version FROM wallets WHERE id = ANY($1::uuid[])"
_RECENT = """
SELECT wallet_id, max(last_version) AS version FROM operations
WHERE created_at > coalesce($1::timestamptz, statement_timestamp()) - interval '10 seconds' GROUP BY wallet_id
"""


class Bell:
    """Wakes all who wait; whoever asked for it before it rang is woken too."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def ring(self) -> None:
        """Wake them; later waiters wait for the next time."""
        self.event.set()
        self.event = asyncio.Event()


class _Topic:
    """A wallet with readers, and the newest of its log: consecutive versions, of whole operations."""

    def __init__(self) -> None:
        self.readers = 0
        self.bell = Bell()
        self._ring: deque[Transaction] = deque(maxlen=RING)

    @property
    def newest(self) -> int:
        return self._ring[-1].after.version if self._ring else 0

    def add(self, transactions: Iterable[Transaction]) -> None:
        """After a gap the ring begins anew: who still needs what is missing reads the log."""
        for transaction in transactions:
            version = transaction.after.version
            if version <= self.newest:
                continue
            if self._ring and version != self.newest + 1:
                self._ring.clear()
            self._ring.append(transaction)

    def clear(self) -> None:
        """Its readers read the log."""
        self._ring.clear()

    def after(self, version: int) -> list[Transaction] | None:
        """What follows a version; None where the ring does not reach back that far."""
        if not self._ring or self._ring[0].after.version > version + 1:
            return None
        return [t for t in self._ring if t.after.version > version]


class Changes:
    """The wallets that have changed since a reader last asked, each once; of some ids, or of all."""

    def __init__(self, wallet_ids: Iterable[UUID] | None) -> None:
        self.wallet_ids = frozenset(wallet_ids) if wallet_ids is not None else None
        self._changed: dict[UUID, None] = {}
        self._bell = Bell()

    def add(self, wallet_ids: Iterable[UUID]) -> None:
        """Those that it cares for wake the reader."""
        new = [i for i in wallet_ids if self.wallet_ids is None or i in self.wallet_ids]
        if new:
            self._changed.update(dict.fromkeys(new))
            self._bell.ring()

    async def take(self) -> list[UUID]:
        """Wait for a change, then the ids of up to 200 of those that changed."""
        while not self._changed:
            await self._bell.event.wait()
        taken = list(self._changed)[:MOST_CHANGED]
        for wallet_id in taken:
            del self._changed[wallet_id]
        return taken


class Feed:
    """One per process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._topics: dict[UUID, _Topic] = {}
        self._changes: set[Changes] = set()
        self._told: dict[UUID, int] = {}
        """Newest versions that watchers here know of, of the last seconds."""

    @property
    def readers(self) -> int:
        """Live streams."""
        return self.followers + self.watchers

    @property
    def followers(self) -> int:
        """Streams of one wallet's life."""
        return sum(topic.readers for topic in self._topics.values())

    @property
    def watchers(self) -> int:
        """Streams of what has changed."""
        return len(self._changes)

    def tell(self, transactions: Sequence[Transaction]) -> None:
        """What this process has just committed, whole operations."""
        by_wallet: dict[UUID, list[Transaction]] = {}
        for transaction in transactions:
            by_wallet.setdefault(transaction.wallet_id, []).append(transaction)
        for wallet_id, some in by_wallet.items():
            if (topic := self._topics.get(wallet_id)) is not None:
                topic.add(some)
                topic.bell.ring()
            if self._changes:
                self._told[wallet_id] = some[-1].after.version
        self._tell_changes(by_wallet)

    async def wake(self, wallet_ids: Iterable[UUID]) -> None:
        """These have changed elsewhere: read once what their readers here lack."""
        some = list(wallet_ids)
        for wallet_id in some:
            if (topic := self._topics.get(wallet_id)) is not None:
                await self._refresh(wallet_id, topic)
        self._tell_changes(some)

    def forget(self, wallet_ids: Iterable[UUID] | None = None) -> None:
        """What is kept of these wallets, or of all: words in it may have been erased."""
        for wallet_id in self._topics if wallet_ids is None else wallet_ids:
            if (topic := self._topics.get(wallet_id)) is not None:
                topic.clear()

    async def poll(self) -> None:
        """Should a notification have been lost: the wallets read here that have moved on."""
        rows = await read(_VERSIONS, list(self._topics)) if self._topics else []
        await self.wake([row["id"] for row in rows if row["version"] > self._newest(row["id"])])
        if self._changes:
            recent = {row["wallet_id"]: row["version"] for row in await read(_RECENT, self._clock.fixed)}
            self._tell_changes([i for i, version in recent.items() if version > self._told.get(i, 0)])
            self._told = recent

    async def follow(self, wallet_id: UUID, version: int) -> AsyncGenerator[list[tuple[Transaction, bool]], None]:
        """Every transaction after the version, for ever, each with whether it is the last of its operation."""
        topic = self._topics.setdefault(wallet_id, _Topic())
        topic.readers += 1
        try:
            while True:
                rung = topic.bell.event
                some = topic.after(version)
                more = False
                if some is None:
                    some = await list_transactions(wallet_id, _EVERYTHING, RING + 1, above=version, oldest_first=True)
                    more = len(some) > RING
                if some:
                    marked = _marked(some)
                    yield marked[:-1] if more else marked
                    version = some[-2 if more else -1].after.version
                else:
                    await rung.wait()
        finally:
            topic.readers -= 1
            if topic.readers == 0:
                self._topics.pop(wallet_id, None)

    def watch(self, wallet_ids: Iterable[UUID] | None) -> Changes:
        """Changes from now on, of these wallets or of all. Give it back with `unwatch`."""
        changes = Changes(wallet_ids)
        self._changes.add(changes)
        return changes

    def unwatch(self, changes: Changes) -> None:
        """The reader has gone."""
        self._changes.discard(changes)

    async def _refresh(self, wallet_id: UUID, topic: _Topic) -> None:
        if topic.newest:
            lacked = await list_transactions(wallet_id, _EVERYTHING, RING + 1, above=topic.newest, oldest_first=True)
            if len(lacked) > RING:  # it would end within an operation, and before the end of the log
                topic.clear()
            else:
                topic.add(lacked)
        topic.bell.ring()

    def _newest(self, wallet_id: UUID) -> int:
        topic = self._topics.get(wallet_id)
        return topic.newest if topic else 0

    def _tell_changes(self, wallet_ids: Iterable[UUID]) -> None:
        for changes in self._changes:
            changes.add(wallet_ids)


def _marked(transactions: Sequence[Transaction]) -> list[tuple[Transaction, bool]]:
    """Each with whether the next one belongs to another operation, or there is none."""
    following: list[Transaction | None] = [*transactions[1:], None]
    return [
        (one, after is None or after.operation_id != one.operation_id)
        for one, after in zip(transactions, following, strict=True)
    ]
