"""Postings per second through services/posting.py alone: callers that each wait for their answer, in one process."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from random import choice
from uuid import UUID

import uvloop
from tortoise import Tortoise

from benchmarks.costs import Recorder
from benchmarks.measured import Measured
from benchmarks.store import AMOUNT, Store, wallet_ids
from domain.commands import TopUp
from domain.ledger import Operation
from models.config import tortoise_config
from services.clock import Clock
from services.identity import new_uuid
from services.posting import Posting

ACTOR = "usr_bench"
WARM_UP_SECONDS = 0.5


def run(store: Store, callers: int, seconds: float) -> Measured:
    """Its rate is that of a warm process; all that were answered are counted."""

    async def work() -> Measured:
        async with _posting(store) as posting:
            warm = await _load(posting, callers, WARM_UP_SECONDS)
            gc.freeze()  # as the server does
            began, worked = time.perf_counter(), time.process_time()
            done = await _load(posting, callers, seconds)
            passed, worked = time.perf_counter() - began, time.process_time() - worked
            return Measured(warm + done, done / passed, worked / done * 1e6)

    return uvloop.run(work())


def costs(store: Store, callers: int, seconds: float) -> tuple[int, list[tuple[str, float]]]:
    """How many were answered, and where the time went."""

    async def work() -> tuple[int, list[tuple[str, float]]]:
        recorder = Recorder()
        async with _posting(store) as posting:
            warm = await _load(posting, callers, WARM_UP_SECONDS)
            recorder.start()
            done = await _load(posting, callers, seconds)
            return warm + done, recorder.stop()

    return uvloop.run(work())


@asynccontextmanager
async def _posting(store: Store) -> AsyncIterator[Posting]:
    await Tortoise.init(config=tortoise_config(store.url))
    posting = Posting(Clock(), lambda _: None)
    posting.start()
    try:
        yield posting
    finally:
        await posting.stop()
        await Tortoise.close_connections()


async def _load(posting: Posting, callers: int, seconds: float) -> int:
    wallets, until = wallet_ids(), time.perf_counter() + seconds
    return sum(await asyncio.gather(*[_call(posting, wallets, until) for _ in range(callers)]))


async def _call(posting: Posting, wallets: list[UUID], until: float) -> int:
    """Top-ups of wallets at random, each with a key and a description, until the time is up."""
    asked, done = sha256(b"the same for all").digest(), 0
    while time.perf_counter() < until:
        operation_id = new_uuid()
        operation = Operation(operation_id, "topUp", ACTOR, str(operation_id), asked)
        await posting.post(TopUp(choice(wallets), operation, False, AMOUNT, "Top-up"))
        done += 1
    return done
