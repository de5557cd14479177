"""Billing runs whose processes die, or of which there are several at once, on real processes: law 18."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from services.billing_queries import RunAmounts, load_run
from services.billing_runs import LEASE_SECONDS, resume
from services.billing_tenants import GROUP
from tests.crowd import crowd
from tests.programs import ROOT
from tests.world import World, opened_world

world = opened_world
MARCH = "2025-03-01T01:00:00+00:00"
OLD = f"UPDATE billing_runs SET worked_at = worked_at - interval '{LEASE_SECONDS + 1} seconds'"
STATE = "SELECT tenants, done, locked, finished_at IS NOT NULL FROM billing_runs ORDER BY id"
SUMS = "SELECT sum(invoices)::int, sum(billed)::int FROM billing_run_amounts"
BILLED = """
SELECT count(*)::int, count(DISTINCT wallet_id)::int, sum(total)::int, bool_and(count = 1) FROM invoices
"""


@contextmanager
def billers(number: int, url: str, *words: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """So many processes, ready to bill when they are told to."""
    command = [sys.executable, "-m", "tests.biller", url, MARCH, *words]
    processes = [subprocess.Popen(command, cwd=ROOT, text=True, stdin=-1, stdout=-1) for _ in range(number)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


async def all_end(processes: list["subprocess.Popen[str]"]) -> None:
    for process in processes:
        tell(process)
    for said, _ in await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes)):
        assert said == "done\n"


async def reaches(world: World, done: int) -> None:
    while await world.sql("SELECT 1 FROM billing_runs WHERE done >= $1", done) == []:
        await world.sql("SELECT pg_sleep(0.02)")


@asynccontextmanager
async def held(url: str, tenant: UUID) -> AsyncIterator[None]:
    """Its wallet, by somebody else."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", tenant)
        yield
    await connection.close()


async def run_id(world: World) -> UUID:
    ((found,),) = await world.sql("SELECT id FROM billing_runs")
    assert isinstance(found, UUID)
    return found


async def test_after_kill_9_in_the_middle_another_process_goes_on_and_nothing_counts_twice(world: World) -> None:
    tenants = await crowd(world.database, GROUP + 30)
    world.go("2025-03-01T01:00")
    with billers(1, world.url, "2025-02") as (process,):
        async with held(world.url, tenants[-1]):  # the last group cannot end; but for this tenant it is billed
            tell(process)
            await reaches(world, GROUP)
            while len(await world.sql("SELECT 1 FROM invoices")) < len(tenants) - 1:
                await world.sql("SELECT pg_sleep(0.02)")
            process.kill()
            process.wait()
    run = await run_id(world)
    assert await world.sql(STATE) == [(GROUP + 30, GROUP, GROUP, False)]
    assert await resume(world.core) == 0  # it may be alive still
    await world.sql(OLD)
    async with world.another() as other:
        assert await resume(world.core) + await resume(other.core) == 1
        await asyncio.gather(*world.core.background, *other.core.background)
    finished = await load_run(run)
    assert finished is not None
    assert (finished.done, finished.tenants, finished.locked) == (len(tenants),) * 3
    assert finished.invoice_count == len(tenants)
    assert finished.amounts == [RunAmounts("INR", Decimal(10 * len(tenants)), Decimal(0))]
    assert await world.sql(BILLED) == [(len(tenants), len(tenants), 10 * len(tenants), True)]


async def test_four_processes_that_bill_a_month_at_once_bill_each_tenant_once(world: World) -> None:
    tenants = await crowd(world.database, GROUP + 30)
    with billers(4, world.url, "2025-02") as processes:
        await all_end(processes)
    assert await world.sql(BILLED) == [(len(tenants), len(tenants), 10 * len(tenants), True)]
    assert await world.sql(SUMS) == [(len(tenants), 10 * len(tenants))]
    assert [(run[:2], run[3]) for run in await world.sql(STATE)] == [((len(tenants),) * 2, True)] * 4
    assert sum([run[2] for run in await world.sql(STATE)]) == len(tenants)


@pytest.mark.proof
async def test_the_servers_own_run_is_one_however_many_processes_look(world: World) -> None:
    tenants = await crowd(world.database, 40)
    with billers(3, world.url) as processes:
        await all_end(processes)
    assert await world.sql(STATE) == [(40, 40, 40, True)]
    assert await world.sql(BILLED) == [(len(tenants), len(tenants), 10 * len(tenants), True)]


async def test_of_two_that_work_on_one_run_the_one_that_is_behind_stops(world: World) -> None:
    tenants = await crowd(world.database, GROUP + 30)
    world.go("2025-03-01T01:00")
    async with world.another() as other:
        async with held(world.url, tenants[0]):
            run = (await world.bill("2025-02")).run
            await world.sql(OLD)
            assert await resume(other.core) == 1
        await asyncio.gather(*world.core.background, *other.core.background)
    finished = await load_run(run.id)
    assert finished is not None
    assert (finished.done, finished.locked, finished.finished_at) == (
        len(tenants),
        len(tenants),
        world.core.clock.fixed,
    )
    assert finished.invoice_count == len(tenants)
    assert finished.amounts == [RunAmounts("INR", Decimal(10 * len(tenants)), Decimal(0))]


async def test_a_run_that_its_process_lets_go_goes_on_at_once(world: World) -> None:
    tenants = await crowd(world.database, GROUP + 30)
    world.go("2025-03-01T01:00")
    run = (await world.bill("2025-02")).run
    (task,) = world.core.background
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await resume(world.core) == 1
    await asyncio.gather(*world.core.background)
    finished = await load_run(run.id)
    assert finished is not None
    assert (finished.done, finished.locked) == (len(tenants),) * 2
