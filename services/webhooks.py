"""Telling other programs what has happened: a delivery for each endpoint that listens, in the event's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from domain.changes import Change, ChangeKind
from services.database import note
from services.identity import new_uuid
from services.rows import columns

_HEARING = """
SELECT n.number, e.id FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS n(type, tenant_id, number)
JOIN webhook_endpoints e ON e.active AND (e.tenant_id IS NULL OR e.tenant_id = n.tenant_id)
    AND (cardinality(e.event_types) = 0 OR n.type = ANY(e.event_types))
ORDER BY n.number, e.id
"""
_DELIVER = """
INSERT INTO webhook_deliveries (id, endpoint_id, event_type, payload, status, tries, attempts, next_attempt_at,
    created_at)
SELECT id, endpoint_id, event_type, payload, 'PENDING', 0, 0, $5, $5
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS n(id, endpoint_id, event_type, payload)
"""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What has happened. `data`: as the API names things, of what JSON has; money as whole minor units."""

    type: str
    tenant_id: UUID | None
    """Whom it is about: endpoints bound to other tenants do not hear of it. None: about no tenant."""
    data: dict[str, object]


async def announce(connection: BaseDBAsyncClient, now: datetime, events: Sequence[WebhookEvent]) -> None:
    """Have each active endpoint told that listens to such an event; sent after this transaction's commit.

    An endpoint without a tenant hears of all, another one of its own only.
    """
    if not events:
        return
    asked = [[event.type for event in events], [event.tenant_id for event in events]]
    hearing = await connection.execute_query_dict(_HEARING, asked)
    await deliver(connection, now, [(row["id"], events[row["number"] - 1]) for row in hearing])


async def deliver(
    connection: BaseDBAsyncClient, now: datetime, messages: Sequence[tuple[UUID, WebhookEvent]]
) -> list[UUID]:
    """The same for these endpoints, whatever they listen to; the deliveries' ids."""
    if not messages:
        return []
    rows = [(new_uuid(), endpoint, event.type, payload(event, now)) for endpoint, event in messages]
    made = columns(rows)
    note([Change(ChangeKind.WEBHOOKS, None)])
    await connection.execute_query(_DELIVER, [*made, now])
    return [row[0] for row in rows]


def payload(event: WebhookEvent, now: datetime) -> str:
    """As Standard Webhooks has it, and as it is sent: later attempts are of the same bytes."""
    return orjson.dumps({"type": event.type, "timestamp": now, "data": event.data}).decode()
