"""Every change of state outside the wallets' logs leaves an audit row, in the transaction of the change."""

from collections.abc import Mapping
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.access import Viewer
from domain.changes import audited
from models.audit import AuditEntry
from services.clock import Clock
from services.database import note, now
from services.identity import new_uuid
from services.rows import columns

Facts = Mapping[str, object]

_EACH = """
INSERT INTO audit_entries (id, time, actor, action, subject_id, after)
SELECT id, $3, $4, $5, subject_id, after::jsonb
FROM unnest($1::uuid[], $2::text[], $6::text[]) AS n(id, subject_id, after)
"""


async def record(
    connection: BaseDBAsyncClient,
    clock: Clock,
    viewer: Viewer,
    action: str,
    subject_id: str,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    entry_id: UUID | None = None,
    whose: UUID | None = None,
) -> None:
    """Who did what to which thing (an id of the API), with what changed. Never a secret. After the commit, whoever
    shows such things hears of it, of tenants' people those of the tenant (or the user without one) `whose` it is.

    `grace_days` is kept as `graceDays`: the audit is read beside the API.
    """
    note(audited(subject_id, whose))
    await AuditEntry.create(
        id=entry_id or new_uuid(),
        time=await now(clock, connection),
        actor=viewer.actor,
        action=action,
        subject_id=subject_id,
        before=_named(before) if before is not None else None,
        after=_named(after) if after is not None else None,
        using_db=connection,
    )


async def record_each(
    connection: BaseDBAsyncClient, clock: Clock, viewer: Viewer, action: str, made: Mapping[str, Facts]
) -> None:
    """The same of many things, several tenants', that were made at once, by their ids; a statement for all of them."""
    for prefix in {ids.kind_of(subject_id) for subject_id in made}:
        note(audited(f"{prefix}_", None))
    rows = [(new_uuid(), subject_id, orjson.dumps(_named(after)).decode()) for subject_id, after in made.items()]
    if not rows:
        return
    entries, subjects, facts = columns(rows)
    values = [entries, subjects, await now(clock, connection), viewer.actor, action, facts]
    await connection.execute_query(_EACH, values)


def _named(facts: Facts) -> dict[str, object]:
    return {_api_name(field): value for field, value in facts.items()}


def _api_name(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)
