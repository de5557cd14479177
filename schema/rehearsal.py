"""Rehearsals: what a draft price would have come to."""

from datetime import datetime
from decimal import Decimal

import strawberry

from domain import ids, rehearsal
from domain.wallets import months_remaining
from schema.context import Info
from schema.enums import PriceModel
from schema.links import TenantLink
from schema.node import shown
from schema.paging import Connection
from schema.pricing import PriceTierInput
from schema.scalars import Minor, Month


@strawberry.input
class PriceRehearsalInput:
    """A draft: the terms of a price as in SetPriceInput, whose it would be, and against how many months."""

    service: str
    tenant_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="1 to 1,000 of one currency; none: all tenants of `currency` that have the service."
    )
    currency: str | None = strawberry.field(
        default=None, description="Of the draft's amounts; needed over all tenants."
    )
    model: PriceModel = PriceModel.PER_UNIT
    unit_price_minor: Decimal | None = strawberry.field(default=None, description="Of PER_UNIT and PACKAGE.")
    flat_minor: Minor | None = strawberry.field(default=None, description="Of FLAT.")
    package_size: Decimal | None = strawberry.field(default=None, description="Of PACKAGE.")
    tiers: list[PriceTierInput] | None = strawberry.field(default=None, description="Of GRADUATED and VOLUME.")
    minimum_minor: Minor = strawberry.field(default=0, description="The least that a month costs, used or not.")
    months: int = strawberry.field(default=3, description="1 to 12: each tenant's own last closed months.")


@strawberry.type
class RehearsedMonth:
    """A closed month of a tenant."""

    month: Month
    quantity: Decimal
    billed_minor: Minor = strawberry.field(
        description="What the service's usage, fee and minimum cost at the prices that were in force: the sum of its "
        "lines on invoices, once late usage and what was voided is billed too."
    )
    would_be_minor: Minor = strawberry.field(description="The same at the draft.")
    difference_minor: Minor = strawberry.field(description="Above zero: the draft costs more.")

    @classmethod
    def of(cls, month: rehearsal.RehearsedMonth) -> "RehearsedMonth":
        """As it was worked out."""
        return cls(
            month=month.month,
            quantity=month.quantity,
            billed_minor=month.billed,
            would_be_minor=month.would_be,
            difference_minor=month.difference,
        )


@strawberry.type
class RehearsedSum:
    """A month of all tenants that had closed it; exact sums, which may pass what Minor holds."""

    month: Month
    tenants: int
    billed_minor: Decimal
    would_be_minor: Decimal
    difference_minor: Decimal


@strawberry.type
class RehearsedTenant:
    """A tenant at the draft price."""

    months: list[RehearsedMonth] = strawberry.field(description="Oldest first.")
    billed_minor: Decimal
    would_be_minor: Decimal
    difference_minor: Decimal = strawberry.field(description="Above zero: the draft costs more.")
    locked_at: datetime | None = strawberry.field(
        description="The first of these months' ends of grace at which the wallet was locked for money."
    )
    would_have_locked_at: datetime | None = strawberry.field(
        description="The same had each month cost its difference more or less and all else been as it was: usage, "
        "top-ups, debits, other services."
    )
    months_remaining: float | None = strawberry.field(description="As the wallet answers it.")
    new_months_remaining: float | None = strawberry.field(
        description="How long what is available today lasts at what the last closed months would have cost."
    )
    tenant_id: strawberry.Private[strawberry.ID]

    @classmethod
    def of(cls, one: rehearsal.Rehearsed) -> "RehearsedTenant":
        """As it was worked out."""
        charge, new_charge = one.outlook
        return cls(
            months=[RehearsedMonth.of(month) for month in one.months],
            billed_minor=Decimal(one.billed),
            would_be_minor=Decimal(one.would_be),
            difference_minor=Decimal(one.difference),
            locked_at=one.locked_at,
            would_have_locked_at=one.would_have_locked_at,
            months_remaining=months_remaining(one.available, charge or 0),
            new_months_remaining=months_remaining(one.available, new_charge or 0),
            tenant_id=shown(ids.make("ten", one.tenant_id)),
        )

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Who would pay it."""
        return await info.context.edges.tenant(self.tenant_id)


@strawberry.type
class PriceRehearsal:
    """What a draft price would have come to, on what was really used. Nothing is written."""

    currency: str
    currency_exponent: int
    months: list[RehearsedSum] = strawberry.field(description="Oldest first.")
    tenant_count: int = strawberry.field(description="Those that have the service and a closed month.")
    billed_minor: Decimal
    would_be_minor: Decimal
    difference_minor: Decimal = strawberry.field(description="Above zero: the draft costs more.")
    locked: int = strawberry.field(description="Tenants with `lockedAt`.")
    would_have_locked: int = strawberry.field(description="Tenants with `wouldHaveLockedAt`.")
    tenants: Connection[RehearsedTenant] = strawberry.field(
        description="The biggest difference first, whichever way it goes."
    )
