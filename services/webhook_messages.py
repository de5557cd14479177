"""Stories of single messages: a test of an endpoint, and delivering one again."""

from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.access import Viewer
from domain.changes import Change, ChangeKind
from domain.refusals import NotFound, NotPossible
from domain.webhooks import DeliveryStatus, EventType
from services import audit
from services.core import Core
from services.database import note, now, write
from services.identity import new_uuid
from services.webhook_endpoints import NO_ENDPOINT, lock_endpoint, require_may_change
from services.webhook_queries import DeliveryRecord, EndpointRecord, load_deliveries, read_delivery
from services.webhooks import WebhookEvent, deliver, payload

_AGAIN = """
UPDATE webhook_deliveries SET status = 'PENDING', tries = 0, next_attempt_at = $2 WHERE id = $1
RETURNING id, endpoint_id, event_type, payload, status, next_attempt_at, created_at, delivered_at
"""
"""One under way is not leased to anybody else before its time, and its outcome is written as any other's."""
# First the message, then its endpoint: as whoever writes what became of a try.
_LOCK = "SELECT id FROM webhook_deliveries WHERE id = $1 FOR NO KEY UPDATE"
NO_DELIVERY = "There is no such webhook delivery."


async def send_test(core: Core, viewer: Viewer, endpoint_id: UUID, *, dry_run: bool = False) -> DeliveryRecord:
    """Have a message sent that says nothing else. Raises NotFound, Forbidden, NotPossible (off, deleted)."""
    require_may_change(viewer, NO_ENDPOINT)

    async def work(connection: BaseDBAsyncClient) -> DeliveryRecord:
        endpoint = await lock_endpoint(connection, core, endpoint_id)
        _require_active(endpoint)
        at = await now(core.clock, connection)
        event = WebhookEvent(EventType.TEST, endpoint.tenant_id, {"endpointId": ids.make("whe", endpoint_id)})
        made = new_uuid()
        if not dry_run:
            (made,) = await deliver(connection, at, [(endpoint_id, event)])
            subject, facts = ids.make("whe", endpoint_id), {"delivery": ids.make("whd", made)}
            await audit.record(connection, core.clock, viewer, "testWebhookEndpoint", subject, after=facts)
        text, status = payload(event, at), DeliveryStatus.PENDING
        return DeliveryRecord(made, endpoint_id, event.type, text, status, at, at, None)

    return await write(work)


async def redeliver(core: Core, viewer: Viewer, delivery_id: UUID, *, dry_run: bool = False) -> DeliveryRecord:
    """The same message at once, whatever has become of it, and as often as a new one if it fails.

    Raises NotFound, Forbidden, NotPossible (its endpoint is off or was deleted).
    """
    require_may_change(viewer, NO_DELIVERY)
    found = (await load_deliveries([delivery_id])).get(delivery_id)
    if found is None:
        raise NotFound(NO_DELIVERY)

    async def work(connection: BaseDBAsyncClient) -> DeliveryRecord:
        await connection.execute_query_dict(_LOCK, [delivery_id])
        _require_active(await lock_endpoint(connection, core, found.endpoint_id))
        if dry_run:
            return found
        rows = await connection.execute_query_dict(_AGAIN, [delivery_id, await now(core.clock, connection)])
        if not rows:  # tidied meanwhile
            raise NotFound(NO_DELIVERY)
        subject, facts = ids.make("whd", delivery_id), {"status": found.status}
        await audit.record(connection, core.clock, viewer, "redeliverWebhook", subject, before=facts)
        note([Change(ChangeKind.WEBHOOKS, None)])
        return read_delivery(rows[0])

    return await write(work)


def _require_active(endpoint: EndpointRecord) -> None:
    if not endpoint.active:
        raise NotPossible("This webhook endpoint is switched off: switch it on first.")
