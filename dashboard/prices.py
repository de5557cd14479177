"""What a price says: in a sentence, in a few words where room is short, and step by step where it has tiers."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import TypedDict

from dashboard.format import Currency, Manner
from dashboard.shapes.pricing import Price, Tier

MODELS = {
    "PER_UNIT": "Per unit",
    "FLAT": "Flat",
    "GRADUATED": "Graduated tiers",
    "VOLUME": "Volume tiers",
    "PACKAGE": "Packages",
}
OFFERED = {
    "PER_UNIT": "A price for each unit",
    "FLAT": "A fee every month",
    "GRADUATED": "Tiers, each part at its own price",
    "VOLUME": "Tiers, all at the price that is reached",
    "PACKAGE": "Packages, each one begun counts whole",
}
RULES = {
    "FLAT": "Every month, used or not",
    "GRADUATED": "Each part of a month's quantity at the price of its tier",
    "VOLUME": "A month's whole quantity at the price of the tier it reaches",
    "PACKAGE": "A package that is begun counts whole",
}
# "an hour", "an API call", "an SMS", but "a user", "a GB": by how they sound.
AN = re.compile(r"[aeio]|hour|up|[AEFHILMNORSX][A-Z]|[AEIO]")


class Step(TypedDict):
    """A tier: how much of the month's quantity, and at what price."""

    reach: str
    costs: str


def labels(price: Price, currency: Currency, manner: Manner) -> list[str]:
    """What a stretch costs, the fullest words first: the longest that fits is drawn."""
    wordings = [in_words(price, currency, manner), in_short(price, currency, manner)]
    if price["minimumMinor"]:
        least = f"at least {manner.money(price['minimumMinor'], currency)}"
        wordings = [f"{wordings[0]}, {least} a month", f"{wordings[1]}, {least}", *wordings]
    return sorted(dict.fromkeys(wordings), key=len, reverse=True)


def in_words(price: Price, currency: Currency, manner: Manner) -> str:
    """What it costs, without its minimum: "₹2,000.00 a page", "₹100.00 per started 100 calls"."""
    unit, tiers = price["unit"], price["tiers"]
    if price["model"] == "FLAT":
        return f"{manner.money(price['flatMinor'] or 0, currency)} a month"
    if price["model"] == "PACKAGE":
        return f"{each(price, currency, manner)} per started {package(price, manner)}"
    if not tiers:
        return f"{each(price, currency, manner)} {article(unit)} {unit}"
    if len(tiers) == 1:
        by_unit, once = figures(tiers[0], currency, manner)
        return joined(" and ", by_unit and f"{by_unit} {article(unit)} {unit}", once and f"{once} once")
    first, *others = [rate(tier, currency, manner) for tier in tiers]
    reach = f"{manner.quantity(tiers[0]['upTo'] or '0')} {plural(unit)}"
    and_on = " \u2026" if len(others) > 1 else ""
    if price["model"] == "GRADUATED":
        return f"First {reach} at {first}, then {others[0]}{and_on}"
    return f"Up to {reach} all at {first}, then all at {others[0]}{and_on}"


def in_short(price: Price, currency: Currency, manner: Manner) -> str:
    """The figure alone, or how many tiers there are."""
    if price["model"] == "FLAT":
        return manner.money(price["flatMinor"] or 0, currency)
    if len(price["tiers"]) > 1:
        return f"{len(price['tiers'])} tiers"
    return rate(price["tiers"][0], currency, manner) if price["tiers"] else each(price, currency, manner)


def steps(price: Price, currency: Currency, manner: Manner) -> list[Step]:
    """Tier by tier; nothing where the price is one figure."""
    tiers = price["tiers"]
    if len(tiers) < 2:
        return []
    reaches = [f"{START[price['model']]} {manner.quantity(tiers[0]['upTo'] or '0')} {plural(price['unit'])}"]
    reaches += [beyond(price["model"], below["upTo"], tier["upTo"], manner) for below, tier in pairwise(tiers)]
    return [
        {"reach": reach, "costs": tier_costs(price["model"], tier, currency, manner)}
        for reach, tier in zip(reaches, tiers, strict=True)
    ]


START = {"GRADUATED": "First", "VOLUME": "Up to"}


def beyond(model: str, below: str | None, up_to: str | None, manner: Manner) -> str:
    """How far a tier reaches above the one below it."""
    floor = below or "0"
    if up_to is None:
        return f"Above {manner.quantity(floor)}"
    if model == "GRADUATED":
        return f"Next {manner.quantity(str(Decimal(up_to) - Decimal(floor)))}"
    return f"Above {manner.quantity(floor)}, up to {manner.quantity(up_to)}"


def tier_costs(model: str, tier: Tier, currency: Currency, manner: Manner) -> str:
    """What a tier costs: "₹1.50 each and ₹500.00 once"."""
    by_unit, once = figures(tier, currency, manner)
    all_of_it = f"all at {by_unit}" if model == "VOLUME" else f"{by_unit} each"
    return joined(" and ", by_unit and all_of_it, once and f"{once} once")


def rate(tier: Tier, currency: Currency, manner: Manner) -> str:
    """The same in a word: "₹1.50", "₹1.50 + ₹500.00"."""
    return joined(" + ", *figures(tier, currency, manner))


def figures(tier: Tier, currency: Currency, manner: Manner) -> tuple[str, str]:
    """The price of a unit and what is charged once; nothing for one that is zero."""
    by_unit = manner.price(tier["unitPriceMinor"], currency) if Decimal(tier["unitPriceMinor"]) else ""
    return by_unit, manner.money(tier["flatMinor"], currency) if tier["flatMinor"] else ""


def joined(by: str, *words: str) -> str:
    """Those that say something; where none does, it is free."""
    return by.join(word for word in words if word) or "free"


def each(price: Price, currency: Currency, manner: Manner) -> str:
    """The price of one unit, or of one package."""
    return manner.price(price["unitPriceMinor"] or "0", currency)


def package(price: Price, manner: Manner) -> str:
    """How much is in a package: "100 calls", "page"."""
    size = manner.quantity(price["packageSize"] or "1")
    return price["unit"] if size == "1" else f"{size} {plural(price['unit'])}"


def article(unit: str) -> str:
    """ "a" or "an"."""
    return "an" if AN.match(unit) else "a"


def plural(unit: str) -> str:
    """Several of a unit: pages, copies, boxes; GB and SMS stay as they are."""
    if not unit[-1:].islower():
        return unit
    if re.search(r"[^aeiou]y$", unit):
        return f"{unit[:-1]}ies"
    return f"{unit}es" if re.search(r"(s|x|ch|sh)$", unit) else f"{unit}s"
