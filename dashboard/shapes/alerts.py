"""Alerts and their rules as the documents answer them. Field names are the API's; amounts are minor units."""

from typing import Literal, TypedDict

Condition = Literal[
    "AVAILABLE_BELOW", "MONTHS_REMAINING_BELOW", "LOCKS_WITHIN_DAYS", "LOCKED", "PRICE_CHANGES_WITHIN_DAYS"
]


class Named(TypedDict):
    """Something that is only named."""

    id: str
    name: str


class Watched(Named):
    """A tenant that a rule is about."""

    currency: str


class Exponent(TypedDict):
    """Of a tenant's wallet."""

    currencyExponent: int


class FoundTenant(Watched):
    """A tenant that the picker found."""

    wallet: Exponent


class WalletId(TypedDict):
    """Which wallet."""

    id: str


class Alert(TypedDict):
    """One firing, with the figures that it fired on."""

    id: str
    condition: Condition
    currency: str
    currencyExponent: int
    availableMinor: int
    dueMinor: int
    monthsRemaining: str | None
    locksAt: str | None
    priceChangesAt: str | None
    thresholdMinor: int | None
    thresholdMonths: str | None
    thresholdDays: int | None
    firing: bool
    firedAt: str
    recoveredAt: str | None
    read: bool
    rule: Named | None
    tenant: Named
    wallet: WalletId | None


class AlertRule(TypedDict):
    """What is watched for."""

    id: str
    name: str
    condition: Condition
    currency: str | None
    currencyExponent: int | None
    thresholdMinor: int | None
    thresholdMonths: str | None
    thresholdDays: int | None
    recoversFromMinor: int | None
    active: bool
    firing: int
    createdAt: str
    tenant: Watched | None
