"""Reading who changed what."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from domain import access
from domain.access import Viewer
from services.audit import Facts
from services.database import Row, count_rows, read

_COLUMNS = "id, time, actor, action, subject_id, before, after"
_FIND = f"SELECT {_COLUMNS} FROM audit_entries WHERE id = $1"
_MATCHES = {
    "subject_id": "subject_id =",
    "actor": "actor =",
    "action": "action =",
    "since": "time >=",
    "until": "time <",
}


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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """None: does not filter. `until` is the first instant that does not count."""

    subject_id: str | None = None
    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_audit(
    viewer: Viewer, where: AuditFilter, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[AuditRecord]:
    """Newest first. Empty for whoever does not read all of it."""
    if not access.reads_audit(viewer):
        return []
    conditions, values = _matching(where)
    if after is not None:
        conditions.append(f"(time, id) < (${len(values) + 1}, ${len(values) + 2})")
        values += after
    wanted = f"{_of(conditions)} ORDER BY time DESC, id DESC LIMIT ${len(values) + 1}"
    return [_read(row) for row in await read(f"SELECT {_COLUMNS} {wanted}", *values, limit)]


async def count_audit(viewer: Viewer, where: AuditFilter) -> int | None:
    """None beyond 10,000."""
    if not access.reads_audit(viewer):
        return 0
    conditions, values = _matching(where)
    return await count_rows(f"SELECT 1 {_of(conditions)}", *values)


async def find_audit(viewer: Viewer, entry_id: UUID) -> AuditRecord | None:
    """None for what is missing and for whoever does not read all of it."""
    if not access.reads_audit(viewer):
        return None
    rows = await read(_FIND, entry_id)
    return _read(rows[0]) if rows else None


def _matching(where: AuditFilter) -> tuple[list[str], list[object]]:
    """What is asked for alone, so that each way of asking is a statement with the index of its own."""
    given = {field: value for field in _MATCHES if (value := getattr(where, field)) is not None}
    conditions = [f"{_MATCHES[field]} ${number}" for number, field in enumerate(given, 1)]
    return conditions, list(given.values())


def _of(conditions: list[str]) -> str:
    return "FROM audit_entries" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")


def _read(row: Row) -> AuditRecord:
    facts = (None if row[name] is None else orjson.loads(row[name]) for name in ("before", "after"))
    return AuditRecord(row["id"], row["time"], row["actor"], row["action"], row["subject_id"], *facts)
