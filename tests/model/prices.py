"""What a quantity costs (laws 2 and 13), in fractions, and a tenant's timelines (laws 12 and 14)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil, floor

from tests.model.answers import Refused, not_possible

Tier = tuple[Fraction | None, Fraction, int]
"""Up to (inclusive; None for the last), the price of one unit, and a fee."""


@dataclass(frozen=True)
class Price:
    """One stretch, which lasts until the next of its service begins."""

    service: str
    since: datetime
    model: str = "PER_UNIT"
    unit_price: Fraction | None = None
    flat: int | None = None
    package: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    minimum: int = 0
    unit: str = "page"
    made: int = 0
    """The first of a service has the lowest: the service keeps its unit."""

    def __deepcopy__(self, memo: object) -> "Price":
        """A price never changes."""
        return self

    @property
    def terms(self) -> tuple[object, ...]:
        """What makes two of them the same."""
        return self.since, self.model, self.unit_price, self.flat, self.package, self.tiers, self.minimum, self.unit


def rounded(amount: Fraction) -> int:
    """Law 2: half away from zero."""
    return floor(amount + Fraction(1, 2)) if amount >= 0 else -rounded(-amount)


def charge(price: Price, quantity: Fraction) -> int:
    """A month's quantity under one price; its fee by the month and its minimum are lines of their own."""
    if quantity == 0 or price.model == "FLAT":
        return 0
    if price.model == "GRADUATED":
        return rounded(_graduated(price.tiers, quantity))
    if price.model == "VOLUME":
        _, unit_price, fee = next(tier for tier in price.tiers if tier[0] is None or quantity <= tier[0])
        return rounded(quantity * unit_price + fee)
    assert price.unit_price is not None
    if price.model == "PACKAGE":
        assert price.package is not None
        return rounded(ceil(quantity / price.package) * price.unit_price)
    return rounded(quantity * price.unit_price)


def _graduated(tiers: tuple[Tier, ...], quantity: Fraction) -> Fraction:
    """Each tier's part at its price; a tier's fee once there is a part in it."""
    amount, below = Fraction(0), Fraction(0)
    for up_to, unit_price, fee in tiers:
        if quantity > below:
            part = (quantity if up_to is None else min(quantity, up_to)) - below
            amount += part * unit_price + fee
        below = quantity if up_to is None else up_to
    return amount


def timeline(prices: list[Price], service: str) -> list[Price]:
    """Oldest first."""
    return sorted((price for price in prices if price.service == service), key=lambda price: price.since)


def in_force(prices: list[Price], service: str, instant: datetime) -> Price | None:
    """Law 13: the last that has begun by then."""
    return next((price for price in reversed(timeline(prices, service)) if price.since <= instant), None)


def ends(prices: list[Price], price: Price) -> datetime | None:
    """Law 12: where the next one begins."""
    return next((other.since for other in timeline(prices, price.service) if other.since > price.since), None)


def with_new(
    prices: list[Price], new: Price, replaces: datetime | None, open_from: datetime | None, now: datetime
) -> list[Price]:
    """Law 14, without the usage that may depend on one that is replaced. The same again changes nothing."""
    before = timeline(prices, new.service)
    if any(other.terms == new.terms for other in before):
        return prices
    if open_from is not None and new.since < open_from:
        raise Refused("PeriodClosed", open_from)
    if before and min(before, key=lambda price: price.made).unit != new.unit:
        raise not_possible()
    if replaces is not None and not any(other.since == replaces for other in before):
        raise Refused("NotFound")
    if replaces is not None and replaces <= now:
        raise not_possible()
    if any(other.since == new.since != replaces for other in before):
        raise not_possible()
    return [p for p in prices if p.service != new.service or p.since != replaces] + [new]
