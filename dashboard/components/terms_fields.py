"""The terms of a price: a model, and the fields that it takes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nicegui import ui

from dashboard.components.fields import amount_field, choice_field, text_field
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.format import Currency, UnreadableError, parse_amount
from dashboard.price_terms import TIERED, parse_price, parse_quantity, typed_price, typed_quantity
from dashboard.prices import OFFERED
from dashboard.shapes.pricing import Price, Tier

FIRST_TIER: Tier = {"upTo": "", "unitPriceMinor": "", "flatMinor": 0}
LAST_TIER: Tier = {"upTo": None, "unitPriceMinor": "", "flatMinor": 0}
MOST_TIERS = 100
T = TypeVar("T")


@dataclass
class TierFields:
    """One tier's; the last one has no end."""

    up_to: ui.input | None
    each: ui.input
    once: ui.input


class TermsFields:
    """Built inside a form. `heard` hears of every change; `read` gives what the API takes."""

    def __init__(self, currency: Currency, heard: Callable[[], Awaitable[None]], price: Price | None = None) -> None:
        self.currency = currency
        self.heard = heard
        self.price = price
        self.model = choice_field(
            "How it is charged", OFFERED, self.turn, value=price["model"] if price else "PER_UNIT"
        )
        self.body = box("t-terms")
        self.minimum = amount_field(
            "At least, a month (optional)",
            currency.sign,
            heard,
            value=typed_price(price["minimumMinor"] or None, currency) if price else "",
        )
        self.draw(price)

    async def turn(self) -> None:
        """Another model has other fields."""
        self.draw(None)
        await self.heard()

    def use(self, currency: Currency) -> None:
        """Amounts are of another currency from now on."""
        self.currency = currency
        self.draw(None)
        self.minimum.props["prefix"] = currency.sign
        self.minimum.update()

    def draw(self, price: Price | None) -> None:
        """The model's fields, with what they begin with."""
        self.each = self.fee = self.size = None
        self.tiers: list[TierFields] = []
        self.body.clear()
        with self.body:
            match self.model.value:
                case "FLAT":
                    self.fee = self.money("Fee a month", price and price["flatMinor"])
                case "PACKAGE":
                    self.each = self.money("Price of a package", price and price["unitPriceMinor"])
                    self.size = self.quantity("How many are in a package", price and price["packageSize"])
                case "PER_UNIT":
                    self.each = self.money("Price of one", price and price["unitPriceMinor"])
                case _:
                    given = price["tiers"] if price else []
                    self.draw_tiers([*given] or [FIRST_TIER, LAST_TIER])

    def draw_tiers(self, tiers: list[Tier]) -> None:
        """A row for each, and a way to have more or fewer of them."""
        for number, tier in enumerate(tiers, 1):
            last = number == len(tiers)
            with box("t-tier").props(f'role=group aria-label="Tier {number}"'):
                if last:
                    Text("Above", "t-tier__rest")
                    up_to = None
                else:
                    up_to = self.quantity("Up to", tier["upTo"])
                each = self.money("Each", tier["unitPriceMinor"] or None)
                once = self.money("Once (optional)", tier["flatMinor"] or None)
                self.tiers.append(TierFields(up_to, each, once))
        with box("t-tier__acts"):
            self.link("plus", "Add a tier", self.more, possible=len(tiers) < MOST_TIERS)
            self.link("minus", "Remove a tier", self.fewer, possible=len(tiers) > 1)

    def link(self, icon: str, words: str, act: Callable[[], Awaitable[None]], *, possible: bool) -> None:
        """A small button."""
        with box("t-btn t-btn--small", "button").props("type=button").on("click", act) as button:
            Icon(icon)
            Text(words)
        button.props["disabled"] = not possible

    def money(self, label: str, minor: str | int | None) -> ui.input:
        """A price in major units."""
        return amount_field(label, self.currency.sign, self.heard, value=typed_price(minor, self.currency))

    def quantity(self, label: str, number: str | None) -> ui.input:
        """How many."""
        return text_field(label, self.heard, value=typed_quantity(number or None), props="inputmode=decimal")

    async def more(self) -> None:
        """One tier more, before the last one; what is typed stays."""
        await self.redraw(lambda rows: [*rows[:-1], ("", "", ""), rows[-1]])

    async def fewer(self) -> None:
        """The last but one goes."""
        await self.redraw(lambda rows: [*rows[:-2], rows[-1]])

    async def redraw(self, change: Callable[[list[Any]], list[Any]]) -> None:
        """Draws other rows of what is typed in these."""
        rows = change([(t.up_to.value if t.up_to else "", t.each.value or "", t.once.value or "") for t in self.tiers])
        self.tiers = []
        self.body.clear()
        with self.body:
            self.draw_tiers([FIRST_TIER for _ in rows[:-1]] + [LAST_TIER])
        for fields, (up_to, each, once) in zip(self.tiers, rows, strict=True):
            if fields.up_to is not None:
                fields.up_to.set_value(up_to)
            fields.each.set_value(each)
            fields.once.set_value(once)
        await self.heard()

    def read(self) -> dict[str, Any] | None:
        """What the API takes; None, with words at the fields, while something is missing or unreadable."""
        model = self.model.value
        terms: dict[str, Any] = {"model": model, "minimumMinor": self.minor(self.minimum, optional=True)}
        if model in TIERED:
            terms["tiers"] = [self.tier(fields) for fields in self.tiers]
            found = [value for tier in terms["tiers"] for value in tier.values()]
        else:
            if self.each is not None:
                terms["unitPriceMinor"] = read(self.each, lambda text: parse_price(text, self.currency))
            if self.fee is not None:
                terms["flatMinor"] = self.minor(self.fee)
            if self.size is not None:
                terms["packageSize"] = read(self.size, parse_quantity)
            found = []
        return None if None in (*terms.values(), *found) else terms

    def tier(self, fields: TierFields) -> dict[str, Any]:
        """One tier; without upTo it is the last."""
        each = read(fields.each, lambda text: parse_price(text, self.currency))
        told: dict[str, Any] = {"unitPriceMinor": each, "flatMinor": self.minor(fields.once, optional=True)}
        if fields.up_to is not None:
            told["upTo"] = read(fields.up_to, parse_quantity)
        return told

    def minor(self, field: ui.input, *, optional: bool = False) -> int | None:
        """A whole number of minor units; nothing typed is zero where it may be left out."""
        if optional and not (field.value or "").strip():
            field.error = None
            return 0
        return read(field, lambda text: parse_amount(text, self.currency))


def read(field: ui.input, parse: Callable[[str], T]) -> T | None:
    """What is typed, read; None where nothing is typed, or, with words at the field, where it cannot be read."""
    field.error = None
    text = (field.value or "").strip()
    if not text:
        return None
    try:
        return parse(text)
    except UnreadableError as problem:
        field.error = str(problem)
        return None
