"""Reading invoices, and the runs that issued them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.billing import (
    Invoice,
    Line,
    LineKind,
)
from domain.ledger import InvoiceStatus
from domain.people import read_invoice_number
from services.database import Row, count_rows, read
from services.matching import Matching

_INVOICE = """
SELECT i.wallet_id, i.count, t.code, t.currency, i.month, i.status, i.total, i.issued_at, i.locks_at,
    i.finalizes_at, i.paid_at, i.voided_at FROM invoices i JOIN tenants t ON t.id = i.wallet_id
"""
_NEWEST_FIRST = "ORDER BY i.issued_at DESC, i.wallet_id DESC, i.count DESC"
_OF_CODE = "SELECT id FROM tenants WHERE code = $1"
_BY_KEY = f"""
{_INVOICE} JOIN unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, count)
    ON k.wallet_id = i.wallet_id AND k.count = i.count
"""
_LINES = """
SELECT l.* FROM invoice_lines l JOIN unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, count)
    ON k.wallet_id = l.wallet_id AND k.count = l.count ORDER BY l.wallet_id, l.count, l.position
"""
_OF_RUN = f"""
{_INVOICE} JOIN billing_months m ON m.wallet_id = i.wallet_id AND m.invoice = i.count
WHERE m.run_id = $1 ORDER BY m.wallet_id, m.month LIMIT $2
"""
_RUN = "SELECT id, month, tenants, done, locked, started_at, finished_at FROM billing_runs"
_BY_ID = f"{_RUN} WHERE id = ANY($1::uuid[])"
_RUNS = f"{_RUN} WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"
_AMOUNTS = """
SELECT run_id, currency, invoices, billed, collected FROM billing_run_amounts WHERE run_id = ANY($1::uuid[])
ORDER BY currency
"""
_FAILURES = """
SELECT wallet_id, message FROM billing_failures
WHERE run_id = $1 AND ($2::uuid IS NULL OR wallet_id > $2) ORDER BY wallet_id LIMIT $3
"""

InvoiceKey = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class RunAmounts:
    """Sums of one currency, in minor units."""

    currency: str
    billed: Decimal
    collected: Decimal


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A billing run as it stands."""

    id: UUID
    month: date
    tenants: int
    done: int
    invoice_count: int
    amounts: list[RunAmounts]
    locked: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """None: does not filter."""

    tenant_id: UUID | None = None
    status: InvoiceStatus | None = None
    month: date | None = None
    search: str | None = None
    """A number, or the code that numbers begin with."""


async def list_invoices(
    viewer: Viewer, where: InvoiceFilter, limit: int, after: tuple[datetime, UUID, int] | None
) -> list[Invoice]:
    """Those that the viewer sees, newest first."""
    if not access.holds(viewer, "invoice:read"):
        return []
    matching = await _matching(viewer, where)
    if after is not None:
        matching.add("(i.issued_at, i.wallet_id, i.count) < ({}, {}, {})", *after)
    rows = await read(f"{_INVOICE} WHERE {matching.sql} {_NEWEST_FIRST} LIMIT {int(limit)}", *matching.values)
    return [_read_invoice(row) for row in rows]


async def count_invoices(viewer: Viewer, where: InvoiceFilter) -> int | None:
    """None beyond 10,000."""
    if not access.holds(viewer, "invoice:read"):
        return 0
    matching = await _matching(viewer, where)
    return await count_rows(f"SELECT 1 FROM invoices i WHERE {matching.sql}", *matching.values)


async def _matching(viewer: Viewer, where: InvoiceFilter) -> Matching:
    matching = Matching()
    matching.add_if_given("i.wallet_id = {}", viewer.home)
    matching.add_if_given("i.wallet_id = {}", where.tenant_id)
    matching.add_if_given("i.status = {}", where.status)
    matching.add_if_given("i.month = {}", where.month)
    if where.search and where.search.strip():
        await _find(matching, where.search)
    return matching


