"""Reading what a tenant used and is not billed for yet: by day, and by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from domain.billing import MonthBill, bills_at, day_start, next_month
from domain.people import Tenant
from services import rating
from services.core import Core
from services.database import now, pooled_snapshot, read
from services.people_queries import load_tenants

# A month's events by the days that they lie between; by service, as their index has them.
_BY_DAY = """
SELECT s.service, d.place, sum(d.quantity) AS quantity, sum(d.events)::bigint AS events
FROM (SELECT DISTINCT service FROM usage_totals WHERE wallet_id = $1 AND month = $2) AS s
CROSS JOIN LATERAL (
    SELECT width_bucket(e.occurred_at, $3::timestamptz[]) AS place, sum(e.quantity) AS quantity, count(*) AS events
    FROM usage_events e WHERE e.wallet_id = $1 AND e.service = s.service
        AND e.occurred_at >= ($3::timestamptz[])[1] AND e.occurred_at < $4 GROUP BY 1
) AS d GROUP BY s.service, d.place ORDER BY d.place, s.service
"""


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """What a tenant used of a service on a day of its billing zone."""

    day: date
    service: str
    quantity: Decimal
    events: int


@dataclass(frozen=True, slots=True)
class UnbilledMonth:
    """A month that is not closed, as it would be billed now. `closes_at`: when the server itself closes it."""

    bill: MonthBill
    closes_at: datetime
    is_running: bool


async def usage_by_day(core: Core, tenant: Tenant, month: date) -> list[DailyUsage]:
    """By day, then by service. A correction counts on the day of what it corrects.

    Raises Unavailable (too many ask at once).
    """
    following = next_month(month)
    days = [month + timedelta(days=n) for n in range((following - month).days)]
    starts = [day_start(day, tenant.billing_zone) for day in days]
    async with core.long_reads.entered():
        rows = await read(_BY_DAY, tenant.id, month, starts, day_start(following, tenant.billing_zone))
    return [DailyUsage(days[row["place"] - 1], row["service"], row["quantity"], row["events"]) for row in rows]


async def unbilled_months(core: Core, tenant_ids: Sequence[UUID]) -> dict[UUID, list[UnbilledMonth]]:
    """Newest first, all of one moment. None of a tenant that was deleted."""
    instant = await now(core.clock)
    tenants = await load_tenants(tenant_ids)
    standing = [tenant.id for tenant in tenants.values() if tenant.closed_at is None]
    if not standing:
        return {}
    async with pooled_snapshot() as connection:
        bills = await rating.open_months(connection, standing, instant)
    return {
        tenant_id: [_unbilled(tenants[tenant_id], bill, instant) for bill in reversed(months)]
        for tenant_id, months in bills.items()
    }


def _unbilled(tenant: Tenant, bill: MonthBill, instant: datetime) -> UnbilledMonth:
    closes_at = bills_at(bill.month, tenant.billing_zone, tenant.billing_delay_hours)
    return UnbilledMonth(bill, closes_at, bill.end > instant)
