"""Prices: setting and cancelling them."""

from typing import Annotated

import strawberry

from domain.pricing import Tier
from resolvers.context import Info
from resolvers.named import INPUT, Id, found, found_if_given
from schema.pricing import Price, PricePayload, PriceResult, PriceTierInput, SetPriceInput
from services import pricing as stories
from services.pricing import Timeline


@strawberry.type
class PricingMutations:
    """What usage will cost."""

    @strawberry.mutation
    async def set_price(self, info: Info, asked: Annotated[SetPriceInput, INPUT]) -> PriceResult:
        """A stretch that begins at effectiveFrom and lasts until the next one."""
        new = stories.NewPrice(
            tenant_id=found("ten", asked.tenant_id),
            service=asked.service,
            unit=asked.unit,
            unit_price=asked.unit_price_minor,
            effective_from=asked.effective_from,
            replaces=found_if_given("prc", asked.replaces),
            model=asked.model,
            flat=asked.flat_minor,
            package_size=asked.package_size,
            tiers=read_tiers(asked.tiers),
            minimum=asked.minimum_minor,
        )
        timeline = await stories.set_price(info.context.core, info.context.signed_in, new, dry_run=asked.dry_run)
        return _payload(timeline, dry=asked.dry_run and timeline.is_new)

    @strawberry.mutation
    async def cancel_price(self, info: Info, price_id: Id, dry_run: bool = False) -> PriceResult:
        """Only a price that has not begun, or that no usage depends on."""
        core, viewer = info.context.core, info.context.signed_in
        timeline = await stories.cancel_price(core, viewer, found("prc", price_id), dry_run=dry_run)
        return _payload(timeline)


def read_tiers(asked: list[PriceTierInput] | None) -> tuple[Tier, ...] | None:
    """As the domain has them."""
    return None if asked is None else tuple(Tier(t.up_to, t.unit_price_minor, t.flat_minor) for t in asked)


def _payload(timeline: Timeline, *, dry: bool = False) -> PricePayload:
    new = timeline.price.price.id if dry else None
    stretches = [Price.of(stretch, timeline.now, dry=stretch.price.id == new) for stretch in timeline.stretches]
    return PricePayload(price=Price.of(timeline.price, timeline.now, dry=dry), timeline=stretches)
