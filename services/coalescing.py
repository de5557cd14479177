"""Reads of all requests at once: while one statement is under way, the next one's keys gather."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Coalescer(Generic[K, V]):
    """Loads by key, many at once, never remembering. An idle one asks at once; there is no timer."""

    def __init__(self, load: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._load = load
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """What is stored for the key at a moment after this call; None for nothing."""
        future = self._waiting.get(key)
        if future is None:
            self._waiting[key] = future = asyncio.get_running_loop().create_future()
            if self._task is None:
                self._task = asyncio.get_running_loop().create_task(self._run())
        return await asyncio.shield(future)

    async def _run(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                await self._answer(waiting)
        finally:
            self._task = None

    async def _answer(self, waiting: dict[K, asyncio.Future[V | None]]) -> None:
        try:
            found = await self._load(list(waiting))
        except Exception as error:
            for future in waiting.values():
                future.set_exception(error)
                future.exception()  # a caller that went away must not make it an unretrieved one
            return
        for key, future in waiting.items():
            future.set_result(found.get(key))
