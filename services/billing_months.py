"""Reading how months stand over all tenants, from sums that triggers keep: no invoice is looked at."""

from collections.abc import Sequence
from datetime import date

from domain import access
from domain.access import Viewer
from domain.billed_months import Begun, BilledMonth, Sums, listed, running_months, stands
from domain.ledger import InvoiceStatus
from services.core import Core
from services.database import Row, now, read

_BEGUN = "SELECT month, zone, sum(number)::bigint AS number FROM tenant_changes GROUP BY month, zone"
_BILLED = "SELECT DISTINCT month FROM month_changes"
_SUMS = """
SELECT month, currency, what, sum(number)::bigint AS number, sum(total) AS total FROM month_changes
WHERE month = ANY($1::date[]) GROUP BY month, currency, what ORDER BY currency
"""


async def list_billing_months(core: Core, viewer: Viewer, limit: int, before: date | None) -> list[BilledMonth]:
    """Newest first, for those who see all."""
    if not access.reads_runs(viewer):
        return []
    begun, running, known = await _known(core)
    shown = [month for month in known if before is None or month < before][:limit]
    sums: dict[date, list[Row]] = {month: [] for month in shown}
    for row in await read(_SUMS, shown):
        sums[row["month"]].append(row)
    return [_month(month, begun, running, sums[month]) for month in shown]


async def count_billing_months(core: Core, viewer: Viewer) -> int:
    """All there are."""
    return len((await _known(core))[2]) if access.reads_runs(viewer) else 0


async def _known(core: Core) -> tuple[list[Begun], dict[str, date], list[date]]:
    begun = [Begun(row["month"], row["zone"], row["number"]) for row in await read(_BEGUN) if row["number"]]
    running = running_months({one.zone for one in begun}, await now(core.clock))
    return begun, running, listed(begun, [row["month"] for row in await read(_BILLED)], running)


def _month(month: date, begun: Sequence[Begun], running: dict[str, date], rows: Sequence[Row]) -> BilledMonth:
    closed = sum(row["number"] for row in rows if row["what"] == "CLOSED")
    gone = sum(row["number"] for row in rows if row["what"] == "GONE")
    found = BilledMonth(month, *stands(month, begun, running, closed, gone))
    for row in rows:
        if row["what"] not in ("CLOSED", "GONE") and row["number"]:
            of = found.amounts.setdefault(row["currency"], {})
            of[InvoiceStatus(row["what"])] = Sums(row["number"], row["total"])
    return found
