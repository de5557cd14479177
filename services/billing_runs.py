"""A billing run at work: each group of tenants is stored together with the cursor it has reached.

If its process dies, another one goes on after the cursor. What the cut-off group had billed is found closed, and all
that the run counts is counted from what is stored, so nothing counts twice and nothing is missed.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from time import perf_counter_ns
from uuid import UUID

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.billing import month_start, month_text, next_month
from domain.changes import Change, ChangeKind
from domain.commands import CloseMonths
from domain.ledger import Operation
from domain.refusals import Fault, Refusal, Unavailable
from services.billing_tenants import BilledTenant, Group, Run, groups
from services.core import Core
from services.counting import BillingCounts
from services.database import AWAY, note, write
from services.identity import derived_uuid
from services.posting import STOPPING
from services.posting_batch import Posted

HELD_PAUSES_SECONDS = (0.2, 0.4, 0.8, 1.6, 3.2)
"""A tenant that another request holds is tried again: other runs over the same tenants hold them in passing."""
LEASE_SECONDS = 30
"""A run that nobody has worked on for so long has lost its process."""

# Of two processes on one run (the first was taken for dead) the one that finds another cursor than its own has lost it.
_REACHED = """
UPDATE billing_runs SET cursor = $3, done = done + $4, worked_at = clock_timestamp(),
    tenants = CASE WHEN $5 THEN done + $4 ELSE greatest(tenants, done + $4) END,
    finished_at = CASE WHEN $5 THEN coalesce($6::timestamptz, clock_timestamp()) END,
    locked = locked + (
        SELECT count(*) FROM unnest($7::uuid[], $8::uuid[]) AS k(wallet_id, id)
        JOIN operations o ON o.wallet_id = k.wallet_id AND o.id = k.id
        JOIN wallet_transactions t ON t.wallet_id = o.wallet_id AND t.version BETWEEN o.first_version AND o.last_version
        WHERE t.type = 'LOCK' AND t.reason = 'INSUFFICIENT_FUNDS'
    )
WHERE id = $1 AND cursor IS NOT DISTINCT FROM $2 AND finished_at IS NULL RETURNING id
"""
_AMOUNTS = """
INSERT INTO billing_run_amounts AS a (run_id, currency, invoices, billed, collected)
SELECT m.run_id, t.currency, count(*), sum(i.total), coalesce(sum(i.total) FILTER (WHERE i.paid_at = i.issued_at), 0)
FROM billing_months m JOIN invoices i ON i.wallet_id = m.wallet_id AND i.count = m.invoice
JOIN tenants t ON t.id = m.wallet_id
WHERE m.run_id = $1 AND m.wallet_id = ANY($2::uuid[]) GROUP BY m.run_id, t.currency
ON CONFLICT (run_id, currency) DO UPDATE SET invoices = a.invoices + excluded.invoices,
    billed = a.billed + excluded.billed, collected = a.collected + excluded.collected
