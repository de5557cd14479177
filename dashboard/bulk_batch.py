"""A batch of top-ups: whose they are, what each would do, and the doing, a few at a time and each at most once.

A wallet is topped up once in a batch, by the API's own memory of its keys: whoever sends the same file again, after a
reload, a crash or from another desk, is told so line by line.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from dashboard.bulk_answers import conclude, foresee, recognise, seek_doubles
from dashboard.bulk_lines import Line, State, batch_name
from dashboard.client import Api, ApiError
from dashboard.format import Currency, Manner
from dashboard.words import UNANSWERED

log = logging.getLogger(__name__)

AT_ONCE = 8
LOOKED_UP_AT_ONCE = 100
RECENT = timedelta(days=1)
# After these the API is taken to be away, and the person decides.
PAUSES_SECONDS = (0.5, 1, 2, 4, 8)
PASSING = ("UNAVAILABLE", "RATE_LIMITED")
# What is wrong with one line is not wrong with the others.
OF_A_LINE = ("NOT_FOUND", "BAD_USER_INPUT")
UNSURE = f"{UNANSWERED} Go on: it counts once."


class Stage(StrEnum):
    """How far a batch is."""

    NEW = "new"
    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class Total(NamedTuple):
    """Of the lines of one currency."""

    currency: Currency
    lines: int
    minor: int


class Batch:
    """Lines and what has become of them. `changed` are called whenever something has.

    `patience`: seconds between attempts while the API is away.
    """

    def __init__(self, lines: list[Line], name: str = "", *, patience: Sequence[float] = PAUSES_SECONDS) -> None:
        self.patience = patience
        self.lines = lines
        self.name = name or batch_name(lines)
        self.stage = Stage.NEW
        self.problem: ApiError | None = None
        self.was_run = False
        self.goal = 0
        self.attempted = 0
        self.changed: set[Callable[[], None]] = set()
        self.task: asyncio.Task[None] | None = None
        self.stopping = False

    @property
    def is_busy(self) -> bool:
        """Whether it is being checked or carried out."""
        return self.stage in (Stage.CHECKING, Stage.RUNNING)

    @property
    def is_checked(self) -> bool:
        """Whether it is known of each line what it would do."""
        return not any(line.state is State.WAITING for line in self.lines)

    @property
    def left(self) -> list[Line]:
        """What is still to be done."""
        return [line for line in self.lines if line.state in (State.READY, State.UNSURE)]

    def count(self) -> Counter[State]:
        """How many lines of each state there are."""
        return Counter(line.state for line in self.lines)

    def totals(self, *states: State) -> list[Total]:
        """Per currency: unlike ones are never added."""
        sums: dict[Currency, Total] = {}
        for line in self.lines:
            if line.state in states and (currency := line.currency) is not None:
                known = sums.get(currency, Total(currency, 0, 0))
                sums[currency] = Total(currency, known.lines + 1, known.minor + line.minor)
        return sorted(sums.values(), key=lambda total: total.currency.code)

    def check(self, api: Api, now: datetime, manner: Manner) -> None:
        """Begins to ask what each line would do; nothing is written."""
        if not self.is_busy:
            self._begin(Stage.CHECKING, self._check(api, now - RECENT, manner))

    def run(self, api: Api, manner: Manner) -> None:
        """Begins to do what is left. Asked twice it runs once, and whatever was done before stays as it is."""
        if not self.is_busy and self.is_checked and self.left:
            self.was_run = True
            self._begin(Stage.RUNNING, self._run(api, manner))

    def stop(self) -> None:
        """What is under way is finished; the rest is left."""
        self.stopping = True

    def abandon(self) -> None:
        """Nobody will ask for it any more."""
        if self.task is not None:
            self.task.cancel()

    def _begin(self, stage: Stage, work: Awaitable[None]) -> None:
        self.stage, self.problem, self.stopping, self.goal, self.attempted = stage, None, False, 0, 0
        self.task = asyncio.create_task(self._finish(work), name=f"batch {self.name}")
        self.tell()

    async def _finish(self, work: Awaitable[None]) -> None:
        try:
            await work
        except ApiError as error:
            self.problem = error
        except Exception:  # a batch that stands still without a word would be worse than one that says so
            log.exception("batch %s", self.name)
            self.problem = ApiError("INTERNAL", "Something went wrong.")
        finally:
            done = Stage.ENDED if self.was_run else Stage.READY
            self.stage = done if self.is_checked and not (self.was_run and self.left) else Stage.STOPPED
            self.tell()

    def tell(self) -> None:
        """Something has changed."""
        for changed in list(self.changed):
            changed()

    async def _check(self, api: Api, since: datetime, manner: Manner) -> None:
        waiting = [line for line in self.lines if line.state is State.WAITING]
        self.goal = len(waiting)
        unknown = iter([line for line in waiting if line.wallet is None])
        while some := list(islice(unknown, LOOKED_UP_AT_ONCE)):
            references = [line.reference for line in some]
            answer = await self._patiently(lambda: api.send("WalletsOf", references=references))  # noqa: B023
            for line, wallet in zip(some, answer["walletsOf"], strict=True):
                recognise(line, wallet)
        seek_doubles(self.lines)
        self.attempted = sum(line.state is not State.WAITING for line in waiting)

        async def ask(line: Line) -> None:
            result = await self._send(api, line, since, dry_run=True)
            foresee(line, result, manner)

        await self._crowd([line for line in waiting if line.state is State.WAITING], ask)

    async def _run(self, api: Api, manner: Manner) -> None:
        left = self.left
        self.goal = len(left)

        async def do(line: Line) -> None:
            line.state, line.words = State.UNSURE, UNSURE
            conclude(line, await self._send(api, line, None, dry_run=False), manner)

        await self._crowd(left, do)

    async def _crowd(self, lines: Iterable[Line], act: Callable[[Line], Awaitable[None]]) -> None:
        """So many at once. After the first that fails no other is begun; those under way are finished."""
        queue = iter(lines)

        async def work() -> None:
            for line in queue:
                if self.stopping:
                    return
                try:
                    await act(line)
                except ApiError as error:
                    self.problem, self.stopping = error, True
                self.attempted += 1
                self.tell()

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))

    async def _send(self, api: Api, line: Line, since: datetime | None, *, dry_run: bool) -> dict[str, Any]:
        """The API's result. Keys are a wallet's own, so the batch's name is one for each of its wallets."""
        assert line.wallet is not None
        given: dict[str, object] = {
            "walletId": line.wallet["id"],
            "amountMinor": line.minor,
            "description": line.description or f"Batch {self.name}",
            "idempotencyKey": f"batch {self.name}",
            "dryRun": dry_run,
        }
        moment = since.isoformat() if since is not None else None
        try:
            answer = await self._patiently(lambda: api.send("TopUpLine", input=given, since=moment, look=dry_run))
        except ApiError as error:
            if error.code not in OF_A_LINE:
                raise
            return {"__typename": error.code, "message": str(error)}
        result: dict[str, Any] = answer["result"]
        return result

    async def _patiently(self, ask: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """What is asked; asked again for a while where the server is away. Raises ApiError."""
        for pause_seconds in self.patience:
            try:
                return await ask()
            except ApiError as error:
                if error.code not in PASSING:
                    raise
            await asyncio.sleep(pause_seconds)
        return await ask()
