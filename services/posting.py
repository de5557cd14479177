"""THE ONE PLACE WHERE MONEY MOVES.

One task per process takes whatever commands have queued up while the last commit was under way, and carries them
through one database transaction: lock → clock and keys → what the clock decided meanwhile → decide → write → commit →
answer → tell. There is no timer: an idle server answers at once, a busy one commits in groups.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter_ns
from uuid import UUID

import structlog

from domain.commands import CloseMonths, Command
from domain.ledger import Transaction
from domain.refusals import Unavailable
from services import posting_past, rating
from services import posting_store as store
from services.clock import Clock
from services.counting import Distribution
from services.database import AWAY, BUSY, DATABASE_AWAY, HELD, Connection, posting_connection, posting_transaction
from services.posting_batch import Batch, Outcome, Posted

QUEUE_LIMIT = 10_000
LARGEST_BATCH = 512
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, LARGEST_BATCH)
RECONNECT_SECONDS = 0.5
BUSY_TRIES = 3
TURNS = 4
"""Of the event loop, before a batch is taken: whoever is being answered or read just then comes along. A busy server
saves transactions by it (a tenth of its time), an idle one loses some microseconds."""
STOPPING = "The server is stopping. Repeat with the same key in a moment: it counts once."
FULL = "Too many requests are queued. Repeat with the same key in a moment: it counts once."

log = structlog.get_logger()
Tell = Callable[[Sequence[Transaction]], None]


@dataclass(slots=True)
class _Waiting:
    command: Command
    answer: asyncio.Future[Posted]
    since: int = field(default_factory=perf_counter_ns)

    def touches(self, wallet_ids: set[UUID]) -> bool:
        """Whether it needs one of these wallets."""
        return self.command.wallet_id in wallet_ids or self.command.other_wallet_id in wallet_ids

    def resolve(self, outcome: Outcome) -> None:
        if self.answer.done():  # its caller went away; the money has moved all the same
            return
        if isinstance(outcome, Posted):
            self.answer.set_result(outcome)
        else:
            self.answer.set_exception(outcome)


def _touched(commands: Iterable[Command]) -> set[UUID]:
    """The wallets that these commands need."""
    touched = set()
    for command in commands:
        touched.add(command.wallet_id)
        if (other := command.other_wallet_id) is not None:
            touched.add(other)
    return touched


def _resolve(some: Sequence[_Waiting], outcome: Outcome) -> None:
    for waiting in some:
        waiting.resolve(outcome)


class Posting:
    """Posts commands to wallets. `tell` hears of every transaction after its commit."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock = clock
        self._tell = tell
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._retrying = False
        self._held: set[UUID] = set()  # wallets that somebody else held too long when we last looked
        self._task: asyncio.Task[None] | None = None
        self.batches_committed = 0
        self.operations_written = 0
        self.transactions_written = 0
        self.connections_lost = 0
        self.batch_sizes = Distribution(SIZES)
        self.waiting_times = Distribution()  # of the first command of each batch
        self.commit_times = Distribution()  # of a batch: its transaction, from the first statement to the commit

    @property
    def queued(self) -> int:
        """Commands that wait for the next group commit."""
        return len(self._queue)

    def start(self) -> None:
        """Begin to take commands."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="posting")

    async def stop(self) -> None:
        """Take no more, finish what is queued, and let the connection go."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task

    async def post(self, command: Command) -> Posted:
        """Raises a Refusal when it cannot be done, Unavailable when it cannot be tried now."""
        if self._closing:
            raise Unavailable(STOPPING)
        if len(self._queue) >= QUEUE_LIMIT:
            raise Unavailable(FULL)
        waiting = _Waiting(command, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.answer

    async def _run(self) -> None:
        """Until stopped: a connection, and batch after batch on it."""
        batch: list[_Waiting] = []
        while batch or self._queue or not self._closing:
            try:
                async with posting_connection() as connection:
                    while batch or self._queue or not self._closing:
                        batch = batch or await self._next()
                        await self._carry(connection, await self._without_held(connection, batch))
                        batch, self._retrying = [], False
            except Exception as error:  # whatever keeps us from the database: this task must outlive it
                if self._task is not None and self._task.cancelling():
                    raise  # but not its own end, where letting the connection go has failed
                batch = await self._after_loss(batch, error)

    async def _next(self) -> list[_Waiting]:
        while not self._queue and not self._closing:
            self._arrived.clear()
            await self._arrived.wait()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self._queue:
            self.waiting_times.add(perf_counter_ns() - self._queue[0].since)
        return [self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_BATCH))]

    async def _after_loss(self, batch: list[_Waiting], error: BaseException) -> list[_Waiting]:
        """The outcome of a batch is unknown: it is tried once more, and then looks itself up before it posts."""
        log.warning("posting lost the database", error=repr(error), commands=len(batch))
        self.connections_lost += 1
        if batch and not self._retrying:
            self._retrying = True
            return [waiting for waiting in batch if not waiting.answer.done()]
        self._retrying = False
        _resolve([*batch, *self._queue], Unavailable(AWAY))
        self._queue.clear()
        if not self._closing:
            await asyncio.sleep(RECONNECT_SECONDS)
        return []

    async def _carry(self, connection: Connection, batch: list[_Waiting], tries: int = BUSY_TRIES) -> None:
        """One transaction for all. Where that fails unexpectedly, halves: a poisoned command fails alone."""
        if not batch:
            return
        began = perf_counter_ns()
        try:
            outcomes, told = await self._transact(connection, [waiting.command for waiting in batch])
        except DATABASE_AWAY:
            raise
        except BUSY:
            await self._carry_free(connection, batch, tries)
            return
        except Exception as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._carry(connection, batch[:middle])
                await self._carry(connection, batch[middle:])
            else:
                log.exception("posting failed", command=type(batch[0].command).__name__)
                batch[0].resolve(error)
            return
        self.commit_times.add(perf_counter_ns() - began)
        self.batch_sizes.add(len(batch))
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.resolve(outcome)
        self._count(told)

    async def _carry_free(self, connection: Connection, batch: list[_Waiting], tries: int) -> None:
        """Somebody holds a wallet, or a tenant, longer than we may wait: those who do not need it go on."""
        self._held |= _touched(waiting.command for waiting in batch)
        if not tries:  # one after the other is held, or we block one another: all may repeat
            _resolve(batch, Unavailable(HELD))
        elif going_on := await self._without_held(connection, batch):
            await self._carry(connection, going_on, tries - 1)

    async def _without_held(self, connection: Connection, batch: list[_Waiting]) -> list[_Waiting]:
        """For a wallet that was held too long nobody waits again, as long as it is: others are behind it."""
        if not self._held:
            return batch
        suspects = self._held & _touched(waiting.command for waiting in batch)
        if not suspects:
            return batch
        self._held -= await store.unheld(connection, suspects)
        _resolve([waiting for waiting in batch if waiting.touches(self._held)], Unavailable(HELD))
        return [waiting for waiting in batch if not waiting.touches(self._held)]

    def _count(self, told: list[Transaction]) -> None:
        self.batches_committed += 1
        self.operations_written += len({transaction.operation_id for transaction in told})
        self.transactions_written += len(told)
        if told:
            self._tell(told)

    async def _transact(
        self, connection: Connection, commands: Sequence[Command]
    ) -> tuple[list[Outcome], list[Transaction]]:
        while (done := await self._transact_once(connection, commands)) is None:
            pass
        return done

    async def _transact_once(
        self, connection: Connection, commands: Sequence[Command]
    ) -> tuple[list[Outcome], list[Transaction]] | None:
        """None where all of it went to what the clock had decided, and there is more."""
        async with posting_transaction(connection):
            if any(isinstance(command, CloseMonths) for command in commands):
                commands = await rating.rate(connection, commands)
            accounts, heads = await store.lock(connection, _touched(commands))
            accounts = await posting_past.load(connection, commands, accounts)
            now, known = await store.clock_and_known(connection, self._clock.fixed, commands, self._retrying)
            batch = Batch(accounts, known, now)
            caught_up = batch.catch_up()
            outcomes = [batch.decide(command) for command in commands] if caught_up else []
            written = await store.write(connection, batch.written, heads, now)
            if caught_up:
                return await store.replay(connection, outcomes), written
        self._count(written)
        return None
