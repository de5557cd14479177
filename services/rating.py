"""What the closing months of many tenants cost, loaded and written set by set inside the posting task's transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.billing import MonthBill, UsageTotal, bills_at, month_of, months
from domain.commands import CloseMonths, Command, Issue, Tick
from domain.draft import Issued
from domain.pricing import Price, stretches
from domain.rating import Billed, ClosedMonth, close_months
from domain.scheduling import first_open
from services.database import Connection, Row
from services.rows import PRICE_COLUMNS, columns, read_price

# Closing excludes recordUsage, setPrice and cancelPrice of the tenant: they take this lock too.
_LOCK = "SELECT id FROM tenants WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"
_FACTS = """
SELECT t.id, t.billing_zone, t.grace_days, t.finalization_days, t.created_at,
    m.month AS newest_closed, u.month AS first_used, coalesce(i.count, 0) AS last_count
FROM tenants t
LEFT JOIN LATERAL (SELECT month FROM billing_months WHERE wallet_id = t.id ORDER BY month DESC LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT month FROM usage_totals WHERE wallet_id = t.id ORDER BY month LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT count FROM invoices WHERE wallet_id = t.id ORDER BY count DESC LIMIT 1) i ON true
WHERE t.id = ANY($1::uuid[])
"""
_UNBILLED = """
SELECT wallet_id, month, service, price_id, quantity, billed_quantity FROM usage_totals
WHERE wallet_id = ANY($1::uuid[]) AND quantity <> billed_quantity
"""
REBILL = """
SELECT DISTINCT i.wallet_id, i.count, l.month FROM invoices i
JOIN invoice_lines l ON l.wallet_id = i.wallet_id AND l.count = i.count
WHERE i.wallet_id = ANY($1::uuid[]) AND i.rebill ORDER BY i.wallet_id, i.count
"""
CLOSED_TOTALS = """
SELECT u.wallet_id, u.month, u.service, u.price_id, u.quantity, u.billed_quantity
FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN usage_totals u ON u.wallet_id = k.wallet_id AND u.month = k.month
"""
# A line of a fee or a minimum says once a month, not how much was used.
BILLED_LINES = """
SELECT l.wallet_id, l.month, l.price_id,
    coalesce(sum(l.quantity) FILTER (WHERE l.kind IN ('USAGE', 'LATE')), 0) AS quantity, sum(l.amount)::bigint AS amount
FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN invoice_lines l ON l.wallet_id = k.wallet_id AND l.month = k.month
JOIN invoices i ON i.wallet_id = l.wallet_id AND i.count = l.count AND i.status <> 'VOID'
GROUP BY l.wallet_id, l.month, l.price_id
"""
_PRICES = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = ANY($1::uuid[])"
_INVOICES = """
INSERT INTO invoices (wallet_id, count, month, status, total, issued_at, locks_at, finalizes_at, hold, paid_at)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::text[], $5::bigint[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::timestamptz[])
"""
_LINES = """
INSERT INTO invoice_lines (wallet_id, count, position, kind, service, month, quantity, unit_price,
    starts_at, ends_at, amount, price_id)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::date[], $7::numeric[],
    $8::numeric[], $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::uuid[])
"""
_MONTHS = """
INSERT INTO billing_months (wallet_id, month, starts_at, ends_at, run_id, invoice, closed_at)
SELECT * FROM unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[], $5::uuid[], $6::bigint[],
    $7::timestamptz[])
