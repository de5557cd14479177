"""Stories of billing: close a month for some or all tenants. Each tenant is atomic; a bad one stops only itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.access import Viewer
from domain.billing import FIRST_YEAR, LAST_YEAR, Invoice, month_start, month_text, next_month
from domain.commands import CloseMonths
from domain.draft import Issued
from domain.ledger import InvoiceStatus, Operation, TransactionReason, TransactionType
from domain.people import Tenant
from domain.refusals import BadInput, Fault, NotFound, NotPossible, Refusal
from services import audit
from services.billing_queries import RunAmounts, RunRecord, list_run_invoices, load_run
from services.core import Core
from services.database import now, read, write
from services.identity import new_uuid
from services.people_queries import load_tenants
from services.posting_batch import Posted

AWAITED_TENANTS = 100
"""A run over more tenants is answered at once, and watched."""
_AT_ONCE = 256

_TENANTS = "SELECT id, billing_zone FROM tenants WHERE closed_at IS NULL AND ($1::uuid[] IS NULL OR id = ANY($1))"
_START = """
INSERT INTO billing_runs (id, month, actor, tenants, started_at) VALUES ($1, $2, $3, $4, $5)
"""
_PROGRESS = """
UPDATE billing_runs SET done = done + $2, locked = locked + $3,
    finished_at = CASE WHEN done + $2 = tenants THEN coalesce($4::timestamptz, clock_timestamp()) END
