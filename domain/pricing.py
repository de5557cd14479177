"""The pricing timeline: only where a stretch begins is stored; its end and its status follow. What usage costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.money import add, multiply, round_to_minor, started, subtract


class PriceStatus(StrEnum):
    """Follows from the clock."""

    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"


class PriceModel(StrEnum):
    """How a month's quantity becomes money."""

    PER_UNIT = "PER_UNIT"
    FLAT = "FLAT"
    GRADUATED = "GRADUATED"
    VOLUME = "VOLUME"
    PACKAGE = "PACKAGE"


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of a month's quantity. `up_to` is inclusive, None for the last; `flat` in minor units."""

    up_to: Decimal | None
    unit_price: Decimal
    flat: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """One stretch of a service's timeline, as stored. The wallet's id is its tenant's. Its model says which of the
    terms it has."""

    id: UUID
    wallet_id: UUID
    service: str
    unit: str
    model: PriceModel
    unit_price: Decimal | None
    """Minor units for one unit, or for one package; up to 12 decimals."""
    effective_from: datetime
    created_at: datetime
    flat: int | None = None
    """Minor units a month."""
    package_size: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    minimum: int = 0
    """The least that a month of the service costs, in minor units."""

    @property
    def is_standing(self) -> bool:
        """Whether a month that begins with it costs something without usage too."""
        return bool(self.flat or self.minimum)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A price and the instant at which the next one of its service begins (exclusive)."""

    price: Price
    until: datetime | None

    def holds(self, instant: datetime) -> bool:
        """Whether this price is the one in force at that instant."""
        return self.price.effective_from <= instant and (self.until is None or instant < self.until)

    def status(self, now: datetime) -> PriceStatus:
        """Seen from now."""
        if now < self.price.effective_from:
            return PriceStatus.SCHEDULED
        return PriceStatus.ACTIVE if self.holds(now) else PriceStatus.EXPIRED


def stretches(prices: Iterable[Price]) -> list[Stretch]:
    """The timelines of one tenant: by service, oldest stretch first."""
    ordered = sorted(prices, key=lambda price: (price.service, price.effective_from))
    following: list[Price | None] = [*ordered[1:], None]
    return [
        Stretch(price, after.effective_from if after and after.service == price.service else None)
        for price, after in zip(ordered, following, strict=False)
    ]


def in_force(timeline: Sequence[Stretch], service: str, instant: datetime) -> Price | None:
    """The price that decides usage which occurred at that instant."""
    return next((s.price for s in timeline if s.price.service == service and s.holds(instant)), None)


def charge(price: Price, quantity: Decimal) -> int:
    """What the quantity, all of a month's and stretch's, costs in minor units, rounded once. A FLAT fee is no charge
    for usage: it is owed without any."""
    return round_to_minor(exact_charge(price, quantity))


def exact_charge(price: Price, quantity: Decimal) -> Decimal:
    """The same before it is rounded."""
    match price.model:
        case PriceModel.PER_UNIT:
            return multiply(quantity, _unit_price(price))
        case PriceModel.FLAT:
            return Decimal(0)
        case PriceModel.GRADUATED:
            return graduated(price.tiers, quantity)
        case PriceModel.VOLUME:
            return volume(price.tiers, quantity)
        case PriceModel.PACKAGE:
            assert price.package_size is not None, "the database refuses it too"
            return multiply(Decimal(started(quantity, price.package_size)), _unit_price(price))


def graduated(tiers: Sequence[Tier], quantity: Decimal) -> Decimal:
    """Each tier's part at that tier's price, and the flat amount of each tier that is reached, once."""
    total, below = Decimal(0), Decimal(0)
    for tier in tiers:
        if quantity <= below:
            break
        until = quantity if tier.up_to is None else min(quantity, tier.up_to)
        total = add((total, multiply(subtract(until, below), tier.unit_price), Decimal(tier.flat)))
        below = until
    return total


def volume(tiers: Sequence[Tier], quantity: Decimal) -> Decimal:
    """All of it at the price of the tier that it reaches, and that tier's flat amount; nothing costs nothing."""
    if quantity <= 0:
        return Decimal(0)
    tier = next(tier for tier in tiers if tier.up_to is None or quantity <= tier.up_to)
    return add((multiply(quantity, tier.unit_price), Decimal(tier.flat)))


def _unit_price(price: Price) -> Decimal:
    assert price.unit_price is not None, "the database refuses it too"
    return price.unit_price
