"""Reading what was used: the monthly totals, and what they cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.billing import UsageTotal, charge_so_far
from domain.money import add
from services.database import count_rows, read
from services.rows import PRICE_COLUMNS, read_price

_MONTHLY = """
SELECT month, service, sum(late_quantity) AS late_quantity, sum(events)::bigint AS events,
    array_agg(price_id) AS prices, array_agg(quantity) AS quantities FROM usage_totals
WHERE wallet_id = $1 AND ($2::date IS NULL OR month >= $2) AND ($3::date IS NULL OR month <= $3)
    AND ($4::date IS NULL OR month < $4 OR (month = $4 AND service > $5))
GROUP BY month, service ORDER BY month DESC, service LIMIT $6
"""
_MONTHS_USED = """
SELECT 1 FROM usage_totals WHERE wallet_id = $1 AND ($2::date IS NULL OR month >= $2)
    AND ($3::date IS NULL OR month <= $3) GROUP BY month, service
"""


@dataclass(frozen=True, slots=True)
class MonthlyUsage:
    """What a tenant used of a service in a month; the charge in minor units."""

    tenant_id: UUID
    service: str
    month: date
    quantity: Decimal
    late_quantity: Decimal
    events: int
    charge: int


async def count_monthly_usage(tenant_id: UUID, since: date | None, until: date | None) -> int | None:
    """None beyond 10,000."""
    return await count_rows(_MONTHS_USED, tenant_id, since, until)


async def list_monthly_usage(
    tenant_id: UUID, since: date | None, until: date | None, limit: int, after: tuple[date, str] | None
) -> list[MonthlyUsage]:
    """Newest month first, its services by name; `after` a month and a service."""
    month, service = after or (None, None)
    rows = await read(_MONTHLY, tenant_id, since, until, month, service, limit)
    wanted = sorted({price_id for row in rows for price_id in row["prices"]})
    sql = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = $1 AND id = ANY($2::uuid[])"
    prices = {row["id"]: read_price(row) for row in await read(sql, tenant_id, wanted)}
    found = []
    for row in rows:
        pairs = zip(row["prices"], row["quantities"], strict=True)
        totals = [UsageTotal(row["month"], row["service"], p, quantity, Decimal(0)) for p, quantity in pairs]
        quantity = add(total.quantity for total in totals)
        found.append(
            MonthlyUsage(
                tenant_id,
                row["service"],
                row["month"],
                quantity,
                row["late_quantity"],
                row["events"],
                charge_so_far(totals, prices),
            )
        )
    return found