"""
_BILLED = """
UPDATE usage_totals u SET billed_quantity = quantity
FROM unnest($1::uuid[], $2::date[]) AS n(wallet_id, month)
WHERE u.wallet_id = n.wallet_id AND u.month <= n.month AND u.quantity <> u.billed_quantity
"""
# Voiding takes the wallet lock, which comes after rating: what is voided meanwhile is not looked at and stays marked.
_REBILLED = """
UPDATE invoices i SET rebill = false FROM unnest($1::uuid[], $2::bigint[]) AS n(wallet_id, count)
WHERE i.wallet_id = n.wallet_id AND i.count = n.count
"""
_TERMS = """
SELECT t.id, t.billing_zone, t.billing_delay_hours, t.created_at, m.month AS newest_closed FROM tenants t
LEFT JOIN LATERAL (SELECT month FROM billing_months WHERE wallet_id = t.id ORDER BY month DESC LIMIT 1) m ON true
WHERE t.id = ANY($1::uuid[])
"""
_SCHEDULED = """
UPDATE tenants t SET bills_at = n.at FROM unnest($1::uuid[], $2::timestamptz[]) AS n(id, at)
WHERE t.id = n.id AND t.bills_at <> n.at
"""


@dataclass(slots=True)
class _Facts:
    zone: str
    grace_days: int
    finalization_days: int
    first_month: date
    next_count: int
    totals: list[UsageTotal] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    closed: dict[date, ClosedMonth] = field(default_factory=dict)
    void: dict[int, None] = field(default_factory=dict)

    def bills(self, until: date) -> tuple[MonthBill, ...]:
        timeline = {stretch.price.id: stretch for stretch in stretches(self.prices)}
        totals = [total for total in self.totals if self.first_month <= total.month <= until]
        closed = [self.closed[month] for month in sorted(self.closed)]
        return close_months(months(self.first_month, until), self.zone, totals, timeline, closed, tuple(self.void))

    def close(self, month: date) -> ClosedMonth:
        """A month closed before, of which something is left to bill."""
        return self.closed.setdefault(month, ClosedMonth(month, [], {}))


async def rate(connection: Connection, commands: Sequence[Command]) -> list[Command]:
    """The commands, every CloseMonths replaced by the Issue that its tenant's usage makes of it.

    Of several for one tenant the one that closes most is rated; the others then find nothing open.
    """
    closing = [command for command in commands if isinstance(command, CloseMonths)]
    facts = await _load(connection, sorted({command.wallet_id for command in closing}))
    furthest: dict[UUID, CloseMonths] = {}
    for command in closing:
        other = furthest.get(command.wallet_id)
        if not command.dry_run and (other is None or command.month > other.month):
            furthest[command.wallet_id] = command
    return [
        _issue(command, facts[command.wallet_id], furthest.get(command.wallet_id))
        if isinstance(command, CloseMonths)
        else command
        for command in commands
    ]


def _issue(command: CloseMonths, facts: _Facts, furthest: CloseMonths | None) -> Command:
    if not command.dry_run and command is not furthest:
        return Tick(command.wallet_id, command.operation, False)
    return Issue(
        command.wallet_id,
        command.operation,
        command.dry_run,
        command.run_id,
        facts.bills(command.month),
        facts.next_count,
        facts.grace_days,
        facts.finalization_days,
    )


async def open_months(
    connection: Connection, tenant_ids: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[MonthBill, ...]]:
    """The bills of all months that are not closed, oldest first, were they closed now: the running one's so far. In a
    snapshot: nothing is locked."""
    found = {}
    for tenant_id, facts in (await _load_facts(connection, list(tenant_ids))).items():
        found[tenant_id] = facts.bills(month_of(now, facts.zone))
        await asyncio.sleep(0)  # other requests go on between them
    return found


async def _load(connection: Connection, ids: list[UUID]) -> dict[UUID, _Facts]:
    await connection.execute(_LOCK, ids)
    return await _load_facts(connection, ids)


async def _load_facts(connection: Connection, ids: list[UUID]) -> dict[UUID, _Facts]:
    facts = {row["id"]: _facts(row) for row in await connection.fetch(_FACTS, ids)}
    for wallet_id, *rest in await connection.fetch(_UNBILLED, ids):
        of, total = facts[wallet_id], UsageTotal(*rest)
        of.totals.append(total)
        if total.month < of.first_month:
            of.close(total.month)
    for wallet_id, count, month in await connection.fetch(REBILL, ids):
        facts[wallet_id].void[count] = None
        facts[wallet_id].close(month).rebill = True
    await _load_closed(connection, facts)
    for row in await connection.fetch(_PRICES, ids):
        facts[row["wallet_id"]].prices.append(read_price(row))
    return facts


async def _load_closed(connection: Connection, facts: dict[UUID, _Facts]) -> None:
    """Of months that were closed before: all that was used in them, and all that was billed for them."""
    keys = [(wallet_id, month) for wallet_id, of in facts.items() for month in of.closed]
    if not keys:
        return
    arrays = columns(keys)
    for wallet_id, *rest in await connection.fetch(CLOSED_TOTALS, *arrays):
        total = UsageTotal(*rest)
        facts[wallet_id].closed[total.month].totals.append(total)
    for wallet_id, month, price_id, quantity, amount in await connection.fetch(BILLED_LINES, *arrays):
        facts[wallet_id].closed[month].billed[price_id] = Billed(quantity, amount)


def _facts(row: Row) -> _Facts:
    zone = row["billing_zone"]
    first = first_open(row["newest_closed"], row["created_at"], row["first_used"], zone)
    return _Facts(zone, row["grace_days"], row["finalization_days"], first, row["last_count"] + 1)


async def write(connection: Connection, issues: Sequence[tuple[Issue, tuple[Issued, ...]]], now: datetime) -> None:
    """The closed months, their invoices and lines; what they billed is billed."""
    invoices = [(issue.wallet_id, one) for issue, issued in issues for one in issued]
    if invoices:
        await connection.execute(_INVOICES, *columns([_invoice_row(*one) for one in invoices]))
        await connection.execute(_LINES, *columns([row for one in invoices for row in _line_rows(*one)]))
    closed = [
        (issue.wallet_id, bill.month, bill.start, bill.end, issue.run_id, _count(issued, bill), now)
        for issue, issued in issues
        for bill in issue.bills
    ]
    if closed:
        await connection.execute(_MONTHS, *columns(closed))
        last = [(issue.wallet_id, issue.bills[-1].month) for issue, _ in issues if issue.bills]
        await connection.execute(_BILLED, *columns(last))
    again = [(issue.wallet_id, count) for issue, _ in issues for bill in issue.bills for count in bill.rebilled]
    if again:
        await connection.execute(_REBILLED, *columns(again))
    await _schedule(connection, [issue.wallet_id for issue, _ in issues])


async def _schedule(connection: Connection, ids: list[UUID]) -> None:
    """When the server itself closes the month after."""
    rows = []
    for wallet_id, zone, delay_hours, created_at, closed in await connection.fetch(_TERMS, ids):
        following = first_open(closed, created_at, None, zone)
        rows.append((wallet_id, bills_at(following, zone, delay_hours)))
    await connection.execute(_SCHEDULED, *columns(rows))


def _count(issued: tuple[Issued, ...], bill: MonthBill) -> int | None:
    return next((one.invoice.count for one in issued if one.bill is bill), None)


def _invoice_row(wallet_id: UUID, issued: Issued) -> tuple[object, ...]:
    invoice, bill = issued.invoice, issued.bill
    return (
        wallet_id, invoice.count, bill.month, invoice.status, invoice.total, invoice.issued_at,
        invoice.locks_at, invoice.finalizes_at, invoice.hold, invoice.closed_at,
    )  # fmt: skip


def _line_rows(wallet_id: UUID, issued: Issued) -> list[tuple[object, ...]]:
    return [
        (
            wallet_id, issued.invoice.count, position, line.kind, line.service, line.month, line.quantity,
            line.unit_price, line.start, line.end, line.amount, line.price_id,
        )
        for position, line in enumerate(issued.bill.lines, 1)
    ]  # fmt: skip
