"""A gate before work that is large: few at once, some that wait, and the rest are told to come again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.refusals import Unavailable


class Gate:
    """`at_once` of them work, `waiting` wait in turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._here = 0

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Once it is this one's turn. Raises Unavailable where too many wait already."""
        if self._here >= self._most:
            raise Unavailable("Too many large requests wait already. Repeat with the same keys in a moment.")
        self._here += 1
        try:
            async with self._places:
                yield
        finally:
            self._here -= 1
