"""Months in a billing zone, what a month costs, and what a tenant costs a month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.ledger import InvoiceStatus
from domain.money import MOST_MINOR, divide_half_up, subtract
from domain.pricing import Price, Stretch, charge

FIRST_YEAR, LAST_YEAR = 1970, 2199


class LineKind(StrEnum):
    """What an invoice line is for."""

    USAGE = "USAGE"
    FLAT = "FLAT"
    MINIMUM = "MINIMUM"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Line:
    """Rounded once. `start` and `end` are the part of the month that was billed at this price."""

    kind: LineKind
    service: str
    month: date
    quantity: Decimal
    unit_price: Decimal | None
    start: datetime
    end: datetime
    amount: int
    price_id: UUID


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a month cost a tenant: the `count`-th of those with its `code`. Its wallet has the tenant's id."""

    wallet_id: UUID
    count: int
    code: str
    currency: str
    month: date
    status: InvoiceStatus
    total: int
    issued_at: datetime
    locks_at: datetime | None
    paid_at: datetime | None
    voided_at: datetime | None
    lines: tuple[Line, ...] | None = None
    """Only in a dry run, where they are not stored."""


@dataclass(frozen=True, slots=True)
class MonthBill:
    """A month that closes: its exact bounds, and its lines if there are any."""

    month: date
    start: datetime
    end: datetime
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """The sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def is_charged(self) -> bool:
        """Nothing to charge, no invoice."""
        return any(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class UsageTotal:
    """What was used of a service in a month under one price, and how much of it has been billed."""

    month: date
    service: str
    price_id: UUID
    quantity: Decimal
    billed_quantity: Decimal


def month_text(month: date) -> str:
    """`2025-03`."""
    return f"{month.year:04d}-{month.month:02d}"


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_start(month: date, zone: str) -> datetime:
    """Midnight of its first day in the zone, as UTC: the first of two midnights, and where a clock change skips
    midnight the instant of the change."""
    return datetime.combine(month, time(), ZoneInfo(zone)).astimezone(UTC)


def month_of(instant: datetime, zone: str) -> date:
    """The month in which the instant lies in the zone."""
    return instant.astimezone(ZoneInfo(zone)).date().replace(day=1)


def bills_at(month: date, zone: str, delay_hours: int) -> datetime:
    """When the server itself closes the month."""
    return month_start(next_month(month), zone) + timedelta(hours=delay_hours)


def months(first: date, last: date) -> list[date]:
    """First to last, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def close_months(
    open_months: Sequence[date], zone: str, totals: Iterable[UsageTotal], stretches: Sequence[Stretch]
) -> tuple[MonthBill, ...]:
    """The bills of the months that close, in order; usage of months closed before is LATE on the first of them."""
    by_month: dict[date, list[UsageTotal]] = {}
    for total in totals:
        by_month.setdefault(total.month, []).append(total)
    of_price = {stretch.price.id: stretch for stretch in stretches}
    bills = []
    for month in open_months:
        start, end = month_start(month, zone), month_start(next_month(month), zone)
        late = [m for m in by_month if m < month]
        lines = [line for m in sorted(late) for line in _lines(LineKind.LATE, by_month.pop(m), of_price, zone)]
        lines += _lines(LineKind.USAGE, by_month.pop(month, []), of_price, zone)
        bills.append(MonthBill(month, start, end, tuple(lines)))
    return tuple(bills)


def _lines(kind: LineKind, totals: Iterable[UsageTotal], of_price: dict[UUID, Stretch], zone: str) -> list[Line]:
    """One line per service and stretch, in the order of the timeline."""
    lines = [_line(kind, total, of_price[total.price_id], zone) for total in totals]
    return sorted((line for line in lines if line), key=lambda line: (line.service, line.start))


def _line(kind: LineKind, total: UsageTotal, stretch: Stretch, zone: str) -> Line | None:
    quantity = subtract(total.quantity, total.billed_quantity)
    if not quantity:
        return None
    price = stretch.price
    start, end = month_start(total.month, zone), month_start(next_month(total.month), zone)
    return Line(
        kind,
        total.service,
        total.month,
        quantity,
        price.unit_price,
        max(start, price.effective_from),
        min(end, stretch.until) if stretch.until else end,
        charge(price, total.quantity) - charge(price, total.billed_quantity),
        price.id,
    )


def charge_so_far(totals: Iterable[UsageTotal], prices: dict[UUID, Price]) -> int:
    """What the usage costs at the prices in force when it happened, each stretch rounded as its line will be.

    Never more than an amount can say: several services, each within it, may come to more.
    """
    return min(MOST_MINOR, sum(charge(prices[total.price_id], total.quantity) for total in totals))


def monthly_charge(closed: Sequence[int]) -> int | None:
    """Mean of the last (at most three) closed months' invoices, newest first; None while there is none."""
    last = closed[:3]
    return divide_half_up(max(0, sum(last)), len(last)) if last else None


def projected_charge(so_far: int, start: datetime, end: datetime, now: datetime) -> int:
    """The running month's charge carried on to its end; 0 before 24 hours of it have passed."""
    elapsed = now - start
    if elapsed < timedelta(hours=24) or so_far <= 0:
        return 0
    micros = timedelta(microseconds=1)
    return min(MOST_MINOR, divide_half_up(so_far * ((end - start) // micros), min(elapsed, end - start) // micros))
