"""Values that the audit keeps, in words: amounts, days, roles and lists in the viewer's manner."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from dashboard.counting import counted
from dashboard.devices import device
from dashboard.format import Currency, Manner, month_name
from dashboard.people import ROLES
from dashboard.permissions import in_words
from dashboard.prices import MODELS

NOTHING = "nothing"
FIELDS = {
    "graceDays": "Grace period",
    "finalizationDays": "Finalization",
    "billingDelayHours": "Billing delay",
    "billingZone": "Billing time zone",
    "externalId": "External id",
    "unitPriceMinor": "Unit price",
    "flatMinor": "Flat fee",
    "minimumMinor": "Minimum",
    "thresholdMinor": "Below",
    "thresholdMonths": "Months",
    "thresholdDays": "Days",
    "userAgent": "Device",
    "active": "State",
    "sha256": "Fingerprint",
    "oldSecretUntil": "Old secret works until",
    "url": "Address",
}
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NUMBERED = ("Minor", "Days", "Hours")
FIRST = [
    *("name", "phone", "email", "role", "active", "tenant", "service", "model", "unitPriceMinor", "flatMinor"),
    *("tiers", "packageSize", "minimumMinor", "effectiveFrom", "condition", "thresholdMinor", "permissions"),
]
"""The fields that matter most; the store keeps no order of them."""
FINE = ("unitPriceMinor",)
"""Prices, which may be finer than a minor unit."""


class Naming(Protocol):
    """Knows what things are called, and how the viewer reads."""

    @property
    def manner(self) -> Manner:
        """How the viewer reads."""

    def name(self, thing_id: str) -> str:
        """What a thing is called."""


def rank(name: str) -> tuple[int, str]:
    """To sort fields by."""
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def field_words(name: str) -> str:
    """`unitPriceMinor` is Unit price."""
    if name in FIELDS:
        return FIELDS[name]
    return CAPITAL.sub(" ", name.removesuffix("Minor")).capitalize()


def value_words(name: str, value: Any, currency: Currency | None, naming: Naming) -> str:
    """A value of that field. An amount of an unknown currency stays in minor units, and says so."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if name.endswith("Minor"):
        return amount_words(name, value, currency, naming.manner)
    if name in WORDS:
        return WORDS[name](value)
    if name == "tenant":
        return naming.name(str(value))
    if name == "tiers":
        return "; ".join(tier_words(tier, currency, naming.manner) for tier in value)
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return naming.manner.moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def amount_words(name: str, value: Any, currency: Currency | None, manner: Manner) -> str:
    """An amount, or a price."""
    if currency is None:
        return f"{value} minor units"
    return manner.price(str(value), currency) if name in FINE else manner.money(int(value), currency)


def tier_words(tier: Mapping[str, Any], currency: Currency | None, manner: Manner) -> str:
    """A tier of a price."""
    upto = f"up to {manner.quantity(tier['upTo'])}" if tier["upTo"] else "beyond"
    flat = f" and {amount_words('flatMinor', tier['flatMinor'], currency, manner)}" if tier["flatMinor"] else ""
    return f"{upto}: {amount_words('unitPriceMinor', tier['unitPriceMinor'], currency, manner)} each{flat}"


def number_of(noun: str) -> Callable[[Any], str]:
    """`1 day`, `5 days`; of a list how many are in it."""
    return lambda value: counted(len(value) if isinstance(value, list) else value, noun)


WORDS: dict[str, Callable[[Any], str]] = {
    "graceDays": number_of("day"),
    "finalizationDays": number_of("day"),
    "billingDelayHours": number_of("hour"),
    "thresholdDays": number_of("day"),
    "transactions": number_of("transaction"),
    "active": lambda value: "active" if value else "suspended",
    "role": lambda value: ROLES.get(value, str(value)),
    "model": lambda value: MODELS.get(value, str(value)),
    "month": month_name,
    "userAgent": device,
    "permissions": lambda value: "; ".join(map(in_words, value)),
    "eventTypes": ", ".join,
    "sha256": lambda value: f"{value[:12]}…",
}
