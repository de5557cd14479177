"""Proving a million rows: `python -m benchmarks --verify`. Half of them in a thousand wallets, half in one."""

import asyncio
import itertools
import resource
import subprocess
import sys
import time
from hashlib import sha256
from uuid import UUID

import uvloop
from tortoise import Tortoise

from benchmarks import store
from benchmarks.store import ADMIN, AMOUNT, Store, wallet_ids
from domain.commands import TopUp
from domain.ledger import Operation
from models.config import tortoise_config
from services.clock import Clock
from services.identity import new_uuid
from services.posting import Posting

ROWS, CALLERS = 1_000_000, 256
ASKED = sha256(b"the same for all").digest()
_TIJORI = [sys.executable, "-c", "from server.cli import main; main()"]


def main(rows: int = ROWS) -> int:
    """Zero where the command proves them."""
    with store.running() as where:
        began = time.perf_counter()
        uvloop.run(_fill(where, rows))
        print(f"{rows:,} top-ups posted in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        settings = {"DATABASE_URL": where.url, "TIJORI_SECRET": "for the benchmark only, and 32 letters long"}
        done = subprocess.run([*_TIJORI, "verify"], env=settings, check=False)
        passed = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"tijori verify: {passed:.1f} s for {rows:,} rows, {memory} MB at most, exit code {done.returncode}")
    return done.returncode


async def _fill(where: Store, rows: int) -> None:
    """By the program itself, as fast as it posts."""
    await Tortoise.init(config=tortoise_config(where.url))
    posting = Posting(Clock(), lambda _: None)
    posting.start()
    wallets = itertools.chain.from_iterable(zip(itertools.cycle(wallet_ids()), itertools.repeat(ADMIN), strict=False))
    todo = itertools.islice(wallets, rows)
    try:
        await asyncio.gather(*[_post(posting, todo) for _ in range(CALLERS)])
    finally:
        await posting.stop()
        await Tortoise.close_connections()


async def _post(posting: Posting, todo: "itertools.islice[UUID]") -> None:
    for wallet_id in todo:
        operation = Operation(new_uuid(), "topUp", "usr_bench", str(new_uuid()), ASKED)
        await posting.post(TopUp(wallet_id, operation, False, AMOUNT, "Top-up"))
