"""The pricing timeline: only where a stretch begins is stored; its end and its status follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.money import multiply, round_to_minor


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
class Price:
    """One stretch of a service's timeline, as stored. The wallet's id is its tenant's."""

    id: UUID
    wallet_id: UUID
    service: str
    unit: str
    model: PriceModel
    unit_price: Decimal
    """Minor units for one unit, up to 12 decimals."""
    effective_from: datetime
    created_at: datetime


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
    """What the quantity costs, in minor units, rounded once."""
    return round_to_minor(multiply(quantity, price.unit_price))
