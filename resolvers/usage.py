"""Usage: recording it."""

from typing import Annotated

import strawberry

from domain.usage import UsageEvent
from resolvers.context import Info
from resolvers.named import INPUT, found
from schema.usage import RecordUsageInput, UsagePayload, UsageResult
from services import usage as stories


@strawberry.type
class UsageMutations:
    """What was used."""

    @strawberry.mutation
    async def record_usage(self, info: Info, asked: Annotated[RecordUsageInput, INPUT]) -> UsageResult:
        """1 to 1,000 events; all or none. An event whose key and content are known counts once."""
        viewer = info.context.signed_in
        tenants = {text: found("ten", text) for text in {event.tenant_id for event in asked.events}}
        events = [
            UsageEvent(
                wallet_id=tenants[event.tenant_id],
                key=event.key,
                service=event.service,
                quantity=event.quantity,
                occurred_at=event.occurred_at,
                corrects=event.corrects,
            )
            for event in asked.events
        ]
        tally = await stories.record_usage(info.context.core, viewer, events, dry_run=asked.dry_run)
        return UsagePayload(accepted=len(tally.recorded), duplicates=tally.duplicates)
