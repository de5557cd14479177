"""Subscriptions that come back by themselves, and a painter that keeps a burst of changes from drawing each."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

from dashboard.client import Api, ApiError

log = logging.getLogger(__name__)

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 8.0
STEADY_SECONDS = 10.0
# Asking again does not help with these.
FINAL_CODES = frozenset({"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "BAD_USER_INPUT"})


class Feed:
    """One subscription, kept up: a dropped or failing connection is opened again, with growing delays.

    `variables` is asked at each attempt, so that a feed can go on after what it has already seen.
    `status` hears None when the connection stands and the error when it does not.
    """

    def __init__(
        self,
        api: Api,
        operation: str,
        *,
        variables: Callable[[], Mapping[str, object]],
        receive: Callable[[dict[str, Any]], Awaitable[None]],
        status: Callable[[ApiError | None], None],
    ) -> None:
        self.api = api
        self.operation = operation
        self.variables = variables
        self.receive = receive
        self.status = status
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Subscribes; a subscription under way is given up first."""
        self.stop()
        self.task = asyncio.create_task(self.run(), name=f"feed {self.operation}")

    def stop(self) -> None:
        """Unsubscribes and closes the connection."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    async def run(self) -> None:
        """Listens until stopped, or until an error that asking again does not mend."""
        delay = FIRST_DELAY_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            error = await self.listen()
            self.status(error)
            if error.code in FINAL_CODES:
                return
            if loop.time() - began > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            # Spread, so that many pages do not come back at the same instant.
            await asyncio.sleep(delay * random.uniform(0.7, 1.3))  # noqa: S311 - not a secret
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)

    async def listen(self) -> ApiError:
        """One connection, from opening to its end; why it ended."""
        try:
            async with self.api.socket() as socket:
                self.status(None)
                async with aclosing(socket.subscribe(self.operation, self.variables())) as stream:
                    async for data in stream:
                        await self.receive(data)
        except ApiError as error:
            return error
        except Exception:  # a page that stands still without a word would be worse than one that says so
            log.exception("feed %s", self.operation)
            return ApiError("INTERNAL", "Something went wrong.")
        return ApiError("UNAVAILABLE", "The server ended the connection.")


class Painter:
    """Draws when asked, at most so often: of many requests in an interval the last one is drawn."""

    def __init__(self, paint: Callable[[], Awaitable[None]], *, interval_seconds: float) -> None:
        self.paint = paint
        self.interval_seconds = interval_seconds
        self.wanted = asyncio.Event()
        self.task = asyncio.create_task(self.run(), name="painter")

    def request(self) -> None:
        """Asks for a drawing soon."""
        self.wanted.set()

    def stop(self) -> None:
        """Draws no more."""
        self.task.cancel()

    async def run(self) -> None:
        """Draws on request until stopped."""
        while True:
            await self.wanted.wait()
            self.wanted.clear()
            try:
                await self.paint()
            except Exception:  # the next change is drawn all the same
                log.exception("painter")
            await asyncio.sleep(self.interval_seconds)
