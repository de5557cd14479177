"""Prices: stretches of a service's timeline, and how they are set."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain import ids, pricing
from domain.pricing import Stretch
from schema.context import Info
from schema.enums import PriceModel, PriceStatus
from schema.links import TenantLink
from schema.node import Node, shown
from schema.refusals import NotPossible, PeriodClosed
from schema.scalars import Minor

_UP_TO = "Inclusive; null for the last."


@strawberry.type
class PriceTier:
    """A part of a month's quantity, with a price of its own."""

    up_to: Decimal | None = strawberry.field(description=_UP_TO)
    unit_price_minor: Decimal
    flat_minor: Minor = strawberry.field(description="Once a month, when the tier is reached.")

    @classmethod
    def of(cls, tier: pricing.Tier) -> "PriceTier":
        """As it was set."""
        return cls(up_to=tier.up_to, unit_price_minor=tier.unit_price, flat_minor=tier.flat)


@strawberry.type
class Price(Node):
    """One stretch of a service's pricing timeline.

    Only effectiveFrom is stored; the rest follows from the clock and the next stretch.
    """

    service: str = strawberry.field(description='"EPAPER" …')
    unit: str = strawberry.field(description='What is counted: "page" …')
    model: PriceModel
    unit_price_minor: Decimal | None = strawberry.field(description="Of PER_UNIT and PACKAGE.")
    flat_minor: Minor | None = strawberry.field(description="Of FLAT: in force when a month begins, it counts for it.")
    package_size: Decimal | None = strawberry.field(description="Of PACKAGE.")
    tiers: list[PriceTier] = strawberry.field(description="Of GRADUATED and VOLUME; they count per month and stretch.")
    minimum_minor: Minor = strawberry.field(
        description="The least that a month costs: the one in force when it begins counts for the month."
    )
    effective_from: datetime
    effective_until: datetime | None = strawberry.field(
        description="The instant the next stretch begins (exclusive); null while none is set."
    )
    is_active: bool
    status: PriceStatus
    created_at: datetime
    tenant_id: strawberry.Private[strawberry.ID]

    @classmethod
    def of(cls, stretch: Stretch, now: datetime, *, dry: bool = False) -> "Price":
        """A stretch of a timeline, seen from now."""
        price, status = stretch.price, stretch.status(now)
        return cls(
            id=shown(ids.make("prc", price.id), dry=dry),
            service=price.service,
            unit=price.unit,
            model=price.model,
            unit_price_minor=price.unit_price,
            flat_minor=price.flat,
            package_size=price.package_size,
            tiers=[PriceTier.of(tier) for tier in price.tiers],
            minimum_minor=price.minimum,
            effective_from=price.effective_from,
            effective_until=stretch.until,
            is_active=status is PriceStatus.ACTIVE,
            status=status,
            created_at=price.created_at,
            tenant_id=shown(ids.make("ten", price.wallet_id)),
        )

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Who pays it."""
        return await info.context.edges.tenant(self.tenant_id)


@strawberry.input
class PriceTierInput:
    """A part of a month's quantity, from the tier before to upTo."""

    up_to: Decimal | None = strawberry.field(default=None, description=_UP_TO)
    unit_price_minor: Decimal
    flat_minor: Minor = strawberry.field(default=0, description="Once a month, when the tier is reached.")


@strawberry.input
class SetPriceInput:
    """A new stretch: it begins at effectiveFrom and lasts until the next one begins. Its model says what it takes."""

    tenant_id: strawberry.ID
    service: str
    unit: str = "page"
    model: PriceModel = pricing.PriceModel.PER_UNIT
    unit_price_minor: Decimal | None = strawberry.field(default=None, description="Of PER_UNIT and PACKAGE.")
    flat_minor: Minor | None = strawberry.field(default=None, description="Of FLAT.")
    package_size: Decimal | None = strawberry.field(default=None, description="Of PACKAGE.")
    tiers: list[PriceTierInput] | None = strawberry.field(
        default=None, description="Of GRADUATED and VOLUME: 1 to 100, upTo rising, the last without one."
    )
    minimum_minor: Minor = strawberry.field(default=0, description="The least that a month costs, used or not.")
    effective_from: datetime
    replaces: strawberry.ID | None = strawberry.field(
        default=None, description="A scheduled price that this one takes the place of, in one step."
    )
    dry_run: bool = False


@strawberry.type
class PricePayload:
    """A price that was set or cancelled."""

    price: Price
    timeline: list[Price] = strawberry.field(
        description="The tenant's whole timeline for that service, as it now stands."
    )


PriceResult = Annotated[PricePayload | PeriodClosed | NotPossible, strawberry.union("PriceResult")]