WHERE id = $1
"""
_FAILURE = "INSERT INTO billing_failures (run_id, wallet_id, message) VALUES ($1, $2, $3)"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Billed:
    """A run and the first hundred of the invoices that it issued."""

    run: RunRecord
    invoices: list[Invoice]
    failures: list[tuple[UUID, str]] = field(default_factory=list)
    """Only of a dry run, where they are not stored."""


@dataclass(slots=True)
class _Run:
    id: UUID
    month: date
    viewer: Viewer
    started_at: datetime
    dry_run: bool
    zones: dict[UUID, str]
    issued: list[tuple[UUID, Issued]] = field(default_factory=list)
    locked: int = 0
    failures: list[tuple[UUID, str]] = field(default_factory=list)


async def run_billing(
    core: Core, viewer: Viewer, month: date, tenant_ids: Sequence[UUID] | None, *, dry_run: bool = False
) -> Billed:
    """Close the month, and first each tenant's earlier ones that are open. Repeating it changes nothing.

    Raises Forbidden, BadInput, NotFound (a tenant), NotPossible (the month is over in no zone of theirs).
    """
    access.require(viewer, "billing:run")
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise BadInput(f"month takes one from {FIRST_YEAR}-01 to {LAST_YEAR}-12.")
    zones = await _zones(tenant_ids)
    instant = await now(core.clock)
    _check_over(month, set(zones.values()), instant)
    run = _Run(new_uuid(), month, viewer, instant, dry_run, zones)
    if dry_run:
        await _bill(core, run)
        tenants = await _tenants_of(run)
        return Billed(_dry_record(run, tenants), _dry_invoices(run, tenants), run.failures)
    await _start(core, run)
    task = asyncio.create_task(_bill(core, run), name=f"billing {month_text(month)}")
    core.background.add(task)
    task.add_done_callback(core.background.discard)
    if len(zones) <= AWAITED_TENANTS:
        await asyncio.shield(task)
    record = await load_run(run.id)
    assert record is not None
    return Billed(record, await list_run_invoices(run.id, 100))


async def _zones(tenant_ids: Sequence[UUID] | None) -> dict[UUID, str]:
    wanted = None if tenant_ids is None else list(dict.fromkeys(tenant_ids))
    zones = {row["id"]: row["billing_zone"] for row in await read(_TENANTS, wanted)}
    if wanted is not None and len(zones) < len(wanted):
        raise NotFound("There is no such tenant.")
    return zones


def _check_over(month: date, zones: set[str], instant: datetime) -> None:
    ends = [month_start(next_month(month), zone) for zone in zones or {"UTC"}]
    if min(ends) > instant:
        raise NotPossible(f"{month_text(month)} is not over: it can be billed from {min(ends).isoformat()} on.")


async def _start(core: Core, run: _Run) -> None:
    async def work(connection: BaseDBAsyncClient) -> None:
        values = [run.id, run.month, run.viewer.actor, len(run.zones), run.started_at]
        await connection.execute_query(_START, values)
        if not run.zones:
            await connection.execute_query(_PROGRESS, [run.id, 0, 0, core.clock.fixed])
        facts = {"month": month_text(run.month), "tenants": len(run.zones)}
        await audit.record(connection, core.clock, run.viewer, "runBilling", ids.make("run", run.id), after=facts)

    await write(work)


async def _bill(core: Core, run: _Run) -> None:
    """Some hundred tenants at a time: the posting task takes them together."""
    wallet_ids = sorted(run.zones)
    for start in range(0, len(wallet_ids), _AT_ONCE):
        some = wallet_ids[start : start + _AT_ONCE]
        outcomes = await asyncio.gather(*(_close(core, run, wallet_id) for wallet_id in some))
        failures = [(wallet_id, why) for wallet_id, why in zip(some, outcomes, strict=True) if isinstance(why, str)]
        posted = [outcome for outcome in outcomes if isinstance(outcome, Posted)]
        locked = sum(_locks(one) for one in posted)
        if run.dry_run:
            run.issued += [
                (wallet_id, issued)
                for wallet_id, one in zip(some, outcomes, strict=True)
                if isinstance(one, Posted)
                for issued in one.issued
            ]
            run.locked += locked
            run.failures += failures
        else:
            await _progress(core, run, len(some), locked, failures)


async def _close(core: Core, run: _Run, wallet_id: UUID) -> Posted | str:
    """What was posted, or why this tenant could not be billed."""
    end = month_start(next_month(run.month), run.zones[wallet_id])
    if end > run.started_at:
        return f"{month_text(run.month)} is not over in {run.zones[wallet_id]} until {end.isoformat()}."
    operation = Operation(new_uuid(), "runBilling", run.viewer.actor)
    try:
        return await core.posting.post(CloseMonths(wallet_id, operation, run.dry_run, run.month, run.id))
    except (Refusal, Fault) as why:
        return str(why)
    except Exception:
        log.exception("billing failed", tenant=ids.make("ten", wallet_id))
        return "An unexpected error; it is in the server's log."


def _locks(posted: Posted) -> int:
    return sum(
        t.type is TransactionType.LOCK and t.reason is TransactionReason.INSUFFICIENT_FUNDS for t in posted.transactions
    )


async def _progress(core: Core, run: _Run, done: int, locked: int, failures: Sequence[tuple[UUID, str]]) -> None:
    async def work(connection: BaseDBAsyncClient) -> None:
        for wallet_id, message in failures:
            await connection.execute_query(_FAILURE, [run.id, wallet_id, message])
        await connection.execute_query(_PROGRESS, [run.id, done, locked, core.clock.fixed])

    await write(work)


async def _tenants_of(run: _Run) -> dict[UUID, Tenant]:
    return await load_tenants(list({wallet_id for wallet_id, _ in run.issued}))


def _dry_record(run: _Run, tenants: dict[UUID, Tenant]) -> RunRecord:
    amounts: dict[str, tuple[Decimal, Decimal]] = {}
    for wallet_id, issued in run.issued:
        currency, total = tenants[wallet_id].currency, Decimal(issued.invoice.total)
        billed, collected = amounts.get(currency, (Decimal(0), Decimal(0)))
        paid = total if issued.invoice.status is InvoiceStatus.PAID else Decimal(0)
        amounts[currency] = (billed + total, collected + paid)
    return RunRecord(
        run.id,
        run.month,
        len(run.zones),
        len(run.zones),
        len(run.issued),
        [RunAmounts(currency, *sums) for currency, sums in sorted(amounts.items())],
        run.locked,
        run.started_at,
        run.started_at,
    )


def _dry_invoices(run: _Run, tenants: dict[UUID, Tenant]) -> list[Invoice]:
    found = []
    for wallet_id, issued in run.issued[:100]:
        tenant, open_invoice = tenants[wallet_id], issued.invoice
        found.append(
            Invoice(
                wallet_id=wallet_id,
                count=open_invoice.count,
                code=tenant.code,
                currency=tenant.currency,
                month=open_invoice.month,
                status=open_invoice.status,
                total=open_invoice.total,
                issued_at=open_invoice.issued_at,
                locks_at=open_invoice.locks_at,
                paid_at=open_invoice.closed_at,
                voided_at=None,
                lines=issued.bill.lines,
            )
        )
    return found
