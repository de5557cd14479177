"""Billing runs over many tenants: what they keep in memory does not grow with their number."""

import asyncio
import gc
import tracemalloc
from dataclasses import replace
from uuid import UUID

import pytest

from services.billing_tenants import GROUP
from tests.crowd import crowd
from tests.world import World, opened_world

world = opened_world
GROUPS = 12
LESS_THAN_TWO_GROUPS_BYTES = 1024 * 1024
"""What is still on its way to the store comes and goes; all that is kept would be four groups more."""


@pytest.mark.proof
async def test_a_run_keeps_some_groups_in_memory_however_many_there_are(world: World) -> None:
    await crowd(world.database, GROUPS * GROUP)
    world.go("2025-03-01")
    kept: list[int] = []

    def look(_: UUID) -> None:
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])

    world.core = replace(world.core, tell_run=look)
    tracemalloc.start()
    try:
        await world.bill("2025-02")
        await asyncio.gather(*world.core.background)
    finally:
        tracemalloc.stop()
    assert len(kept) == GROUPS + 1  # the last finds nobody left
    assert min(kept[GROUPS // 2 : GROUPS - 1]) < min(kept[2 : GROUPS // 2]) + LESS_THAN_TWO_GROUPS_BYTES
