"""Work that comes round: the sweep of what the clock has decided."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from domain.refusals import Unavailable

log = structlog.get_logger()


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """For ever. A round that fails is logged, and the next one comes all the same."""
    while True:
        try:
            await work()
        except Unavailable:
            pass  # the posting task has said so
        except Exception:
            task = asyncio.current_task()
            log.exception("periodic work failed", work=task.get_name() if task else None)
        await asyncio.sleep(seconds)
