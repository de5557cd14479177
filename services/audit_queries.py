"""Reading who changed what."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from domain import access
from domain.access import Viewer
from models.audit import AuditEntry
from services.audit import Facts
from services.database import count_rows, reading

_COUNTED = "SELECT 1 FROM audit_entries WHERE $1::text IS NULL OR subject_id = $1"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A change of state outside the wallets' logs."""

    id: UUID
    time: datetime
    actor: str
    action: str
    subject_id: str
    before: Facts | None
    after: Facts | None


async def list_audit(viewer: Viewer, subject_id: str | None, limit: int, after: UUID | None) -> list[AuditRecord]:
    """Newest first; of one thing where it is given. Empty for whoever does not read all of it."""
    if not access.reads_audit(viewer):
        return []
    query: QuerySet[AuditEntry] = AuditEntry.all()
    if subject_id is not None:
        query = query.filter(subject_id=subject_id)
    if after is not None:
        query = query.filter(id__lt=after)
    return [_read(row) for row in await reading(lambda: query.order_by("-id").limit(limit))]


async def count_audit(viewer: Viewer, subject_id: str | None) -> int | None:
    """None beyond 10,000."""
    return await count_rows(_COUNTED, subject_id) if access.reads_audit(viewer) else 0


async def find_audit(viewer: Viewer, entry_id: UUID) -> AuditRecord | None:
    """None for what is missing and for whoever does not read all of it."""
    if not access.reads_audit(viewer):
        return None
    row = await reading(lambda: AuditEntry.get_or_none(id=entry_id))
    return _read(row) if row else None


def _read(row: AuditEntry) -> AuditRecord:
    return AuditRecord(row.id, row.time, row.actor, row.action, row.subject_id, row.before, row.after)
