"""Billing runs as they go: whoever watches one gets its state, then each newer one until it is finished.

The stored run is the source. News only wakes watchers up; a poll every 2 s covers what was lost.
"""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

from domain.refusals import Unavailable
from services.billing_queries import RunRecord, load_runs
from services.coalescing import Coalescer
from services.feed import Bell
from services.waiting import rung

POLL_SECONDS = 2.0
PAUSE_SECONDS = 0.3
"""Between two states for one watcher."""


class RunFeed:
    """One per process."""

    def __init__(self) -> None:
        self._bells: dict[UUID, Bell] = {}
        self._watchers: dict[UUID, int] = {}
        self._runs: Coalescer[UUID, RunRecord] = Coalescer(load_runs)

    @property
    def watchers(self) -> int:
        """Live streams."""
        return sum(self._watchers.values())

    def wake(self, run_id: UUID) -> None:
        """The run has come further, here or elsewhere."""
        if (bell := self._bells.get(run_id)) is not None:
            bell.ring()

    async def follow(self, run_id: UUID) -> AsyncGenerator[RunRecord, None]:
        """The run as it stands, then as it changes, at most a few times a second; ends when the run has."""
        bell = self._bells.setdefault(run_id, Bell())
        self._watchers[run_id] = self._watchers.get(run_id, 0) + 1
        try:
            shown: RunRecord | None = None
            while shown is None or shown.finished_at is None:
                ringing = bell.event
                if (run := await self._load(run_id, shown)) is None:
                    return
                if run != shown:
                    yield (shown := run)
                if run.finished_at is None:
                    await _wait(ringing)
        finally:
            self._watchers[run_id] -= 1
            if not self._watchers[run_id]:
                del self._watchers[run_id], self._bells[run_id]

    async def _load(self, run_id: UUID, shown: RunRecord | None) -> RunRecord | None:
        """With the store away, what was shown last."""
        try:
            return await self._runs.get(run_id)
        except Unavailable:
            if shown is None:
                raise
            return shown


async def _wait(ringing: asyncio.Event) -> None:
    await asyncio.sleep(PAUSE_SECONDS)
    await rung(ringing, POLL_SECONDS - PAUSE_SECONDS)
