"""Prices, as the documents answer them. Prices are minor units and may be finer."""

from typing import Literal, TypedDict


class Tier(TypedDict):
    """A tier of a price; the last one has no end."""

    upTo: str | None
    unitPriceMinor: str
    flatMinor: int


class Price(TypedDict):
    """One stretch of a pricing timeline."""

    id: str
    service: str
    unit: str
    model: Literal["PER_UNIT", "FLAT", "GRADUATED", "VOLUME", "PACKAGE"]
    unitPriceMinor: str | None
    flatMinor: int | None
    packageSize: str | None
    tiers: list[Tier]
    minimumMinor: int
    effectiveFrom: str
    effectiveUntil: str | None
    status: Literal["SCHEDULED", "ACTIVE", "EXPIRED"]


class TenantInBrief(TypedDict):
    """Whose prices they are. Months begin and end in its billing zone."""

    id: str
    name: str
    externalId: str | None
    currency: str
    billingZone: str
    wallet: "CurrencyOnly"


class CurrencyOnly(TypedDict):
    """A wallet, of which only the currency is asked."""

    currencyExponent: int


class PriceTimeline(TypedDict):
    """What setting or cancelling a price answers."""

    price: Price
    timeline: list[Price]
