"""An answer that many ask for is worked out once at a time, after they asked; what is ended tells those who wait."""

import asyncio

import pytest

from services.spacing import Spaced


async def test_many_who_ask_at_once_are_answered_by_one_look_made_after_they_asked() -> None:
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return looks

    spaced = Spaced(look)
    first = [asyncio.ensure_future(spaced.get()) for _ in range(5)]
    while looks == 0:  # noqa: ASYNC110 - a turn of the loop for it to begin
        await asyncio.sleep(0)
    second = [asyncio.ensure_future(spaced.get()) for _ in range(5)]
    assert await asyncio.gather(*first) == [1] * 5
    assert await asyncio.gather(*second) == [2] * 5


async def test_a_look_that_fails_tells_those_who_waited_and_no_others() -> None:
    fails = True

    async def look() -> int:
        if fails:
            raise ValueError("away")
        return 1

    spaced = Spaced(look)
    with pytest.raises(ValueError, match="away"):
        await spaced.get()
    fails = False
    assert await spaced.get() == 1


@pytest.mark.parametrize("rests", [False, True])
async def test_once_its_task_is_ended_nobody_waits_for_it_and_a_later_look_is_made(rests: bool) -> None:
    ends = asyncio.Event()
    began = asyncio.Event()

    async def look() -> int:
        began.set()
        await ends.wait()
        return 1

    spaced = Spaced(look)
    spaced._rested_at = 2**40 if rests else 0
    waiting = asyncio.ensure_future(spaced.get())
    await (asyncio.sleep(0) if rests else began.wait())
    (task,) = spaced.tasks()
    task.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(task, waiting, return_exceptions=True)
    assert waiting.cancelled()
    assert spaced.tasks() == []
    spaced._rested_at = 0
    ends.set()
    assert await spaced.get() == 1