async def _find(matching: Matching, number: str) -> None:
    code, count = read_invoice_number(number) or ("", None)
    rows = await read(_OF_CODE, code)
    matching.add("i.wallet_id = {}", rows[0]["id"] if rows else UUID(int=0))
    matching.add_if_given("i.count = {}", count)


async def load_invoices(keys: Sequence[InvoiceKey]) -> dict[InvoiceKey, Invoice]:
    """Whoever asks."""
    rows = await read(_BY_KEY, [wallet_id for wallet_id, _ in keys], [count for _, count in keys])
    return {(row["wallet_id"], row["count"]): _read_invoice(row) for row in rows}


async def load_lines(keys: Sequence[InvoiceKey]) -> dict[InvoiceKey, list[Line]]:
    """Of several invoices, in their order."""
    lines: dict[InvoiceKey, list[Line]] = {key: [] for key in keys}
    for row in await read(_LINES, [wallet_id for wallet_id, _ in keys], [count for _, count in keys]):
        lines[row["wallet_id"], row["count"]].append(
            Line(
                LineKind(row["kind"]),
                row["service"],
                row["month"],
                row["quantity"],
                row["unit_price"],
                row["starts_at"],
                row["ends_at"],
                row["amount"],
                row["price_id"],
            )
        )
    return lines


def _read_invoice(row: Row) -> Invoice:
    return Invoice(
        wallet_id=row["wallet_id"],
        count=row["count"],
        code=row["code"],
        currency=row["currency"],
        month=row["month"],
        status=InvoiceStatus(row["status"]),
        total=row["total"],
        issued_at=row["issued_at"],
        locks_at=row["locks_at"],
        finalizes_at=row["finalizes_at"],
        paid_at=row["paid_at"],
        voided_at=row["voided_at"],
    )


async def list_run_invoices(run_id: UUID, limit: int) -> list[Invoice]:
    """Those that a run issued."""
    return [_read_invoice(row) for row in await read(_OF_RUN, run_id, limit)]


async def load_run(run_id: UUID) -> RunRecord | None:
    """Whoever asks."""
    return (await load_runs([run_id])).get(run_id)


async def load_runs(run_ids: Sequence[UUID]) -> dict[UUID, RunRecord]:
    """Whoever asks."""
    return {run.id: run for run in await _runs(await read(_BY_ID, list(run_ids)))}


async def find_run(viewer: Viewer, run_id: UUID) -> RunRecord | None:
    """None for what is missing and for a viewer that does not see all."""
    return await load_run(run_id) if access.reads_runs(viewer) else None


async def list_runs(viewer: Viewer, limit: int, after: UUID | None) -> list[RunRecord]:
    """Newest first, for those who see all."""
    if not access.reads_runs(viewer):
        return []
    return await _runs(await read(_RUNS, after, limit))


async def count_runs(viewer: Viewer) -> int | None:
    """None beyond 10,000."""
    if not access.reads_runs(viewer):
        return 0
    return await count_rows("SELECT 1 FROM billing_runs")


async def list_failures(run_id: UUID, limit: int, after: UUID | None) -> list[tuple[UUID, str]]:
    """Tenants that a run could not bill, and why."""
    return [(row["wallet_id"], row["message"]) for row in await read(_FAILURES, run_id, after, limit)]


async def count_failures(run_id: UUID) -> int | None:
    """None beyond 10,000."""
    return await count_rows("SELECT 1 FROM billing_failures WHERE run_id = $1", run_id)


async def _runs(rows: Sequence[Row]) -> list[RunRecord]:
    amounts: dict[UUID, list[Row]] = {}
    for row in await read(_AMOUNTS, [row["id"] for row in rows]):
        amounts.setdefault(row["run_id"], []).append(row)
    return [
        RunRecord(
            row["id"],
            row["month"],
            row["tenants"],
            row["done"],
            sum(of["invoices"] for of in amounts.get(row["id"], ())),
            [RunAmounts(of["currency"], of["billed"], of["collected"]) for of in amounts.get(row["id"], ())],
            row["locked"],
            row["started_at"],
            row["finished_at"],
        )
        for row in rows
    ]
