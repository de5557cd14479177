"""`python -m benchmarks --billing`: a month of many tenants closed by one process, and the same rows by hand in SQL."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import asyncpg
import uvloop
from tortoise import Tortoise

from benchmarks.costs import Recorder
from benchmarks.store import Store, running
from domain import access
from models.config import tortoise_config
from server.embedded import DATABASE, ROLE, SUPERUSER, Server
from services.billing import run_billing
from services.clock import Clock
from services.core import Core
from services.posting import Posting

TENANTS, EVENTS_EACH = 100_000, 10
COPY = "by_hand"
RUN = "01940000-0000-7000-8000-000000000000"
BY_HAND = Path(__file__).with_suffix(".sql")

_MADE = "timestamptz '2025-02-01 00:00Z'"
_IDS = """
SELECT ('0194c0de-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8bee-' || lpad(to_hex(n), 12, '0'))::uuid AS id, n
FROM generate_series(1, $1) AS n
"""
# Every second wallet has 1,000 rupees, which pay for the month; the others are short.
_LOAD = (
    f"""
WITH ids AS ({_IDS}), made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT id, 'Somebody', 'B' || n, 'INR', 'UTC', 0, 0, 1, {_MADE}, '2025-03-01 01:00Z' FROM ids
)
INSERT INTO wallets (id, tenant_id, currency, currency_exponent, total, version, created_at, updated_at)
SELECT id, id, 'INR', 2, n % 2 * 100000, n % 2, {_MADE}, {_MADE} FROM ids
""",
    f"""
INSERT INTO operations (wallet_id, id, kind, actor, based_on_version, first_version, last_version, created_at)
SELECT id, id, 'topUp', 'system', 0, 1, 1, {_MADE} FROM ({_IDS}) i WHERE n % 2 = 1
""",
    f"""
INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, actor, hash, created_at)
SELECT id, 1, id, 'CREDIT', 'TOP_UP', 100000, 0, 0, 100000, 0, 0, 'system', sha256(uuid_send(id)), {_MADE}
FROM ({_IDS}) i WHERE n % 2 = 1
""",
    f"""
INSERT INTO prices (wallet_id, id, service, unit, model, unit_price, effective_from, created_at)
SELECT i.id, gen_random_uuid(), service, 'page', 'PER_UNIT', 10.25, {_MADE}, {_MADE}
FROM ({_IDS}) i, unnest(ARRAY['PAGES', 'CALLS']) AS service
""",
    f"""
INSERT INTO usage_events (wallet_id, key, service, quantity, occurred_at, dated, month, recorded_at)
SELECT i.id, 'event ' || e, CASE e % 2 WHEN 0 THEN 'PAGES' ELSE 'CALLS' END, e, {_MADE} + e * interval '2 days', true,
    '2025-02-01', {_MADE} + e * interval '2 days'
FROM ({_IDS}) i, generate_series(1, {EVENTS_EACH}) AS e
""",
    """
INSERT INTO usage_totals (wallet_id, month, service, price_id, quantity, events)
SELECT e.wallet_id, e.month, e.service, p.id, sum(e.quantity), count(*)
FROM usage_events e JOIN prices p ON p.wallet_id = e.wallet_id AND p.service = e.service
WHERE $1 > 0 GROUP BY 1, 2, 3, 4
""",
)
_SAME = """
SELECT (SELECT count(*) FROM invoices), (SELECT sum(total) FROM invoices), (SELECT sum(amount) FROM invoice_lines),
    (SELECT count(*) FROM invoices WHERE status = 'PAID'), (SELECT count(*) FROM wallet_transactions),
    (SELECT sum(due_amount) FROM wallet_transactions), (SELECT sum(total) FROM wallets), (SELECT sum(due) FROM wallets),
    (SELECT count(*) FROM billing_months), (SELECT count(*) FROM operations), (SELECT count(*) FROM transaction_texts),
    (SELECT count(*) FROM wallets WHERE funds_locked_at IS NOT NULL), (SELECT sum(billed_quantity) FROM usage_totals),
    (SELECT min(bills_at) FROM tenants), (SELECT max(bills_at) FROM tenants)
"""


def main(tenants: int, *, profile: bool = False) -> int:
    """Zero where both wrote the same."""
    print(f"{tenants:,} tenants, {tenants * EVENTS_EACH:,} usage events; loading ...", flush=True)
    with running() as store:
        asyncio.run(_load(store, tenants))
        by_hand = asyncio.run(_by_hand(store))
        print(f"    by hand in SQL: {by_hand:.1f} s", flush=True)
        command = [sys.executable, "-m", "benchmarks.billing", store.url, *(["profile"] if profile else [])]
        said = json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)
        same = asyncio.run(_same(store))
    print("\n".join(f"    {share:>4.0%}  {part}" for part, share in said["costs"]))
    print(
        f"a billing run, one process: {said['seconds']:.1f} s ({said['done'] / said['seconds']:,.0f} tenants/s), "
        f"{said['seconds'] / by_hand:.1f} × by hand, {said['seconds_of_processor']:.1f} s of our process, "
        f"peak {said['mebibytes']:,} MiB ({said['mebibytes_before']:,} before it)"
    )
    print("both wrote the same" if same else "the run and the statements by hand wrote different rows")
    return 0 if same and said["failed"] == 0 else 1


async def _load(store: Store, tenants: int) -> None:
    connection = await asyncpg.connect(store.url)
    for sql in _LOAD:
        await connection.execute(sql, tenants)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _by_hand(store: Store) -> float:
    """Its seconds, on a copy of the store."""
    server = Server(store.socket_folder)
    admin = await asyncpg.connect(server.url(SUPERUSER, SUPERUSER))
    await admin.execute(f"CREATE DATABASE {COPY} TEMPLATE {DATABASE} OWNER {ROLE} STRATEGY file_copy")
    await admin.close()
    connection = await asyncpg.connect(server.url(COPY))
    began = time.perf_counter()
    await connection.execute(BY_HAND.read_text().replace("$RUN", RUN))  # all of it is one transaction
    passed = time.perf_counter() - began
    await connection.close()
    return passed


async def _same(store: Store) -> bool:
    found = []
    for database in (DATABASE, COPY):
        connection = await asyncpg.connect(Server(store.socket_folder).url(database))
        found.append(tuple(await connection.fetchrow(_SAME) or ()))
        await connection.close()
    return found[0] == found[1]


async def _run(url: str, recorder: Recorder | None) -> dict[str, object]:
    await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)
    clock = Clock()
    core = Core(Posting(clock, lambda _: None), clock, b"")
    core.posting.start()
    before = _mebibytes()
    if recorder:
        recorder.start()
    began, worked = time.perf_counter(), time.process_time()
    run = (await run_billing(core, access.SYSTEM, date(2025, 2, 1), None)).run
    await asyncio.gather(*core.background)
    passed, worked = time.perf_counter() - began, time.process_time() - worked
    costs = recorder.stop()[:14] if recorder else []
    connection = await asyncpg.connect(url)
    failed = await connection.fetchval("SELECT count(*) FROM billing_failures")
    done = await connection.fetchval("SELECT done FROM billing_runs WHERE id = $1 AND finished_at IS NOT NULL", run.id)
    await connection.close()
    await core.posting.stop()
    await Tortoise.close_connections()
    return {
        "seconds": passed, "seconds_of_processor": worked, "mebibytes": _mebibytes(), "mebibytes_before": before,
        "failed": failed, "done": done, "costs": costs,
    }  # fmt: skip


def _mebibytes() -> int:
    """The most that this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 1024 * 1024)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(sys.argv[1], Recorder() if "profile" in sys.argv else None))))
