"""When a tenant's money runs out, and the top-up that carries it further; worked out by domain/projection.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from domain.billing import MonthBill, UsageTotal, month_of
from domain.money import MOST_MINOR, QUANTITY_DECIMALS, divide_half_up
from domain.pricing import Stretch
from domain.rating import ClosedMonth

MICRO = timedelta(microseconds=1)
_DAY_MICROS = timedelta(days=1) // MICRO


class Owed(NamedTuple):
    """A DUE invoice, and when its grace ends."""

    total: int
    locks_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """A tenant, its wallet and what it used, as of `now`. Amounts in minor units."""

    now: datetime
    zone: str
    delay_hours: int
    grace_days: int
    total: int
    available: int
    locked_since: datetime | None
    """For money; a lock by hand says nothing of it."""
    owed: tuple[Owed, ...]
    """Oldest first."""
    first_open: date
    first_used: date | None
    totals: Sequence[UsageTotal]
    """Of the months that are open, and of those that the quantities come from."""
    timeline: Sequence[Stretch]
    """Every service's, oldest stretch first within each."""
    closed: Sequence[ClosedMonth] = ()
    """Months closed before, of which something is left to bill."""
    void: Sequence[int] = ()

    @property
    def due(self) -> int:
        """The sum of what is owed."""
        return sum(owed.total for owed in self.owed)

    @property
    def running(self) -> date:
        """The month in which now is."""
        return month_of(self.now, self.zone)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a service's coming usage is projected from: all that was used of it from one instant to the other."""

    service: str
    unit: str
    since: datetime
    until: datetime
    quantity: Decimal

    @property
    def daily(self) -> Decimal:
        """The mean of a day of 24 hours."""
        return self.over(_DAY_MICROS)

    def over(self, micros: int) -> Decimal:
        """The mean of so many microseconds, to the decimals that quantities have, half up."""
        used = int(self.quantity.scaleb(QUANTITY_DECIMALS))
        mean = divide_half_up(used * micros, (self.until - self.since) // MICRO)
        return Decimal(mean).scaleb(-QUANTITY_DECIMALS)


@dataclass(frozen=True, slots=True)
class ForecastMonth:
    """A month and what it will cost: `closing` is `opening` less the charge; below zero, what is short by then."""

    bill: MonthBill
    used: tuple[tuple[UUID, Decimal], ...]
    """Of the bill's quantities, by price: what has been recorded already."""
    charge: int
    opening: int
    closing: int
    billed_at: datetime
    locks_at: datetime | None
    """When this bill locks the wallet, unless it and all before it are paid by then; None where it is covered."""


class Claim(NamedTuple):
    """What must have been there by an instant: all that is owed up to an invoice, less what comes back before."""

    needed: int
    locks_at: datetime


@dataclass(frozen=True)
class Forecast:
    """What follows from the facts, if nothing is paid in."""

    facts: Facts
    bases: tuple[Basis, ...]
    months: tuple[ForecastMonth, ...]
    until: datetime
    """What locks before this instant is foreseen: the first bill that is not projected comes with it."""
    claims: tuple[Claim, ...]

    @cached_property
    def locks_at(self) -> datetime | None:
        """When it locked for money, or else will; None where that is beyond the horizon."""
        facts = self.facts
        if facts.locked_since is not None:
            return facts.locked_since
        found = min((claim.locks_at for claim in self.claims if claim.needed > facts.available), default=None)
        return found if found is not None and found < self.until else None

    def top_up_until(self, instant: datetime) -> int | None:
        """The smallest top-up, paid in now, with which nothing locks before the instant (to come, and within the
        horizon); None where no wallet could hold so much."""
        needed = max((claim.needed for claim in self.claims if claim.locks_at < instant), default=0)
        top_up = max(0, needed - self.facts.available)
        return top_up if self.facts.total + top_up <= MOST_MINOR else None

    @property
    def since(self) -> date | None:
        """The month in which the usage begins that it goes by; None where there is none to go by."""
        first = min((basis.since for basis in self.bases), default=None)
        return None if first is None else month_of(first, self.facts.zone)

    @property
    def this_month(self) -> int:
        """What the running month will cost; never more than an amount can say."""
        running = self.facts.running
        return next((month.charge for month in self.months if month.bill.month == running), MOST_MINOR)
