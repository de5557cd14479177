"""What a tenant's months cost: those that close, and what late usage or a void left to bill of those closed before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.billing import (
    Line,
    LineKind,
    MonthBill,
    RunningCharge,
    UsageTotal,
    charge_so_far,
    month_start,
    next_month,
)
from domain.money import subtract
from domain.pricing import Stretch, charge

Timeline = Mapping[UUID, Stretch]
"""A tenant's prices by their ids."""
_ORDER = {kind: place for place, kind in enumerate((LineKind.LATE, LineKind.FLAT, LineKind.USAGE, LineKind.MINIMUM))}


class Billed(NamedTuple):
    """What the lines of invoices that are not VOID say of a month under one price."""

    quantity: Decimal
    amount: int


@dataclass(slots=True)
class ClosedMonth:
    """A month closed before, of which something is left to bill: all its totals, and what was billed by price."""

    month: date
    totals: list[UsageTotal]
    billed: dict[UUID, Billed]
    rebill: bool = False
    """An invoice with lines of it was voided since it was last billed."""


class _Span(NamedTuple):
    month: date
    start: datetime
    end: datetime

    @classmethod
    def of(cls, month: date, zone: str) -> "_Span":
        return cls(month, month_start(month, zone), month_start(next_month(month), zone))

    def line(self, kind: LineKind, stretch: Stretch, quantity: Decimal, amount: int) -> Line:
        """Of the part of the month in which the price was in force."""
        price = stretch.price
        start = max(self.start, price.effective_from)
        end = min(self.end, stretch.until) if stretch.until else self.end
        return Line(kind, price.service, self.month, quantity, price.unit_price, start, end, amount, price.id)

    def monthly(self, kind: LineKind, stretch: Stretch, unit_price: int | None, amount: int) -> Line:
        """Of the whole month, whatever price follows within it."""
        price, once = stretch.price, Decimal(1)
        each = None if unit_price is None else Decimal(unit_price)
        return Line(kind, price.service, self.month, once, each, self.start, self.end, amount, price.id)


def close_months(
    open_months: Sequence[date],
    zone: str,
    totals: Iterable[UsageTotal],
    timeline: Timeline,
    closed: Sequence[ClosedMonth] = (),
    void: Sequence[int] = (),
) -> tuple[MonthBill, ...]:
    """The bills of the months that close, in order; what is left of months closed before is LATE on the first."""
    by_month: dict[date, list[UsageTotal]] = {}
    for total in totals:
        by_month.setdefault(total.month, []).append(total)
    standing = [stretch for stretch in timeline.values() if stretch.price.is_standing]
    late = [line for one in closed for line in _late_lines(one, _Span.of(one.month, zone), timeline, standing)]
    rebilled = tuple(void)
    bills = []
    for month in open_months:
        span = _Span.of(month, zone)
        lines = _month_lines(span, by_month.get(month, ()), timeline, standing)
        bills.append(MonthBill(month, span.start, span.end, (*late, *lines), rebilled))
        late, rebilled = [], ()
    return tuple(bills)


def running_charges(totals: Sequence[UsageTotal], timeline: Timeline, start: datetime) -> list[RunningCharge]:
    """What each service costs so far in the month that began then."""
    prices = {price_id: stretch.price for price_id, stretch in timeline.items()}
    owed = {price.service: price for price in prices.values() if price.is_standing and timeline[price.id].holds(start)}
    found = []
    for service in {total.service for total in totals} | owed.keys():
        usage = charge_so_far((total for total in totals if total.service == service), prices)
        price = owed.get(service)
        found.append(RunningCharge(usage, price.flat or 0 if price else 0, price.minimum if price else 0))
    return found


def month_charge(month: date, zone: str, totals: Iterable[UsageTotal], timeline: Timeline) -> int:
    """What the totals, all of the month's for these services, come to with its fees and minimums: the sum of the lines
    that stand once everything is billed."""
    standing = [stretch for stretch in timeline.values() if stretch.price.is_standing]
    return sum(line.amount for line in _month_lines(_Span.of(month, zone), totals, timeline, standing))


def _month_lines(
    span: _Span, totals: Iterable[UsageTotal], timeline: Timeline, standing: Sequence[Stretch]
) -> list[Line]:
    """All that a month costs: its usage by service and stretch, and the fees and minimums in force as it begins."""
    lines = []
    usage: dict[str, int] = {}
    for total in totals:
        if total.quantity:
            stretch = timeline[total.price_id]
            amount, service = charge(stretch.price, total.quantity), stretch.price.service
            lines.append(span.line(LineKind.USAGE, stretch, total.quantity, amount))
            usage[service] = usage.get(service, 0) + amount
    for stretch in standing:
        if stretch.holds(span.start):
            lines += _standing_lines(span, stretch, usage.get(stretch.price.service, 0))
    return sorted(lines, key=lambda line: (line.service, _ORDER[line.kind], line.start))


def _standing_lines(span: _Span, stretch: Stretch, usage: int) -> list[Line]:
    """The fee, and what it and what the service's usage costs lack to the minimum."""
    price, lines = stretch.price, []
    if price.flat:
        lines.append(span.monthly(LineKind.FLAT, stretch, price.flat, price.flat))
    lacking = price.minimum - usage - (price.flat or 0)
    if lacking > 0:
        lines.append(span.monthly(LineKind.MINIMUM, stretch, None, lacking))
    return lines


def _late_lines(closed: ClosedMonth, span: _Span, timeline: Timeline, standing: Sequence[Stretch]) -> list[Line]:
    """All that the month costs less what is billed, a line for each price: a fee or minimum counts to the price that
    was in force as the month began."""
    owed: dict[UUID, int] = dict.fromkeys(closed.billed, 0)
    for line in _month_lines(span, closed.totals, timeline, standing):
        owed[line.price_id] = owed.get(line.price_id, 0) + line.amount
    used = {total.price_id: total for total in closed.totals}
    lines = []
    for price_id in owed.keys() | used.keys():
        billed = closed.billed.get(price_id, Billed(Decimal(0), 0))
        quantity, amount = _left(used.get(price_id), billed, closed), owed.get(price_id, 0) - billed.amount
        if quantity or amount:
            lines.append(span.line(LineKind.LATE, timeline[price_id], quantity, amount))
    return sorted(lines, key=lambda line: (line.service, line.start))


def _left(total: UsageTotal | None, billed: Billed, closed: ClosedMonth) -> Decimal:
    """The quantity that the line is for: what came since, or after a void what no line says any more."""
    if total is None:
        return Decimal(0)
    return subtract(total.quantity, billed.quantity if closed.rebill else total.billed_quantity)
