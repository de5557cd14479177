"""What is waiting ends when it is told to, also where that for which it waits comes at the same time."""

import asyncio
from uuid import UUID

from server.bus import Bus
from services import run_feed
from services.changes import ChangeFeed
from services.clock import Clock
from services.feed import Feed
from services.run_feed import RunFeed

AT_MOST_SECONDS = 20


async def test_a_bus_that_has_something_to_say_ends_as_it_is_cancelled(database_url: str) -> None:
    bus = Bus(database_url, Feed(Clock()), RunFeed(), ChangeFeed())
    bus.start()
    async with asyncio.timeout(AT_MOST_SECONDS):
        await bus._all_said.wait()
    await asyncio.sleep(0)
    bus.tell_run(UUID(int=1))
    for task in bus._tasks:
        task.cancel()
    _, going_on = await asyncio.wait(bus._tasks, timeout=AT_MOST_SECONDS / 10)
    await bus.stop()
    assert not going_on


async def test_a_watcher_of_a_run_that_goes_away_as_it_comes_further_is_let_go() -> None:
    rung = asyncio.Event()
    watching = asyncio.create_task(run_feed._wait(rung))
    await asyncio.sleep(run_feed.PAUSE_SECONDS * 1.5)
    rung.set()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert watching.cancelled()
