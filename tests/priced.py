"""Prices of every model as plain values, and set in a world; numbers as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain import access
from domain.pricing import Price, PriceModel, Tier
from services.pricing import NewPrice, Timeline, set_price
from tests.world import World, at

SINCE = at("2025-02-01")
WALLET = UUID("01970000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Terms:
    """`each` a unit or package costs, packages of `size`, `tiers` of (up to, each, flat), a fee and a minimum."""

    model: str = "PER_UNIT"
    each: str | None = None
    size: str | None = None
    tiers: Sequence[tuple[str | None, str, int]] | None = None
    flat: int | None = None
    minimum: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """In the domain's names."""
        tiers = [Tier(_number(up_to), Decimal(each), flat) for up_to, each, flat in self.tiers or ()]
        return {
            "model": PriceModel(self.model),
            "unit_price": _number(self.each),
            "package_size": _number(self.size),
            "tiers": None if self.tiers is None else tuple(tiers),
            "flat": self.flat,
            "minimum": self.minimum,
        }


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def price(terms: Terms, since: datetime = SINCE, service: str = "EPAPER") -> Price:
    """As it would be stored."""
    values = {**terms.values, "tiers": terms.values["tiers"] or ()}
    return Price(
        id=uuid4(), wallet_id=WALLET, service=service, unit="page", effective_from=since, created_at=since, **values
    )


async def agree(world: World, tenant: UUID, since: str, terms: Terms, service: str = "EPAPER", **more: Any) -> Timeline:
    """Set such a price."""
    replaces, dry_run = more.pop("replaces", None), more.pop("dry_run", False)
    asked = NewPrice(tenant, service, "page", effective_from=at(since), replaces=replaces, **terms.values)
    return await set_price(world.core, access.SYSTEM, asked, dry_run=dry_run)
