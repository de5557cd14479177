"""`tijori bill`: what it says, its exit codes, and what Ctrl-C leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from services.billing import AWAITED_TENANTS
from services.billing_tenants import GROUP
from tests.api import SECRET
from tests.crowd import crowd
from tests.programs import ROOT, free_port, tijori
from tests.test_billing_runs import BREAK
from tests.test_serve import serving


def started(*words: str, **environ: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "manage.py", *words]
    environment = {**os.environ, **environ}
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=-1, start_new_session=True)


async def test_it_says_what_was_billed_and_who_was_not_with_exit_code_1(
    store: "asyncpg.Connection[asyncpg.Record]", database_url: str
) -> None:
    own = {"DATABASE_URL": database_url, "TIJORI_SECRET": SECRET}
    one, _, broken = await crowd(store, 3)
    dry = tijori("bill", "2025-02", "--tenant", f"ten_{one.hex}", "--dry-run", **own)
    assert dry.stdout == (
        "2025-02: 1 tenants, 1 invoices, 1 wallets locked (dry run: nothing is written)\n"
        "  billed INR 0.10, collected INR 0.00\n"
    )
    assert (dry.returncode, await store.fetchval("SELECT count(*) FROM billing_runs")) == (0, 0)
    await store.execute(BREAK, broken)
    done = tijori("bill", "2025-02", **own)
    assert done.stdout.splitlines()[-3:] == [
        "billing 2025-02: 3 of 3",
        "2025-02: 3 tenants, 2 invoices, 2 wallets locked",
        "  billed INR 0.20, collected INR 0.00",
    ]
    said = f"not billed: Press 3 (ten_{broken.hex}): An unexpected error; it is in the server's log."
    assert said in done.stderr.splitlines()
    assert done.returncode == 1


def test_what_it_cannot_read_is_one_line(tmp_path: Path) -> None:
    done = tijori("bill", "2025-13", TIJORI_DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stderr) == (1, "tijori: 2025-13 is no month: give one like 2025-03\n")


async def test_interrupted_it_leaves_the_run_to_others_and_says_so(
    store: "asyncpg.Connection[asyncpg.Record]", database_url: str
) -> None:
    tenants = await crowd(store, GROUP + 10)
    async with store.transaction():
        await store.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", tenants[-1])
        process = started("bill", "2025-02", DATABASE_URL=database_url, TIJORI_SECRET=SECRET)
        assert process.stdout is not None
        while (said := process.stdout.readline()) != f"billing 2025-02: {GROUP} of {len(tenants)}\n":
            assert said
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert f"interrupted at {GROUP} of {len(tenants)} tenants of run_" in said
    assert process.returncode == 130
    left = "SELECT worked_at IS NULL AND finished_at IS NULL FROM billing_runs"
    assert await store.fetchval(left)


@pytest.mark.proof
async def test_a_run_that_somebody_held_up_for_too_long_is_gone_on_with(
    store: "asyncpg.Connection[asyncpg.Record]", database_url: str
) -> None:
    """Where no server is there to do it."""
    count = AWAITED_TENANTS + 1
    tenants = await crowd(store, count)
    async with store.transaction():
        await store.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", tenants[-1])
        process = started("bill", "2025-02", DATABASE_URL=database_url, TIJORI_SECRET=SECRET)
        while not await store.fetchval("SELECT bool_or(worked_at IS NULL) FROM billing_runs"):
            await store.execute("SELECT pg_sleep(0.05)")
    said, _ = process.communicate(timeout=60)
    assert said.splitlines()[-2] == f"2025-02: {count} tenants, {count} invoices, {count} wallets locked"
    assert process.returncode == 0


@pytest.mark.proof
async def test_a_server_goes_on_with_what_was_left_and_both_may_run_on_one_store(
    store: "asyncpg.Connection[asyncpg.Record]", database_url: str, tmp_path: Path
) -> None:
    own = {"DATABASE_URL": database_url, "TIJORI_SECRET": SECRET}
    await crowd(store, 20)
    await store.execute("UPDATE tenants SET bills_at = '2099-01-01'")
    await store.execute(
        "INSERT INTO billing_runs (id, month, actor, tenants, started_at) "
        "VALUES ('01940000-0000-7000-8000-000000000001', '2025-02-01', 'system', 20, '2025-03-01')"
    )
    with serving(tmp_path / "data", free_port(), **own):
        while not await store.fetchval("SELECT bool_and(done = 20 AND finished_at IS NOT NULL) FROM billing_runs"):
            await store.execute("SELECT pg_sleep(0.05)")
        assert "20 tenants, 0 invoices" in tijori("bill", "2025-02", **own).stdout
    assert await store.fetchval("SELECT count(*) FROM invoices WHERE month = '2025-02-01'") == 20
