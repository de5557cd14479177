"""Rehearsals of prices."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from resolvers import paging
from resolvers.context import Info
from resolvers.named import INPUT, all_found
from resolvers.pricing import read_tiers
from schema.paging import Page
from schema.rehearsal import PriceRehearsal, PriceRehearsalInput, RehearsedSum, RehearsedTenant
from services import rehearsal as stories


@strawberry.type
class RehearsalQueries:
    """What would be, were a price another."""

    @strawberry.field
    async def price_rehearsal(
        self,
        info: Info,
        asked: Annotated[PriceRehearsalInput, INPUT],
        first: int | None = 25,
        after: str | None = None,
    ) -> PriceRehearsal:
        """A draft price against what was really used in the last closed months. For those who see all tenants."""
        page = paging.forward(Page(first, after), _read_place)
        viewer, draft = info.context.signed_in, _draft(asked)
        told = await stories.rehearse_price(info.context.core, viewer, draft, page.limit, page.key)

        async def count() -> int:
            return told.tenants

        return PriceRehearsal(
            currency=told.currency.code,
            currency_exponent=told.currency.exponent,
            months=[
                RehearsedSum(
                    month=month,
                    tenants=of.tenants,
                    billed_minor=Decimal(of.billed),
                    would_be_minor=Decimal(of.would_be),
                    difference_minor=Decimal(of.would_be - of.billed),
                )
                for month, of in told.months.items()
            ],
            tenant_count=told.tenants,
            billed_minor=Decimal(told.billed),
            would_be_minor=Decimal(told.would_be),
            difference_minor=Decimal(told.would_be - told.billed),
            locked=told.locked,
            would_have_locked=told.would_have_locked,
            tenants=paging.connection(
                told.page, page, RehearsedTenant.of, lambda one: f"{one.place[0]} {one.tenant_id.hex}", count
            ),
        )


def _draft(asked: PriceRehearsalInput) -> stories.DraftPrice:
    return stories.DraftPrice(
        service=asked.service,
        model=asked.model,
        months=asked.months,
        currency=asked.currency,
        tenant_ids=all_found("ten", asked.tenant_ids),
        unit_price=asked.unit_price_minor,
        flat=asked.flat_minor,
        package_size=asked.package_size,
        tiers=read_tiers(asked.tiers),
        minimum=asked.minimum_minor,
    )


def _read_place(text: str) -> tuple[int, UUID]:
    """`-360000 0195…`: less the difference, whichever way it goes, and the tenant."""
    difference, _, tenant = text.partition(" ")
    if len(difference) > 40:
        raise ValueError(text)
    return int(difference), UUID(hex=tenant)
