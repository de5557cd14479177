"""Reading who changed what."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain import ids
from resolvers import paging
from resolvers.context import Info
from resolvers.named import checked_text
from schema.audit import AuditEntry
from schema.node import shown
from schema.paging import Connection, Page
from services import audit_queries
from services.audit_queries import AuditFilter, AuditRecord

From = Annotated[datetime | None, strawberry.argument(name="from")]


@strawberry.type
class AuditQueries:
    """For those who read everything."""

    @strawberry.field
    async def audit(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        subject_id: strawberry.ID | None = None,
        actor: strawberry.ID | None = None,
        action: str | None = None,
        since: From = None,
        until: datetime | None = None,
    ) -> Connection[AuditEntry]:
        """Newest first. With subjectId only what was done to that thing, with actor only what that one did, with
        action only what was done by that name; from one instant on, and before another."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_instant_and_uuid)
        where = AuditFilter(
            checked_text("subjectId", subject_id),
            checked_text("actor", actor),
            checked_text("action", action),
            since,
            until,
        )

        async def count() -> int | None:
            return await audit_queries.count_audit(viewer, where)

        rows = await audit_queries.list_audit(viewer, where, asked.limit, asked.key)
        return paging.connection(rows, asked, shown_entry, lambda row: f"{row.time.isoformat()} {row.id.hex}", count)


def shown_entry(record: AuditRecord) -> AuditEntry:
    """As the API shows it."""
    return AuditEntry(
        id=shown(ids.make("aud", record.id)),
        time=record.time,
        actor=record.actor,
        action=record.action,
        subject_id=strawberry.ID(record.subject_id),
        before=record.before,
        after=record.after,
    )
