"""Rehearsals of prices, as the document answers them. Sums are exact decimals of minor units."""

from typing import TypedDict

from dashboard.shapes.lists import Connection


class NamedTenant(TypedDict):
    """Who would pay it."""

    id: str
    name: str


class RehearsedMonth(TypedDict):
    """A closed month of a tenant."""

    month: str
    quantity: str
    billedMinor: int
    wouldBeMinor: int


class RehearsedTenant(TypedDict):
    """A tenant at the draft price."""

    tenant: NamedTenant
    months: list[RehearsedMonth]
    billedMinor: str
    wouldBeMinor: str
    differenceMinor: str
    lockedAt: str | None
    wouldHaveLockedAt: str | None
    monthsRemaining: float | None
    newMonthsRemaining: float | None


class RehearsedSum(TypedDict):
    """A month of all of them."""

    month: str


class Rehearsal(TypedDict):
    """What a draft price would have come to."""

    currency: str
    currencyExponent: int
    months: list[RehearsedSum]
    tenantCount: int
    billedMinor: str
    wouldBeMinor: str
    differenceMinor: str
    locked: int
    wouldHaveLocked: int
    tenants: Connection[RehearsedTenant]
