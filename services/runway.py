"""What wallets cost a month: how long their money lasts follows from it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.billing import (
    UsageTotal,
    month_of,
    month_start,
    monthly_charge,
    next_month,
    previous_month,
    projected_charge,
)
from domain.pricing import Price, stretches
from domain.rating import running_charges
from services.core import Core
from services.database import now, read
from services.rows import PRICES_SINCE, read_price

_LAST_MONTHS = """
SELECT k.id, m.month, CASE WHEN i.status <> 'VOID' THEN i.total ELSE 0 END AS total FROM unnest($1::uuid[]) AS k(id)
JOIN LATERAL (
    SELECT month FROM invoices WHERE wallet_id = k.id AND status <> 'VOID' ORDER BY count LIMIT 1
) f ON true
JOIN LATERAL (SELECT month, invoice FROM billing_months WHERE wallet_id = k.id ORDER BY month DESC LIMIT 3) m
    ON m.month >= f.month
LEFT JOIN invoices i ON i.wallet_id = k.id AND i.count = m.invoice
ORDER BY k.id, m.month DESC
"""
_ZONES = "SELECT id, billing_zone FROM tenants WHERE id = ANY($1::uuid[])"
_RUNNING = """
SELECT u.wallet_id, u.month, u.service, u.price_id, u.quantity
FROM unnest($1::uuid[], $2::date[]) AS k(wallet_id, month)
JOIN usage_totals u ON u.wallet_id = k.wallet_id AND u.month = k.month
"""
SOME = 10
"""Wallets whose running months are worked out together: of some hundred services each, other requests go on between."""


async def monthly_charges(core: Core, wallet_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What each wallet's tenant costs a month, in minor units: the mean of its last closed months, or the running
    one carried on to its end; 0 for a user's."""
    closed: dict[UUID, list[int]] = {}
    for row in await read(_LAST_MONTHS, wallet_ids):
        closed.setdefault(row["id"], []).append(row["total"])
    charges = {wallet_id: monthly_charge(closed.get(wallet_id, ())) for wallet_id in wallet_ids}
    missing = [wallet_id for wallet_id, charge in charges.items() if charge is None]
    projected = await _projected(core, missing) if missing else {}
    return {
        wallet_id: projected.get(wallet_id, 0) if charge is None else charge for wallet_id, charge in charges.items()
    }


async def _projected(core: Core, wallet_ids: Sequence[UUID]) -> dict[UUID, int]:
    zones = {row["id"]: row["billing_zone"] for row in await read(_ZONES, wallet_ids)}
    if not zones:
        return {}
    instant, ids = await now(core.clock), list(zones)
    charges: dict[UUID, int] = {}
    for start in range(0, len(ids), SOME):
        charges |= await _project({one: zones[one] for one in ids[start : start + SOME]}, instant)
    return charges


async def _project(zones: Mapping[UUID, str], instant: datetime) -> dict[UUID, int]:
    running = {wallet_id: month_of(instant, zone) for wallet_id, zone in zones.items()}
    totals: dict[UUID, list[UsageTotal]] = {}
    for row in await read(_RUNNING, list(running), list(running.values())):
        total = UsageTotal(row["month"], row["service"], row["price_id"], row["quantity"], Decimal(0))
        totals.setdefault(row["wallet_id"], []).append(total)
    prices: dict[UUID, list[Price]] = {}
    since = [month_start(previous_month(month), zones[wallet_id]) for wallet_id, month in running.items()]
    for row in await read(PRICES_SINCE, list(running), since):
        prices.setdefault(row["wallet_id"], []).append(read_price(row))
    return {
        wallet_id: _carried_on(running[wallet_id], zones[wallet_id], totals.get(wallet_id, []), of, instant)
        for wallet_id, of in prices.items()
    }


def _carried_on(
    month: date, zone: str, totals: Sequence[UsageTotal], prices: Sequence[Price], instant: datetime
) -> int:
    """What the running month will have cost at its end."""
    timeline = {stretch.price.id: stretch for stretch in stretches(prices)}
    start, end = month_start(month, zone), month_start(next_month(month), zone)
    return projected_charge(running_charges(totals, timeline, start), start, end, instant)
