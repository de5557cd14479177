"""Usage: events as they are reported, and the monthly totals that are billed."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from schema.context import Info
from schema.links import TenantLink
from schema.refusals import UsageRefused
from schema.scalars import Minor, Month


@strawberry.type
class MonthlyUsage:
    """What a tenant used of a service in a month."""

    service: str
    month: Month
    quantity: Decimal
    late_quantity: Decimal = strawberry.field(
        description="Arrived after this month was closed: billed with a later one."
    )
    events: int
    charge_minor: Minor = strawberry.field(
        description="What this month's usage costs at the prices in force when it happened; fees and minimums excluded."
    )
    tenant_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Who used it."""
        return await info.context.edges.tenant(self.tenant_id)


@strawberry.type
class DailyUsage:
    """What a tenant used of a service on a day."""

    day: str = strawberry.field(description='A day of its billing zone: "2025-03-01".')
    service: str
    quantity: Decimal = strawberry.field(description="Less what was corrected of it, whenever that was.")
    events: int


@strawberry.input
class UsageEventInput:
    """Something was used."""

    tenant_id: strawberry.ID
    service: str
    quantity: Decimal
    occurred_at: datetime | None = strawberry.field(
        default=None, description="Decides the month and the price. Now where none is given."
    )
    key: str = strawberry.field(description="Made by the client, unique in its tenant for ever.")
    corrects: str | None = strawberry.field(
        default=None,
        description="The key of an event that this one (of negative quantity) corrects; "
        "it counts where and when that one did.",
    )


@strawberry.input
class RecordUsageInput:
    """1 to 1,000 events; all or none."""

    events: list[UsageEventInput]
    dry_run: bool = False


@strawberry.type
class UsagePayload:
    """What became of the events."""

    accepted: int
    duplicates: int


UsageResult = Annotated[UsagePayload | UsageRefused, strawberry.union("UsageResult")]
