"""Tells the other processes on this database what has changed: wallets, billing runs, kinds of things; and hears it.

Notifications only wake readers up, so losing one costs two seconds and nothing else. They are sent after the commit,
together, from a connection of their own: inside the posting transaction they would serialize all commits.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Collection, Iterable, Sequence
from functools import partial
from uuid import UUID

import asyncpg
import structlog

from domain.changes import Change, ChangeKind
from domain.ledger import Transaction
from server.bus_changes import ChangeMessages
from services.changes import ChangeFeed
from services.database import DATABASE_AWAY
from services.feed import Feed
from services.run_feed import RunFeed
from services.waiting import rung

CHANNEL = "tijori_wallets"
RUNS_CHANNEL = "tijori_runs"
ERASED_CHANNEL = "tijori_erased"
CHANGES_CHANNEL = "tijori_changes"
POLL_SECONDS = 2.0
RECONNECT_SECONDS = 0.5
SAY_SECONDS = 1.0
"""That the last words may take while stopping."""
NOTIFY = "SELECT pg_notify($1, $2)"
_PER_MESSAGE = 200  # of 32 digits and a comma: PostgreSQL takes 8,000 bytes

log = structlog.get_logger()


class Bus:
    """One per process."""

    def __init__(self, url: str, feed: Feed, runs: RunFeed, changes: ChangeFeed) -> None:
        self._url = url
        self._feed = feed
        self._runs = runs
        self._changes = changes
        self._me = secrets.token_hex(8)
        self._messages = ChangeMessages(self._me, changes)
        self._changed: dict[UUID, None] = {}
        self._changed_runs: dict[UUID, None] = {}
        self._erased: dict[UUID, None] = {}
        self._to_send = asyncio.Event()
        self._all_said = asyncio.Event()
        self._heard: asyncio.Queue[list[UUID]] = asyncio.Queue(maxsize=1_000)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to tell and to hear."""
        self._send_soon()
        loops = (self._connected(), self._waking(), self._polling())
        self._tasks = [asyncio.create_task(loop, name="bus") for loop in loops]

    async def stop(self) -> None:
        """Let the connection go, once all is said."""
        if self._tasks:
            await rung(self._all_said, SAY_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, transactions: Sequence[Transaction]) -> None:
        """What this process has just committed: its own readers at once, the others by a notification."""
        self._feed.tell(transactions)
        invoiced = {t.wallet_id for t in transactions if t.invoice is not None}
        self.tell_changes([Change(ChangeKind.INVOICES, wallet_id) for wallet_id in invoiced])
        self._changed.update(dict.fromkeys(t.wallet_id for t in transactions))
        self._send_soon()

    def tell_run(self, run_id: UUID) -> None:
        """A billing run has come further in this process."""
        self._runs.wake(run_id)
        self._changed_runs[run_id] = None
        self.tell_changed(ChangeKind.BILLING, None)

    def tell_changed(self, kind: ChangeKind, tenant_id: UUID | None) -> None:
        """Something of this kind, the tenant's or several tenants', has been changed and committed here."""
        self.tell_changes([Change(kind, tenant_id)])

    def tell_changes(self, changes: Collection[Change]) -> None:
        """The same of more than one."""
        self._changes.tell(changes)
        self._messages.add(changes)
        self._send_soon()

    def tell_erased(self, wallet_ids: Iterable[UUID]) -> None:
        """Words in these wallets' logs were erased: no process keeps them."""
        erased = list(wallet_ids)
        self._feed.forget(erased)
        self._erased.update(dict.fromkeys(erased))
        self._send_soon()

    async def _connected(self) -> None:
        """For ever: a connection that hears and sends. After a gap in hearing, the poll finds what was missed."""
        while True:
            with contextlib.suppress(*DATABASE_AWAY):
                connection = await asyncpg.connect(self._url, timeout=5, command_timeout=10)
                try:
                    await connection.add_listener(CHANNEL, self._hear)
                    await connection.add_listener(RUNS_CHANNEL, self._hear_runs)
                    await connection.add_listener(ERASED_CHANNEL, self._hear_erased)
                    await connection.add_listener(CHANGES_CHANNEL, self._hear_changes)
                    connection.add_termination_listener(lambda _: self._to_send.set())
                    self._feed.forget()  # what was said before was not heard
                    self._messages.connected()
                    await self._sending(connection)
                finally:
                    connection.terminate()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _sending(self, connection: asyncpg.Connection) -> None:
        while not connection.is_closed():
            await rung(self._to_send, POLL_SECONDS)
            self._to_send.clear()
            changed, self._changed = list(self._changed), {}
            await self._notify(connection, CHANNEL, changed)
            changed, self._changed_runs = list(self._changed_runs), {}
            await self._notify(connection, RUNS_CHANNEL, changed)
            changed, self._erased = list(self._erased), {}
            await self._notify(connection, ERASED_CHANNEL, changed)
            await self._messages.send(partial(connection.execute, NOTIFY, CHANGES_CHANNEL))
            if not self._to_send.is_set():
                self._all_said.set()

    def _send_soon(self) -> None:
        self._all_said.clear()
        self._to_send.set()

    async def _notify(self, connection: asyncpg.Connection, channel: str, changed: Sequence[UUID]) -> None:
        for start in range(0, len(changed), _PER_MESSAGE):
            payload = ",".join([self._me, *(i.hex for i in changed[start : start + _PER_MESSAGE])])
            await connection.execute(NOTIFY, channel, payload)

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if wallet_ids := self._told_by_others(payload):
            with contextlib.suppress(asyncio.QueueFull):  # then the poll finds them
                self._heard.put_nowait(wallet_ids)

    def _hear_runs(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for run_id in self._told_by_others(payload):
            self._runs.wake(run_id)

    def _hear_erased(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._feed.forget(self._told_by_others(payload))

    def _hear_changes(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._messages.hear(str(payload))

    def _told_by_others(self, payload: object) -> list[UUID]:
        sender, *changed = str(payload).split(",")
        return [UUID(hex=text) for text in changed] if sender != self._me else []

    async def _waking(self) -> None:
        while True:
            await self._guarded(self._feed.wake(await self._heard.get()))

    async def _polling(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self._guarded(self._feed.poll())

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            log.warning("the feed could not be woken", error=repr(error))
