"""Waiting for an event, but not for ever."""

import asyncio
from contextlib import suppress


async def rung(event: asyncio.Event, seconds: float) -> None:
    """Until it is set, or the time is over.

    Not by wait_for, which in Python 3.11 forgets that it was cancelled where the event is set at the same time.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
