"""A tenant's open months and those to come, billed as domain/rating will bill them, with the usage that it is likely to
have. Why the quantities are these: docs/decisions/0030-what-is-projected.md.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from domain.billing import MonthBill, UsageTotal, bills_at, month_start, months, next_month, previous_month
from domain.forecast import MICRO, Basis, Claim, Facts, Forecast, ForecastMonth
from domain.money import MOST_MINOR, add
from domain.pricing import Stretch
from domain.rating import close_months

HORIZON_MONTHS = 24
"""The running month and those after it that are projected."""
BASIS_MONTHS = 3
LEAST_BASIS = timedelta(hours=24)
"""What is used in less says nothing of a month."""
_NOTHING = Decimal(0)


def basis_from(running: date) -> date:
    """The first month whose usage is looked at."""
    for _ in range(BASIS_MONTHS):
        running = previous_month(running)
    return running


def forecast(facts: Facts, through: datetime | None = None) -> Forecast:
    """The open months and those up to the horizon, one after the other; or only up to the month of that instant, where
    what comes later is not looked at."""
    last = facts.running
    for _ in range(HORIZON_MONTHS - 1):
        if through is not None and month_start(next_month(last), facts.zone) > through:
            break
        last = next_month(last)
    coming = months(facts.first_open, last)
    bases = tuple(_bases(facts))
    recorded = [total for total in facts.totals if total.month >= facts.first_open]
    timeline = {stretch.price.id: stretch for stretch in facts.timeline}
    totals = _expected(facts, bases, coming, recorded)
    bills = close_months(coming, facts.zone, totals, timeline, facts.closed, facts.void)
    amounts = [sum(line.amount for line in bill.lines) for bill in bills]
    dates = [max(facts.now, bills_at(month, facts.zone, facts.delay_hours)) for month in coming]
    until = bills_at(next_month(coming[-1]), facts.zone, facts.delay_hours)
    shown = tuple(_months(facts, bills, amounts, dates, recorded))
    return Forecast(facts, bases, shown, until, tuple(_claims(facts, amounts, dates)))


def _bases(facts: Facts) -> Iterable[Basis]:
    """Of each service that has been used and priced for long enough."""
    if facts.first_used is None:
        return
    running, earliest = facts.running, basis_from(facts.running)
    window = month_start(max(earliest, facts.first_used), facts.zone)
    first: dict[str, Stretch] = {}
    for stretch in facts.timeline:
        first.setdefault(stretch.price.service, stretch)
    quantities: dict[str, list[Decimal]] = {}
    for total in facts.totals:
        if earliest <= total.month <= running:
            quantities.setdefault(total.service, []).append(total.quantity)
    for service, stretch in first.items():
        since = max(window, stretch.price.effective_from)
        used = add(quantities.get(service, ()))
        if used and facts.now - since >= LEAST_BASIS:
            yield Basis(service, stretch.price.unit, since, facts.now, used)


def _expected(
    facts: Facts, bases: Sequence[Basis], coming: Sequence[date], recorded: Sequence[UsageTotal]
) -> list[UsageTotal]:
    """What was recorded in the open months, and the mean for all of them that is still to come."""
    starts = [month_start(month, facts.zone) for month in (*coming, next_month(coming[-1]))]
    spans = [(month, max(facts.now, start), end) for month, start, end in zip(coming, starts, starts[1:], strict=False)]
    quantities = {(total.month, total.service, total.price_id): total.quantity for total in recorded}
    means = {basis.service: lru_cache(basis.over) for basis in bases}  # months are of few lengths
    for stretch in facts.timeline:
        service = stretch.price.service
        if service not in means or (stretch.until and stretch.until <= facts.now):
            continue
        for month, begin, end in spans:
            since = max(begin, stretch.price.effective_from)
            until = min(end, stretch.until) if stretch.until else end
            if since < until:
                key = month, service, stretch.price.id
                quantities[key] = add((quantities.get(key, _NOTHING), means[service]((until - since) // MICRO)))
    return [UsageTotal(*key, quantity, _NOTHING) for key, quantity in quantities.items()]


def _months(
    facts: Facts,
    bills: Sequence[MonthBill],
    amounts: Sequence[int],
    dates: Sequence[datetime],
    recorded: Sequence[UsageTotal],
) -> Iterable[ForecastMonth]:
    """Those whose figures can be said: of money beyond all bounds there are no more."""
    used: dict[date, list[tuple[UUID, Decimal]]] = {}
    for total in recorded:
        used.setdefault(total.month, []).append((total.price_id, total.quantity))
    opening = facts.available - facts.due
    for bill, charge, billed_at in zip(bills, amounts, dates, strict=True):
        closing = opening - charge
        if max(map(abs, (closing, *(line.amount for line in bill.lines)))) > MOST_MINOR:
            return
        locks_at = billed_at + timedelta(days=facts.grace_days) if charge > 0 > closing else None
        yield ForecastMonth(bill, tuple(used.get(bill.month, ())), charge, opening, closing, billed_at, locks_at)
        opening = closing


def _claims(facts: Facts, amounts: Sequence[int], dates: Sequence[datetime]) -> Iterable[Claim]:
    """In the order in which they are collected. What is owed while the wallet is locked has locked it already; a bill
    below zero (corrections of months closed before, hence only the first) gives back, also to what is owed, unless
    that has locked by then."""
    needed = 0
    gives_back = -amounts[0] if amounts and amounts[0] < 0 else 0
    for owed in facts.owed:
        needed += owed.total
        locks_at = facts.locked_since or owed.locks_at
        yield Claim(needed - gives_back if dates[0] < locks_at else needed, locks_at)
    for amount, billed_at in zip(amounts, dates, strict=True):
        needed += amount
        if amount > 0:
            yield Claim(needed, billed_at + timedelta(days=facts.grace_days))
