"""A draft price against months that are closed: what they would have cost, and what the wallet would have come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.billing import UsageTotal, month_text, monthly_charge
from domain.money import MOST_MINOR, add
from domain.pricing import Price, Stretch, stretches
from domain.rating import Timeline, month_charge
from domain.refusals import BadInput

MOST_MONTHS = 12
LAST_MONTHS = 3
"""Those that law 22 takes the monthly charge from."""


@dataclass(frozen=True, slots=True)
class RehearsedMonth:
    """A closed month of the service, in minor units: its cost at the prices that were in force, and at the draft."""

    month: date
    quantity: Decimal
    billed: int
    would_be: int

    @property
    def difference(self) -> int:
        """Above zero: the draft costs more."""
        return self.would_be - self.billed


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed month as the wallet met it. `total` is its invoice's, 0 where it has none."""

    month: date
    closed_at: datetime
    locks_at: datetime
    """The end of the grace of what was billed then."""
    total: int = 0
    voided_at: datetime | None = None
    covered: int | None = None
    """What was available less what was due at `locks_at`; None while that is still to come."""

    def charges_at(self, instant: datetime) -> int:
        """What of its invoice counts by then."""
        voided = self.voided_at is not None and self.voided_at <= instant
        return self.total if self.closed_at <= instant and not voided else 0


class Outlook(NamedTuple):
    """What a tenant costs a month by law 22, in minor units: as it is, and as it would be at the draft. None: no closed
    month says."""

    charge: int | None
    new_charge: int | None

    def projected(self, running: int) -> "Outlook":
        """Where no closed month says it, what the running one comes to."""
        return Outlook(
            running if self.charge is None else self.charge,
            running if self.new_charge is None else self.new_charge,
        )


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A tenant at the draft price: its months oldest first, and when by the same rule it was and would have been
    locked."""

    tenant_id: UUID
    months: tuple[RehearsedMonth, ...]
    locked_at: datetime | None
    would_have_locked_at: datetime | None
    available: int
    outlook: Outlook

    @property
    def billed(self) -> int:
        """All its months."""
        return sum(month.billed for month in self.months)

    @property
    def would_be(self) -> int:
        """All its months."""
        return sum(month.would_be for month in self.months)

    @property
    def difference(self) -> int:
        """Above zero: the draft costs more."""
        return self.would_be - self.billed

    @property
    def place(self) -> tuple[int, UUID]:
        """The biggest difference first, whichever way; then by the tenant."""
        return -abs(self.difference), self.tenant_id


def rehearse_months(
    months: Iterable[date], zone: str, totals: Sequence[UsageTotal], prices: Sequence[Price], draft: Price
) -> tuple[RehearsedMonth, ...]:
    """Each month at both prices, of one service. The draft stands for its whole timeline, from where that began.

    Raises BadInput where the draft comes to more than an amount can say.
    """
    real: Timeline = {stretch.price.id: stretch for stretch in stretches(prices)}
    whole = replace(draft, effective_from=min(price.effective_from for price in prices))
    drafted: Timeline = {whole.id: Stretch(whole, None)}
    return tuple(_rehearse(month, zone, totals, real, drafted, whole) for month in months)


def _rehearse(
    month: date, zone: str, totals: Sequence[UsageTotal], real: Timeline, drafted: Timeline, draft: Price
) -> RehearsedMonth:
    used = [total for total in totals if total.month == month]
    quantity = add(total.quantity for total in used)
    at_draft = [UsageTotal(month, draft.service, draft.id, quantity, Decimal(0))]
    would_be = month_charge(month, zone, at_draft, drafted)
    if would_be > MOST_MINOR:
        raise BadInput(
            f"With this, {draft.service} in {month_text(month)} would have cost more than {MOST_MINOR} minor units, "
            "the most that an invoice can say. Check the price."
        )
    return RehearsedMonth(month, quantity, month_charge(month, zone, used, real), would_be)


def locked_at(closings: Sequence[Closing], differences: Mapping[date, int]) -> datetime | None:
    """The first end of a grace at which the wallet did not cover what had been billed by that month's closing, each
    month's invoice changed by its difference; oldest first. With no differences: when it was really locked.

    Something is due exactly while what is available is less than what is due (law 20), so it is enough to compare the
    two; what was billed after that month, within its grace, has a grace of its own and is left out.
    """
    added = 0
    for place, closing in enumerate(closings):
        added += differences.get(closing.month, 0)
        later = sum(other.charges_at(closing.locks_at) for other in closings[place + 1 :])
        if closing.covered is not None and closing.covered + later - added < 0:
            return closing.locks_at
    return None


def outlook(closings: Sequence[Closing], first_invoice: date | None, differences: Mapping[date, int]) -> Outlook:
    """By the last closed months, oldest first, since the first invoice; at the draft that may be an earlier one."""
    last = [(closing.month, 0 if closing.voided_at else closing.total) for closing in closings[-LAST_MONTHS:]]
    real = [total for month, total in last if first_invoice is not None and month >= first_invoice]
    changed = [(month, total + differences.get(month, 0)) for month, total in last]
    first = next((month for month, total in changed if total > 0 or (first_invoice and month >= first_invoice)), None)
    new = [total for month, total in changed if first is not None and month >= first]
    return Outlook(monthly_charge(real[::-1]), monthly_charge(new[::-1]))
