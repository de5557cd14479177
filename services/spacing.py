"""An answer that many ask for and that takes a while: worked out once at a time, with a rest after it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

V = TypeVar("V")

LONGEST_REST_MILLISECONDS = 250
"""A rest is as long as the work before it, and no longer than this: half of a processor, however many ask."""


class Spaced(Generic[V]):
    """Nothing is remembered: whoever asks is told what was so after they asked, with all who asked meanwhile."""

    def __init__(self, load: Callable[[], Awaitable[V]]) -> None:
        self._load = load
        self._waiting: asyncio.Future[V] | None = None
        self._task: asyncio.Task[None] | None = None
        self._rested_at = 0

    async def get(self) -> V:
        """What was so at a moment after this call."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
            if self._task is None or self._task.done():
                self._task = asyncio.get_running_loop().create_task(self._run())
                self._task.add_done_callback(self._ended)
        return await asyncio.shield(self._waiting)

    def tasks(self) -> list["asyncio.Task[None]"]:
        """What is under way. Where it is ended, so is waiting for it."""
        return [] if self._task is None else [self._task]

    async def _run(self) -> None:
        while self._waiting is not None:
            await asyncio.sleep(max(0, self._rested_at - _milliseconds()) / 1000)
            waiting, self._waiting = self._waiting, None
            began = _milliseconds()
            await self._answer(waiting)
            rest = min(LONGEST_REST_MILLISECONDS, _milliseconds() - began)
            self._rested_at = _milliseconds() + rest

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Before it began, or in its rest: then nobody is looked for any more."""
        if self._task is task:
            self._task = None
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

    async def _answer(self, waiting: "asyncio.Future[V]") -> None:
        try:
            value = await self._load()
        except asyncio.CancelledError:
            waiting.cancel()
            raise
        except Exception as error:
            waiting.set_exception(error)
            waiting.exception()  # a caller that went away must not make it an unretrieved one
        else:
            waiting.set_result(value)


def _milliseconds() -> int:
    return int(asyncio.get_running_loop().time() * 1000)