"""
_FAILURES = """
INSERT INTO billing_failures (run_id, wallet_id, message) SELECT $1, * FROM unnest($2::uuid[], $3::text[])
"""
# What the server's own run could not close waits for an hour, and keeps nobody waiting.
_LATER = """
UPDATE tenants SET bills_at = coalesce($1::timestamptz, clock_timestamp()) + interval '1 hour' WHERE id IN (
    SELECT t.id FROM tenants t WHERE t.id = ANY($2::uuid[]) AND t.bills_at <= $3
        AND NOT EXISTS (SELECT 1 FROM billing_months m WHERE m.wallet_id = t.id AND m.month >= $4::date)
    FOR NO KEY UPDATE OF t SKIP LOCKED
)
"""
_RELEASE = "UPDATE billing_runs SET worked_at = NULL WHERE id = $1 AND finished_at IS NULL"
_CLAIM = f"""
UPDATE billing_runs SET worked_at = clock_timestamp() WHERE id = (
    SELECT id FROM billing_runs WHERE finished_at IS NULL
        AND (worked_at IS NULL OR worked_at < clock_timestamp() - interval '{LEASE_SECONDS} seconds')
    ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
) RETURNING id, month, actor, started_at, tenant_ids, scheduled, cursor
"""

log = structlog.get_logger()
TenantOutcome = Posted | str
"""What was posted, or why the tenant could not be billed."""


def begin(core: Core, run: Run) -> "asyncio.Task[None]":
    """Work on a stored run beside whatever else goes on, until it has finished or another process has it."""
    began, named = perf_counter_ns(), ids.make("run", run.id)
    task = asyncio.create_task(_to_the_end(core, run), name=f"billing {month_text(run.month)}")
    core.background.add(task)
    core.billing.runs_in_progress += 1
    log.info("billing run begun", run=named, month=month_text(run.month), actor=run.actor)

    def ended(task: "asyncio.Task[None]") -> None:
        core.background.discard(task)
        core.billing.runs_in_progress -= 1
        core.billing.runs.add(perf_counter_ns() - began)
        if task.cancelled():
            log.info("billing run left to others", run=named)
        elif (error := task.exception()) is not None:
            log.warning("a billing run was interrupted", run=named, error=repr(error))
        else:
            log.info("billing run ended", run=named)

    task.add_done_callback(ended)
    return task


async def resume(core: Core) -> int:
    """Go on with the runs whose processes have died; how many there were. One statement decides who takes which."""
    taken = 0
    while (run := await write(_claim)) is not None:
        log.info("going on with a billing run", run=ids.make("run", run.id))
        begin(core, run)
        taken += 1
    return taken


async def _claim(connection: BaseDBAsyncClient) -> Run | None:
    for row in await connection.execute_query_dict(_CLAIM):
        named = row["tenant_ids"]
        return Run(**row | {"tenant_ids": tuple(named) if named is not None else None})
    return None


async def billed_groups(core: Core, run: Run) -> AsyncGenerator[tuple[Group, list[TenantOutcome]], None]:
    """Group after group with its outcomes. The next one queues up while one is posted."""
    following = await groups(run)
    group = await following(run.cursor)
    billing = asyncio.ensure_future(_bill(core, run, group))
    try:
        while not group.is_last:
            coming = await following(group.cursor)
            coming_billing = asyncio.ensure_future(_bill(core, run, coming))
            current, (group, billing) = (group, billing), (coming, coming_billing)
            yield current[0], await current[1]
        yield group, await billing
    finally:
        billing.cancel()


async def _to_the_end(core: Core, run: Run) -> None:
    try:
        async with aclosing(billed_groups(core, run)) as billed:
            async for group, outcomes in billed:
                if not await _reached(core, run, group, outcomes):
                    return
                _count(core.billing, outcomes)
                core.tell_run(run.id)
    except (asyncio.CancelledError, Unavailable):
        await _release(run)
        raise


async def _bill(core: Core, run: Run, group: Group) -> list[TenantOutcome]:
    operations = _operations(run, group)
    return await asyncio.gather(*map(partial(_close, core, run), group.tenants, operations))


async def _close(core: Core, run: Run, tenant: BilledTenant, operation_id: UUID) -> TenantOutcome:
    end = month_start(next_month(run.month), tenant.zone)
    if end > run.started_at:
        return f"{month_text(run.month)} is not over in {tenant.zone} until {end.isoformat()}."
    operation = Operation(operation_id, "runBilling", run.actor)
    command = CloseMonths(tenant.id, operation, run.dry_run, run.month, run.id)
    for pause in (*HELD_PAUSES_SECONDS, None):
        try:
            return await core.posting.post(command)
        except Unavailable as why:
            if str(why) in (AWAY, STOPPING):  # not this tenant's: the run goes on elsewhere, or later
                raise
            if pause is None:
                return str(why)
            await asyncio.sleep(pause)
        except (Refusal, Fault) as why:
            return str(why)
        except Exception:
            log.exception("billing failed", tenant=ids.make("ten", tenant.id))
            return "An unexpected error; it is in the server's log."
    raise AssertionError("the last try has no pause")


def _operations(run: Run, group: Group) -> list[UUID]:
    """A tenant's is the same whichever process bills it, so that what it wrote is found after a crash."""
    return [derived_uuid(run.id, tenant.id.bytes) for tenant in group.tenants]


async def _reached(core: Core, run: Run, group: Group, outcomes: Sequence[TenantOutcome]) -> bool:
    """Store what the group came to; False if another process has the run now."""
    tenant_ids = [tenant.id for tenant in group.tenants]
    failures = [pair for pair in zip(tenant_ids, outcomes, strict=True) if isinstance(pair[1], str)]
    fixed = core.clock.fixed
    moved: list[object] = [run.id, group.before, group.cursor, len(tenant_ids), group.is_last, fixed]
    moved += [tenant_ids, _operations(run, group)]

    async def work(connection: BaseDBAsyncClient) -> bool:
        if not await connection.execute_query_dict(_REACHED, moved):
            return False
        note(Change(ChangeKind.INVOICES, tenant_id) for tenant_id in tenant_ids)  # also months closed without one
        await connection.execute_query(_AMOUNTS, [run.id, tenant_ids])
        if failures:
            await connection.execute_query(_FAILURES, [run.id, *map(list, zip(*failures, strict=True))])
        if run.scheduled:
            await connection.execute_query(_LATER, [fixed, tenant_ids, run.started_at, run.month])
        return True

    return await write(work)


def _count(counts: BillingCounts, outcomes: Sequence[TenantOutcome]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, str):
            counts.failures += 1
        else:
            counts.tenants += 1
            counts.invoices.update(issued.invoice.status.value for issued in outcome.issued)


async def _release(run: Run) -> None:
    """Let another process go on at once; where that cannot be said, the lease runs out."""

    async def work(connection: BaseDBAsyncClient) -> None:
        await connection.execute_query(_RELEASE, [run.id])

    try:
        await write(work)
    except Unavailable:
        log.warning("a billing run waits for its lease", run=ids.make("run", run.id))
