"""What all wallets of a currency hold and owe, and what their tenants' months cost: for those who see all.

Balances are added up from the wallets, and charges from the sums that triggers keep: no log and no event is read.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain import access
from domain.access import Viewer
from domain.billing import month_of, month_start, next_month, previous_month
from domain.changes import ChangeKind
from services.changes import ChangeFeed
from services.core import Core
from services.database import Row, now, read
from services.spacing import Spaced

FEES_SECONDS = 300
"""That fees are remembered for where nothing is heard of them: they hardly ever change while a month runs."""
_BALANCES = """
SELECT currency, max(currency_exponent) AS exponent, count(*) AS wallets, sum(total) AS total, sum(locked) AS locked,
    sum(due) AS due, count(*) FILTER (WHERE due > 0) AS due_wallets,
    count(*) FILTER (WHERE funds_locked_at IS NOT NULL OR manual_locked_at IS NOT NULL) AS locked_wallets
FROM wallets WHERE closed_at IS NULL GROUP BY currency ORDER BY currency
"""
_ZONES = """
SELECT currency, zone, sum(number)::bigint AS tenants FROM tenant_changes GROUP BY currency, zone HAVING sum(number) > 0
"""
_CHARGES = """
SELECT month, currency, service, sum(charge) AS charge FROM charge_changes
WHERE month = ANY($1::date[]) GROUP BY month, currency, service
"""
# As domain/rating.py: a fee counts for a month whose begin it is in force at, once its tenant is there.
_FEES = """
SELECT z.month, t.currency, p.service, sum(p.flat) AS charge FROM (
    SELECT f.wallet_id, f.service, f.flat, f.effective_from, (
        SELECT min(n.effective_from) FROM prices n
        WHERE n.wallet_id = f.wallet_id AND n.service = f.service AND n.effective_from > f.effective_from) AS until
    FROM prices f WHERE f.flat > 0
) AS p JOIN tenants t ON t.id = p.wallet_id
JOIN unnest($1::text[], $2::date[], $3::timestamptz[], $4::timestamptz[]) AS z(zone, month, start_at, end_at)
    ON z.zone = t.billing_zone AND p.effective_from <= z.start_at AND (p.until IS NULL OR p.until > z.start_at)
WHERE t.created_at < z.end_at AND (t.closed_at IS NULL OR t.closed_at > z.start_at)
GROUP BY z.month, t.currency, p.service
"""
_HISTORY = "SELECT day, total FROM day_balances WHERE currency = $1 AND day >= $2 AND day < $3 ORDER BY day"


Charges = Mapping[tuple[date, str, str], Decimal]
"""By month, currency and service."""


class ServiceCharge(NamedTuple):
    """What a service cost all tenants of a currency in a month, in minor units."""

    month: date
    service: str
    charge: Decimal


@dataclass(frozen=True, slots=True)
class CurrencyOverview:
    """All wallets of a currency; sums in minor units, which may pass what an amount says."""

    currency: str
    exponent: int
    wallets: int
    total: Decimal
    locked: Decimal
    due: Decimal
    locked_wallets: int
    due_wallets: int
    now: datetime
    month: date
    """The one that runs where most of its tenants are billed."""
    charge_this_month: Decimal
    charge_last_month: Decimal

    @property
    def available(self) -> Decimal:
        """Total less locked."""
        return self.total - self.locked


class Overview:
    """One per process: what many pages show at once is worked out once."""

    def __init__(self, core: Core, changes: ChangeFeed) -> None:
        self._core = core
        self._current = Spaced(self._load)
        self._fees = _Fees()
        changes.hearers.append(self._fees.hear)

    def tasks(self) -> list["asyncio.Task[Any]"]:
        """What is being read for whoever asked, or has gone away since: to be ended before the connections close."""
        return [*self._current.tasks(), *self._fees.tasks()]

    async def currencies(self, viewer: Viewer) -> list[CurrencyOverview]:
        """By code; none for whoever sees a part only."""
        if not (access.holds_everywhere(viewer, "wallet:read") and access.holds_everywhere(viewer, "usage:read")):
            return []
        return await self._current.get()

    async def charges_by_service(self, currency: str, month: date, months: int) -> list[ServiceCharge]:
        """So many months up to this one, oldest first; services by name."""
        wanted = [month]
        for _ in range(months - 1):
            wanted.insert(0, previous_month(wanted[0]))
        found = await self._charges(wanted)
        return sorted(
            ServiceCharge(at, service, charge)
            for (at, of, service), charge in found.items()
            if of == currency and charge
        )

    async def _load(self) -> list[CurrencyOverview]:
        instant = await now(self._core.clock)
        rows, zones = await asyncio.gather(read(_BALANCES), read(_ZONES))
        running = {row["currency"]: month_of(instant, _usual_zone(row["currency"], zones)) for row in rows}
        months = sorted({month for this in running.values() for month in (this, previous_month(this))})
        charges = await self._charges(months)
        return [_overview(row, instant, running[row["currency"]], charges) for row in rows]

    async def _charges(self, months: Sequence[date]) -> Charges:
        """Usage and fees."""
        fees, used = await asyncio.gather(self._fees.of(months), read(_CHARGES, months))
        charges = dict(fees)
        for row in used:
            kind = row["month"], row["currency"], row["service"]
            charges[kind] = charges.get(kind, Decimal(0)) + row["charge"]
        return charges


def _usual_zone(currency: str, zones: Sequence[Row]) -> str:
    """Where most of the currency's tenants are billed."""
    of = [(row["tenants"], row["zone"]) for row in zones if row["currency"] == currency]
    return max(of)[1] if of else "UTC"


