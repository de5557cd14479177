"""Prices: stretches of a service's timeline, and how they are set."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain import ids
from domain.pricing import Stretch
from schema.context import Info
from schema.enums import PriceModel, PriceStatus
from schema.links import TenantLink
from schema.node import Node, shown
from schema.refusals import NotPossible, PeriodClosed


@strawberry.type
class Price(Node):
    """One stretch of a service's pricing timeline.

    Only effectiveFrom is stored; the rest follows from the clock and the next stretch.
    """

    service: str = strawberry.field(description='"EPAPER" …')
    unit: str = strawberry.field(description='What is counted: "page" …')
    model: PriceModel
    unit_price_minor: Decimal | None
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
class SetPriceInput:
    """A new stretch: it begins at effectiveFrom and lasts until the next one begins."""

    tenant_id: strawberry.ID
    service: str
    unit: str = "page"
    unit_price_minor: Decimal | None = None
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
