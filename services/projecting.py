"""Forecasts worked out so that requests go on meanwhile."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from domain.forecast import Facts, Forecast
from domain.projection import forecast

BIG = 100
"""Prices and totals that take some milliseconds: more are worked out beside the event loop."""
_beside = ThreadPoolExecutor(1, "forecasts")


async def work_out(facts: Facts) -> Forecast:
    """All that is foreseen."""
    return await _made(facts, None)


async def work_out_through(facts: Facts, through: datetime) -> Forecast:
    """Only as far as the month of that instant, unless nothing locks by then."""
    made = await _made(facts, through)
    return made if made.locks_at is not None else await _made(facts, None)


async def _made(facts: Facts, through: datetime | None) -> Forecast:
    if len(facts.timeline) + len(facts.totals) > BIG:
        return await asyncio.get_running_loop().run_in_executor(_beside, forecast, facts, through)
    await asyncio.sleep(0)  # a millisecond each: requests go on between them
    return forecast(facts, through)
