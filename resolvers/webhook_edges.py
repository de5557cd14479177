"""Edges from webhook endpoints and deliveries, and how these are shown."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

import orjson
import strawberry

from domain import access, ids
from domain.access import Viewer
from domain.webhooks import DeliveryStatus
from resolvers import paging
from resolvers.batches import Batches
from schema.node import shown
from schema.paging import Connection, Page
from schema.people import Tenant
from schema.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from services import webhook_queries
from services.coalescing import Coalescer
from services.webhook_queries import AttemptRecord, DeliveryRecord, EndpointRecord


class WebhookEdges(Batches):
    """What an endpoint and a delivery lead to."""

    @cached_property
    def endpoints(self) -> Coalescer[UUID, EndpointRecord]:
        """Endpoints by id."""

        async def load(endpoint_ids: list[UUID]) -> Mapping[UUID, EndpointRecord]:
            return await webhook_queries.load_endpoints(self._context.core.clock.fixed, endpoint_ids)

        return Coalescer(load)

    @cached_property
    def attempts(self) -> Coalescer[UUID, list[AttemptRecord]]:
        """Attempts by delivery."""
        return Coalescer(webhook_queries.load_attempts)

    async def endpoint_tenant(self, endpoint: WebhookEndpoint) -> Tenant | None:
        """Where the viewer may read tenants."""
        uuid = ids.read("ten", endpoint.tenant_id or "")
        if uuid is None or not access.reads(self._context.signed_in, "tenant:read", uuid):
            return None
        found = await self.tenants.get(uuid)
        return Tenant.of(found) if found else None

    async def endpoint_deliveries(
        self, endpoint: WebhookEndpoint, page: Page, status: DeliveryStatus | None
    ) -> Connection[WebhookDelivery]:
        """Newest first; none where a dry run made the endpoint up."""
        uuid = ids.read("whe", endpoint.id)
        return await list_deliveries(self._context.signed_in, page, uuid, status) if uuid else paging.empty()

    async def delivery_endpoint(self, delivery: WebhookDelivery) -> WebhookEndpoint:
        """Whoever sees the delivery sees it."""
        uuid = ids.read("whe", delivery.endpoint_id)
        found = await self.endpoints.get(uuid) if uuid else None
        assert found is not None, "an endpoint's row stays"
        return shown_endpoint(found)

    async def delivery_attempts(self, delivery: WebhookDelivery) -> list[WebhookAttempt]:
        """Oldest first."""
        uuid = ids.read("whd", delivery.id)
        found = await self.attempts.get(uuid) if uuid else None
        return [
            WebhookAttempt(
                time=one.time,
                status_code=one.status_code,
                error=one.error,
                duration_milliseconds=one.duration_milliseconds,
            )
            for one in found or ()
        ]


async def list_deliveries(
    viewer: Viewer, page: Page, endpoint_id: UUID | None, status: DeliveryStatus | None
) -> Connection[WebhookDelivery]:
    """To an endpoint, or to all."""
    asked = paging.forward(page, paging.read_uuid)

    async def count() -> int | None:
        return await webhook_queries.count_deliveries(viewer, endpoint_id, status)

    rows = await webhook_queries.list_deliveries(viewer, endpoint_id, status, asked.limit, asked.key)
    return paging.connection(rows, asked, shown_delivery, lambda row: row.id.hex, count)


def shown_endpoint(endpoint: EndpointRecord, *, dry: bool = False) -> WebhookEndpoint:
    """As the API shows it."""
    return WebhookEndpoint(
        id=shown(ids.make("whe", endpoint.id), dry=dry),
        url=endpoint.url,
        description=endpoint.description,
        tenant_id=shown(ids.make("ten", endpoint.tenant_id)) if endpoint.tenant_id else None,
        event_types=endpoint.event_types,
        active=endpoint.active,
        created_at=endpoint.created_at,
        failing_since=endpoint.failing_since,
        gone_at=endpoint.gone_at,
        old_secret_until=endpoint.old_secret_until,
        deleted_at=endpoint.deleted_at,
    )


def shown_delivery(delivery: DeliveryRecord, *, dry: bool = False) -> WebhookDelivery:
    """As the API shows it."""
    return WebhookDelivery(
        id=shown(ids.make("whd", delivery.id), dry=dry),
        endpoint_id=strawberry.ID(ids.make("whe", delivery.endpoint_id)),
        event_type=delivery.event_type,
        payload=orjson.loads(delivery.payload),
        status=delivery.status,
        next_attempt_at=delivery.next_attempt_at,
        created_at=delivery.created_at,
        delivered_at=delivery.delivered_at,
    )
