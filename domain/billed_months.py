"""How the months of many tenants stand, from counts: pure, so that no zone's turn of the month is forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from domain.billing import month_of, months
from domain.ledger import InvoiceStatus


@dataclass(frozen=True, slots=True)
class Begun:
    """So many tenants of one zone are billed from this month on."""

    month: date
    zone: str
    number: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Invoices of one status: how many, and what they come to in minor units."""

    invoices: int = 0
    total: Decimal = Decimal(0)


@dataclass(slots=True)
class BilledMonth:
    """A month over all tenants."""

    month: date
    open_tenants: int
    closed_tenants: int
    is_running: bool
    """Not over yet for some of its tenants."""
    amounts: dict[str, dict[InvoiceStatus, Sums]] = field(default_factory=dict)
    """By currency: unlike ones are never added."""


def running_months(zones: Iterable[str], now: datetime) -> dict[str, date]:
    """By zone, the month that runs there."""
    return {zone: month_of(now, zone) for zone in zones}


def listed(begun: Iterable[Begun], billed: Iterable[date], running: Mapping[str, date]) -> list[date]:
    """Newest first, without a gap: from the first month of any tenant, or with any invoice, to the newest that runs."""
    known = [*(one.month for one in begun), *billed]
    return months(min(known), max([*running.values(), *known]))[::-1] if known else []


def stands(
    month: date, begun: Iterable[Begun], running: Mapping[str, date], closed: int, gone: int
) -> tuple[int, int, bool]:
    """Tenants for which the month is open and closed, and whether it still runs for some. `gone`: of those for which it
    is closed, the ones that were deleted since."""
    there = [one for one in begun if one.month <= month <= running[one.zone]]
    has_it = sum(one.number for one in there)
    is_running = any(running[one.zone] == month and one.number for one in there)
    return has_it - (closed - gone), closed, is_running
