"""What a rehearsal reads of some tenants, a statement for each kind of row, and what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.billing import UsageTotal
from domain.pricing import Price
from domain.rehearsal import LAST_MONTHS, Closing, Rehearsed, locked_at, outlook, rehearse_months
from services.database import Connection, Row
from services.rows import PRICE_COLUMNS, columns, read_price

_TENANTS = """
SELECT t.id, t.billing_zone, t.grace_days, w.total - w.locked AS available, f.month AS first_invoice
FROM tenants t JOIN wallets w ON w.id = t.id LEFT JOIN LATERAL (
    SELECT month FROM invoices WHERE wallet_id = t.id AND status <> 'VOID' ORDER BY count LIMIT 1
) f ON true
WHERE t.id = ANY($1::uuid[])
"""
_PRICES = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = ANY($1::uuid[]) AND service = $2"
_MONTHS = """
SELECT k.id, m.month, m.closed_at, i.total, i.voided_at FROM unnest($1::uuid[]) AS k(id)
JOIN LATERAL (
    SELECT month, closed_at, invoice FROM billing_months WHERE wallet_id = k.id ORDER BY month DESC LIMIT $2
) m ON true
LEFT JOIN invoices i ON i.wallet_id = k.id AND i.count = m.invoice
ORDER BY k.id, m.month
"""
_TOTALS = """
SELECT u.wallet_id, u.month, u.service, u.price_id, u.quantity, u.billed_quantity
FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN usage_totals u ON u.wallet_id = k.wallet_id AND u.month = k.month AND u.service = $3
"""
# Time never goes back from one version to the next: the last version at an instant is found by halving. LIMIT 1 keeps
# each step a look-up by key, however large the log has become.
_COVERED = """
WITH RECURSIVE s(wallet_id, at, lo, hi) AS (
    SELECT k.wallet_id, k.at, 0::bigint, w.version
    FROM unnest($1::uuid[], $2::timestamptz[]) AS k(wallet_id, at) JOIN wallets w ON w.id = k.wallet_id
    UNION ALL
    SELECT s.wallet_id, s.at, CASE WHEN t.created_at <= s.at THEN t.version ELSE s.lo END,
        CASE WHEN t.created_at <= s.at THEN s.hi ELSE t.version - 1 END
    FROM s JOIN LATERAL (
        SELECT version, created_at FROM wallet_transactions
        WHERE wallet_id = s.wallet_id AND version = (s.lo + s.hi + 1) / 2 LIMIT 1
    ) t ON true
    WHERE s.lo < s.hi
)
SELECT s.wallet_id, s.at, t.covered FROM s JOIN LATERAL (
    SELECT total_after - locked_after - due_after AS covered FROM wallet_transactions
    WHERE wallet_id = s.wallet_id AND version = s.lo LIMIT 1
) t ON true WHERE s.lo >= s.hi
"""


@dataclass(frozen=True, slots=True)
class Question:
    """The draft, of which service, against how many months; asked at that instant."""

    service: str
    draft: Price
    months: int
    instant: datetime

    @property
    def depth(self) -> int:
        """How many months are read: what a tenant costs a month needs the last three."""
        return max(self.months, LAST_MONTHS)


@dataclass(slots=True)
class _Facts:
    """Of one tenant."""

    zone: str
    grace: timedelta
    available: int
    first_invoice: date | None
    prices: list[Price] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)
    """Its last closed months, as _MONTHS has them."""
    covered: dict[datetime, int] = field(default_factory=dict)
    totals: list[UsageTotal] = field(default_factory=list)


async def load(connection: Connection, question: Question, tenant_ids: Sequence[UUID]) -> list[Rehearsed]:
    """Those of them that have the service and a closed month. Raises BadInput for a draft beyond any amount."""
    facts = {row["id"]: _facts(row) for row in await connection.fetch(_TENANTS, tenant_ids)}
    for row in await connection.fetch(_PRICES, tenant_ids, question.service):
        facts[row["wallet_id"]].prices.append(read_price(row))
    having = [tenant_id for tenant_id, of in facts.items() if of.prices]
    for row in await connection.fetch(_MONTHS, having, question.depth):
        facts[row["id"]].closed.append(row)
    known = {tenant_id: facts[tenant_id] for tenant_id in having if facts[tenant_id].closed}
    if not known:
        return []
    await _load_months(connection, question, known)
    return [_rehearsed(tenant_id, of, question) for tenant_id, of in known.items()]


async def _load_months(connection: Connection, question: Question, facts: dict[UUID, _Facts]) -> None:
    """What was used in them, and what the wallets had as each one's grace ended."""
    keys = [(tenant_id, row["month"]) for tenant_id, of in facts.items() for row in of.closed]
    for wallet_id, *rest in await connection.fetch(_TOTALS, *columns(keys), question.service):
        facts[wallet_id].totals.append(UsageTotal(*rest))
    ends = ((one, row["closed_at"] + of.grace) for one, of in facts.items() for row in of.closed[-question.months :])
    if past := [(tenant_id, end) for tenant_id, end in ends if end <= question.instant]:
        for wallet_id, end, covered in await connection.fetch(_COVERED, *columns(past)):
            facts[wallet_id].covered[end] = covered


def _rehearsed(tenant_id: UUID, of: _Facts, question: Question) -> Rehearsed:
    closings = [_closing(row, of, question.instant) for row in of.closed]
    months = rehearse_months([one.month for one in closings], of.zone, of.totals, of.prices, question.draft)
    shown, looked_at = months[-question.months :], closings[-question.months :]
    return Rehearsed(
        tenant_id,
        shown,
        locked_at(looked_at, {}),
        locked_at(looked_at, {month.month: month.difference for month in shown}),
        of.available,
        outlook(closings, of.first_invoice, {month.month: month.difference for month in months}),
    )


def _closing(row: Row, of: _Facts, instant: datetime) -> Closing:
    """A wallet whose log has not begun covers nothing, and owes nothing."""
    end = row["closed_at"] + of.grace
    covered = of.covered.get(end, 0) if end <= instant else None
    return Closing(row["month"], row["closed_at"], end, row["total"] or 0, row["voided_at"], covered)


def _facts(row: Row) -> _Facts:
    return _Facts(row["billing_zone"], timedelta(days=row["grace_days"]), row["available"], row["first_invoice"])