def _overview(row: Row, instant: datetime, month: date, charges: Charges) -> CurrencyOverview:
    def charged(of: date) -> Decimal:
        found = [charge for (at, currency, _), charge in charges.items() if (at, currency) == (of, row["currency"])]
        return sum(found, Decimal(0))

    return CurrencyOverview(
        currency=row["currency"],
        exponent=row["exponent"],
        wallets=row["wallets"],
        total=row["total"],
        locked=row["locked"],
        due=row["due"],
        locked_wallets=row["locked_wallets"],
        due_wallets=row["due_wallets"],
        now=instant,
        month=month,
        charge_this_month=charged(month),
        charge_last_month=charged(previous_month(month)),
    )


async def balance_history(currency: str, instant: datetime, total: Decimal, days: int) -> list[tuple[date, Decimal]]:
    """What was held as each day (UTC) ended, oldest first; then what is held at the instant, on the day that runs."""
    today = instant.astimezone(UTC).date()
    rows = await read(_HISTORY, currency, today - timedelta(days=days - 1), today)
    return [*((row["day"], row["total"]) for row in rows), (today, total)]


class _Fees:
    """Added up from the prices of all tenants, so remembered until it hears that prices or tenants have changed."""

    def __init__(self) -> None:
        self._known: dict[tuple[date, ...], tuple[int, asyncio.Task[Charges]]] = {}

    def hear(self, kind: ChangeKind) -> None:
        """What has been read is of before; what is being read may be."""
        if kind in (ChangeKind.PRICES, ChangeKind.TENANTS):
            self._known.clear()

    def tasks(self) -> list["asyncio.Task[Charges]"]:
        """What is being read."""
        return [task for _, task in self._known.values() if not task.done()]

    async def of(self, months: Sequence[date]) -> Charges:
        """By month, currency and service."""
        key, second = tuple(months), int(asyncio.get_running_loop().time())
        since, task = self._known.get(key, (0, None))
        if task is None or second - since >= FEES_SECONDS or (task.done() and task.exception()):
            task = asyncio.create_task(_load_fees(months))
            self._known = {kept: of for kept, of in self._known.items() if second - of[0] < FEES_SECONDS}
            self._known[key] = second, task
        return await asyncio.shield(task)


async def _load_fees(months: Sequence[date]) -> Charges:
    zones = sorted({row["zone"] for row in await read(_ZONES)})
    spans = [
        (zone, month, month_start(month, zone), month_start(next_month(month), zone))
        for zone in zones
        for month in months
    ]
    rows = await read(_FEES, *map(list, zip(*spans, strict=True))) if spans else ()
    return {(row["month"], row["currency"], row["service"]): row["charge"] for row in rows}
