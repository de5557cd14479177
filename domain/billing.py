"""Months in a billing zone, the bills that they close with, and what a tenant costs a month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.ledger import InvoiceStatus
from domain.money import MOST_MINOR, divide_half_up
from domain.pricing import Price, charge
from domain.refusals import BadInput, NotPossible

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
    finalizes_at: datetime | None
    paid_at: datetime | None
    voided_at: datetime | None
    lines: tuple[Line, ...] | None = None
    """Only in a dry run, where they are not stored."""


@dataclass(frozen=True, slots=True)
class MonthBill:
    """A month that closes: its exact bounds, its lines if there are any, and the void invoices that it bills again."""

    month: date
    start: datetime
    end: datetime
    lines: tuple[Line, ...]
    rebilled: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the lines. Raises NotPossible where a line or the sum is more than an amount can say."""
        total = sum(line.amount for line in self.lines)
        too_large = next((line for line in self.lines if abs(line.amount) > MOST_MINOR), None)
        if too_large is not None or abs(total) > MOST_MINOR:
            what = f"{too_large.service} in {month_text(too_large.month)}" if too_large else month_text(self.month)
            raise NotPossible(
                f"{what} costs more than {MOST_MINOR:,} minor units, the most that can be kept exactly. "
                "Correct its usage or its prices, and bill the month again."
            )
        return total

    @property
    def capped_total(self) -> int:
        """For a month that is not billed yet: at most what an amount can say."""
        return max(-MOST_MINOR, min(MOST_MINOR, sum(line.amount for line in self.lines)))

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


def day_start(day: date, zone: str) -> datetime:
    """Its midnight in the zone, as UTC: the first of two midnights, and where a clock change skips midnight the instant
    of the change."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def month_start(month: date, zone: str) -> datetime:
    """The start of its first day in the zone."""
    return day_start(month, zone)


def month_of(instant: datetime, zone: str) -> date:
    """The month whose start and end are around the instant in the zone."""
    month = instant.astimezone(ZoneInfo(zone)).date().replace(day=1)
    while instant < month_start(month, zone):
        month = previous_month(month)
    while instant >= month_start(following := next_month(month), zone):  # clocks that go back over its midnight
        month = following
    return month


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


def charge_so_far(totals: Iterable[UsageTotal], prices: Mapping[UUID, Price]) -> int:
    """What the usage costs at the prices in force when it happened, each stretch rounded as its line will be. Fees and
    minimums are owed without usage: they are no part of it.

    Never more than an amount can say: several services, each within it, may come to more.
    """
    return min(MOST_MINOR, sum(charge(prices[total.price_id], total.quantity) for total in totals))


def check_chargeable(price: Price, month: date, quantity: Decimal, advice: str) -> None:
    """What a month costs must be an amount: BadInput now, rather than a bill that cannot be written later."""
    if charge(price, quantity) > MOST_MINOR:
        raise BadInput(
            f"With this, {price.service} in {month_text(month)} would cost more than {MOST_MINOR} minor units, the "
            f"most that an invoice can say. {advice}"
        )


def monthly_charge(closed: Sequence[int]) -> int | None:
    """Mean of the last (at most three) closed months' invoices, newest first; None while there is none."""
    last = closed[:3]
    return divide_half_up(max(0, sum(last)), len(last)) if last else None


class RunningCharge(NamedTuple):
    """A service in the running month: its usage so far, its fee, and the least that the month costs; minor units."""

    usage: int
    fee: int
    minimum: int


def projected_charge(services: Iterable[RunningCharge], start: datetime, end: datetime, now: datetime) -> int:
    """Usage carried on to the month's end, fees as they are, and no service below its minimum; rounded once, half up.
    0 before 24 hours of the month have passed."""
    elapsed = min(now, end) - start
    if elapsed < timedelta(hours=24):
        return 0
    micros = timedelta(microseconds=1)
    whole, passed = (end - start) // micros, elapsed // micros
    carried = sum(max(of.usage * whole + of.fee * passed, of.minimum * passed) for of in services)
    return min(MOST_MINOR, divide_half_up(carried, passed))
