"""Stories of billing: close a month for some or all tenants. Each tenant is atomic; a bad one stops only itself."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.access import Viewer
from domain.billing import FIRST_YEAR, LAST_YEAR, Invoice, month_start, month_text, next_month
from domain.refusals import BadInput, NotPossible
from services import audit, billing_dry
from services.billing_queries import RunRecord, list_run_invoices, load_run
from services.billing_runs import begin
from services.billing_tenants import Run, count_by_zone
from services.core import Core
from services.database import now, write
from services.identity import new_uuid

AWAITED_TENANTS = 100
"""A run over more tenants is answered at once, and watched."""
SHOWN_INVOICES = 100

_START = """
INSERT INTO billing_runs (id, month, actor, tenants, started_at, tenant_ids, worked_at)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class BilledRun:
    """A run and the first hundred of the invoices that it issued."""

    run: RunRecord
    invoices: list[Invoice]
    failures: list[tuple[UUID, str]] = field(default_factory=list)
    """Only of a dry run, where they are not stored."""


async def run_billing(
    core: Core, viewer: Viewer, month: date, tenant_ids: Sequence[UUID] | None, *, dry_run: bool = False
) -> BilledRun:
    """Close the month, and first each tenant's earlier ones that are open. Repeating it changes nothing.

    Raises Forbidden, BadInput, NotFound (a tenant), NotPossible (the month is over in no zone of theirs).
    """
    access.require_each(viewer, "billing:run", tenant_ids)
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise BadInput(f"month takes one from {FIRST_YEAR}-01 to {LAST_YEAR}-12.")
    instant = await now(core.clock)
    named = tuple(sorted(set(tenant_ids))) if tenant_ids is not None else None
    counts = await count_by_zone(named, instant)
    _check_over(month, counts, instant)
    run = Run(new_uuid(), month, viewer.actor, instant, named, dry_run=dry_run)
    if dry_run:
        told = await billing_dry.rehearse(core, run, SHOWN_INVOICES)
        return BilledRun(told.record(run), told.invoices, told.failures)
    tenants = sum(counts.values())
    await _start(core, viewer, run, tenants)
    task = begin(core, run)
    if tenants <= AWAITED_TENANTS:
        await asyncio.shield(task)
    record = await load_run(run.id)
    assert record is not None
    return BilledRun(record, await list_run_invoices(run.id, SHOWN_INVOICES))


def _check_over(month: date, zones: Iterable[str], instant: datetime) -> None:
    first = min(month_start(next_month(month), zone) for zone in zones or ("UTC",))
    if first > instant:
        raise NotPossible(f"{month_text(month)} is not over: it can be billed from {first.isoformat()} on.")


async def _start(core: Core, viewer: Viewer, run: Run, tenants: int) -> None:
    async def work(connection: BaseDBAsyncClient) -> None:
        named = list(run.tenant_ids) if run.tenant_ids is not None else None
        values = [run.id, run.month, run.actor, tenants, run.started_at, named]
        await connection.execute_query(_START, values)
        facts = {"month": month_text(run.month), "tenants": tenants}
        await audit.record(connection, core.clock, viewer, "runBilling", ids.make("run", run.id), after=facts)

    await write(work)
