"""Reading who changed what."""

import strawberry

from domain import ids
from resolvers import paging
from resolvers.context import Info
from resolvers.named import checked_text
from schema.audit import AuditEntry
from schema.node import shown
from schema.paging import Connection, Page
from services import audit_queries
from services.audit_queries import AuditRecord


@strawberry.type
class AuditQueries:
    """For those who read everything."""

    @strawberry.field
    async def audit(
        self, info: Info, first: int | None = 50, after: str | None = None, subject_id: strawberry.ID | None = None
    ) -> Connection[AuditEntry]:
        """Newest first. With subjectId only what was done to that thing."""
        viewer = info.context.signed_in
        asked, subject = paging.forward(Page(first, after), paging.read_uuid), checked_text("subjectId", subject_id)

        async def count() -> int | None:
            return await audit_queries.count_audit(viewer, subject)

        rows = await audit_queries.list_audit(viewer, subject, asked.limit, asked.key)
        return paging.connection(rows, asked, shown_entry, lambda row: row.id.hex, count)


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
