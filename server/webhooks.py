"""Sends to webhook endpoints what is due, in each process: woken by commits here, and looking each second."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Collection
from uuid import UUID

import structlog

from domain.changes import Change, ChangeKind
from domain.refusals import Unavailable
from domain.webhooks import JITTER_PER_MILLE, DeliveryStatus
from server.webhook_http import Sender
from services.core import Core
from services.database import hearers
from services.waiting import rung
from services.webhook_sending import Message, Outcome, claim, settle

POLL_SECONDS = 1.0
AT_ONCE = 200
"""Requests of a process."""
STOP_SECONDS = 3.0
"""What is under way may end; what does not is sent again by another process."""
_BECAME = {DeliveryStatus.DELIVERED: "delivered", DeliveryStatus.PENDING: "again", DeliveryStatus.FAILED: "failed"}

log = structlog.get_logger()


class Deliverer:
    """One per process. Requests run beside each other, and none in a database transaction."""

    def __init__(self, core: Core, sender: Sender) -> None:
        self._core = core
        self._sender = sender
        self._counts = core.webhooks
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: Counter[UUID] = Counter()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """For ever. A round that fails is logged, and the next one comes all the same."""
        hearers.add(self._hear)
        try:
            while True:
                self._woken.clear()
                await self._round()
                await self._rest()
        finally:
            hearers.discard(self._hear)
            await self.stop()

    async def begin(self) -> int:
        """Send what is due and fits in beside what is under way; how many that is."""
        free = AT_ONCE - len(self._tasks)
        messages = await claim(self._core, self._sending, free) if free else []
        for message in messages:
            self._sending[message.endpoint_id] += 1
            task = asyncio.create_task(self._deliver(message), name="webhook")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._counts.sending += 1
        return len(messages)

    async def finish(self, seconds: float | None = None) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def stop(self) -> None:
        """Nothing more is begun."""
        await self.finish(STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sender.close()

    async def _round(self) -> None:
        try:
            await self.begin()
        except Unavailable:
            pass  # the posting task has said so
        except Exception:
            log.exception("webhooks could not be claimed")

    async def _rest(self) -> None:
        await rung(self._woken, POLL_SECONDS)

    def _hear(self, changes: Collection[Change]) -> None:
        """Of what was committed here."""
        if any(change.kind is ChangeKind.WEBHOOKS for change in changes):
            self._woken.set()

    async def _deliver(self, message: Message) -> None:
        try:
            outcome = await self._outcome(message)
            became = await settle(self._core, message, outcome, secrets.randbelow(JITTER_PER_MILLE + 1))
            self._count(message, outcome, became)
        except Unavailable:
            self._counts.attempts["unknown"] += 1  # its lease ends, and it is sent again
        except Exception:
            log.exception("a webhook could not be settled", endpoint=message.endpoint_id.hex)
        finally:
            self._sending[message.endpoint_id] -= 1
            self._sending += Counter()  # forgets those that nothing is sent to
            self._counts.sending -= 1
            self._woken.set()  # there is room for more

    async def _outcome(self, message: Message) -> Outcome:
        if message.unsendable is not None:
            return Outcome(None, message.unsendable, 0)
        return await self._sender.post(message.url, message.headers, message.payload)

    def _count(self, message: Message, outcome: Outcome, became: DeliveryStatus | None) -> None:
        self._counts.attempts[_BECAME[became] if became else "unknown"] += 1
        self._counts.times.add(outcome.duration_milliseconds * 1_000_000)
        if became is DeliveryStatus.FAILED:
            endpoint, delivery = message.endpoint_id.hex, message.id.hex
            log.warning("a webhook was not delivered", endpoint=endpoint, delivery=delivery, error=outcome.error)
