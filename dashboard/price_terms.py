"""Terms of a price as a person types them, and as the API takes them: exact decimals, in minor units."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dashboard.format import Currency, Manner, UnreadableError
from dashboard.prices import labels
from dashboard.shapes.pricing import Price, Tier

TIERED = ("GRADUATED", "VOLUME")
FINEST_DECIMALS = 12
QUANTITY_DECIMALS = 6
MOST_QUANTITY = Decimal(10) ** 15
MOST_MINOR = Decimal(2**53 - 1)
TYPED = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d+)?(?:\.(\d*))?", re.ASCII)


def parse_price(text: str, currency: Currency) -> str:
    """The minor units of a price typed in major units, which may be finer than one: "0.0025" of INR is "0.25"."""
    bare = text.strip().removeprefix(currency.sign.strip()).removeprefix(currency.code).replace("\u00a0", "").strip()
    minor = number_of(bare, "Type a price in digits, such as 1,234.50.").scaleb(currency.exponent)
    if decimals(minor) > FINEST_DECIMALS:
        raise UnreadableError("This is finer than a price can be.")
    if minor > MOST_MINOR:
        raise UnreadableError("This is more than an invoice can say.")
    return plain(minor)


def parse_quantity(text: str) -> str:
    """A quantity above zero."""
    number = number_of(text.strip(), "Type a quantity in digits, such as 1,000.")
    if not number:
        raise UnreadableError("Type more than nothing.")
    if decimals(number) > QUANTITY_DECIMALS or number > MOST_QUANTITY:
        raise UnreadableError("Up to 10^15, with 6 decimals at most.")
    return plain(number)


def number_of(bare: str, advice: str) -> Decimal:
    """Digits, with or without separators."""
    match = TYPED.fullmatch(bare)
    if not bare or match is None or bare == "." or len(bare) > 40:
        raise UnreadableError(advice)
    return Decimal(f"{(match[1] or '0').replace(',', '')}.{match[2] or '0'}")


def typed_price(minor: str | int | None, currency: Currency) -> str:
    """As a person types it: "200000" of INR is "2000.00", "0.25" is "0.0025"; nothing for none."""
    if minor is None:
        return ""
    whole, _, part = f"{Decimal(minor).scaleb(-currency.exponent):f}".partition(".")
    part = part.rstrip("0").ljust(currency.exponent, "0")
    return f"{whole}.{part}" if part else whole


def typed_quantity(number: str | None) -> str:
    """As a person types it."""
    return "" if number is None else plain(Decimal(number))


def told(terms: Mapping[str, Any], unit: str, currency: Currency, manner: Manner) -> str:
    """Terms that the API takes, in a sentence: "₹1,800.00 a page"."""
    price: Price = {
        "id": "",
        "service": "",
        "unit": unit,
        "model": terms["model"],
        "unitPriceMinor": terms.get("unitPriceMinor"),
        "flatMinor": terms.get("flatMinor"),
        "packageSize": terms.get("packageSize"),
        "tiers": [tier_of(tier) for tier in terms.get("tiers") or []],
        "minimumMinor": terms.get("minimumMinor") or 0,
        "effectiveFrom": "",
        "effectiveUntil": None,
        "status": "SCHEDULED",
    }
    return labels(price, currency, manner)[0]


def tier_of(terms: Mapping[str, Any]) -> Tier:
    """A tier, as it would be answered."""
    return {"upTo": terms.get("upTo"), "unitPriceMinor": terms["unitPriceMinor"], "flatMinor": terms["flatMinor"]}


def plain(number: Decimal) -> str:
    """Without an exponent, and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals(number: Decimal) -> int:
    """How many stand behind the point."""
    return len(plain(number).partition(".")[2])
