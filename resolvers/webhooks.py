"""Webhooks: endpoints, what is delivered to them, and sending it again."""

from typing import Annotated, Any, cast

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain import access
from domain.refusals import BadInput
from domain.webhooks import CHOOSABLE, DeliveryStatus
from resolvers import paging
from resolvers.context import Info
from resolvers.named import INPUT, Id, found, found_if_given
from resolvers.webhook_edges import list_deliveries, shown_delivery, shown_endpoint
from schema.paging import Connection, Page
from schema.webhooks import (
    CreateWebhookEndpointInput,
    UpdateWebhookEndpointInput,
    WebhookDelivery,
    WebhookDeliveryPayload,
    WebhookDeliveryResult,
    WebhookEndpoint,
    WebhookEndpointPayload,
    WebhookEndpointResult,
    WebhookSecretPayload,
    WebhookSecretResult,
)
from services import webhook_endpoints, webhook_messages, webhook_queries
from services.webhook_endpoints import EndpointChanges, NewEndpoint

DeliveryId = Annotated[strawberry.ID, strawberry.argument(name="deliveryId")]


@strawberry.type
class WebhookQueries:
    """For those who read everything."""

    @strawberry.field
    async def webhook_endpoints(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[WebhookEndpoint]:
        """Newest first, less the deleted ones."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_uuid)

        async def count() -> int | None:
            return await webhook_queries.count_endpoints(viewer)

        at = info.context.core.clock.fixed
        rows = await webhook_queries.list_endpoints(viewer, at, asked.limit, asked.key)
        return paging.connection(rows, asked, shown_endpoint, lambda row: row.id.hex, count)

    @strawberry.field
    async def webhook_deliveries(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        status: DeliveryStatus | None = None,
    ) -> Connection[WebhookDelivery]:
        """To all endpoints, newest first; finished ones for 30 days."""
        return await list_deliveries(info.context.signed_in, Page(first, after), None, status)

    @strawberry.field
    async def webhook_event_types(self, info: Info) -> list[str]:
        """What endpoints may hear of."""
        return [kind.value for kind in CHOOSABLE] if access.reads_audit(info.context.signed_in) else []


@strawberry.type
class WebhookMutations:
    """Whom events are told to."""

    @strawberry.mutation
    async def create_webhook_endpoint(
        self, info: Info, asked: Annotated[CreateWebhookEndpointInput, INPUT]
    ) -> WebhookSecretResult:
        """Hears of what happens from now on. Its secret is shown in this answer only."""
        context, tenant_id = info.context, found_if_given("ten", asked.tenant_id)
        new = NewEndpoint(asked.url, asked.description, tenant_id, asked.event_types)
        made, secret = await webhook_endpoints.create_endpoint(
            context.core, context.signed_in, new, dry_run=asked.dry_run
        )
        return WebhookSecretPayload(endpoint=shown_endpoint(made, dry=asked.dry_run), secret=secret)

    @strawberry.mutation
    async def update_webhook_endpoint(
        self, info: Info, endpoint_id: Id, asked: Annotated[UpdateWebhookEndpointInput, INPUT], dry_run: bool = False
    ) -> WebhookEndpointResult:
        """What is not given stays."""
        context, changes = info.context, _given(asked)
        uuid = found("whe", endpoint_id)
        after = await webhook_endpoints.update_endpoint(context.core, context.signed_in, uuid, changes, dry_run=dry_run)
        return WebhookEndpointPayload(endpoint=shown_endpoint(after))

    @strawberry.mutation
    async def delete_webhook_endpoint(
        self, info: Info, endpoint_id: Id, dry_run: bool = False
    ) -> WebhookEndpointResult:
        """What waits to be sent is not sent. What was sent stays in the log for 30 days."""
        context, uuid = info.context, found("whe", endpoint_id)
        gone = await webhook_endpoints.delete_endpoint(context.core, context.signed_in, uuid, dry_run=dry_run)
        return WebhookEndpointPayload(endpoint=shown_endpoint(gone))

    @strawberry.mutation
    async def rotate_webhook_secret(self, info: Info, endpoint_id: Id, dry_run: bool = False) -> WebhookSecretResult:
        """A new secret, shown in this answer only. For 24 hours messages are signed with the one before too."""
        context, uuid = info.context, found("whe", endpoint_id)
        after, secret = await webhook_endpoints.rotate_secret(context.core, context.signed_in, uuid, dry_run=dry_run)
        return WebhookSecretPayload(endpoint=shown_endpoint(after), secret=secret)

    @strawberry.mutation
    async def test_webhook_endpoint(self, info: Info, endpoint_id: Id, dry_run: bool = False) -> WebhookDeliveryResult:
        """Sends it a webhook.test, whatever it listens to."""
        context, uuid = info.context, found("whe", endpoint_id)
        sent = await webhook_messages.send_test(context.core, context.signed_in, uuid, dry_run=dry_run)
        return WebhookDeliveryPayload(delivery=shown_delivery(sent, dry=dry_run))

    @strawberry.mutation
    async def redeliver_webhook(
        self, info: Info, delivery_id: DeliveryId, dry_run: bool = False
    ) -> WebhookDeliveryResult:
        """The same message again, by the same webhook-id, whatever has become of it."""
        context, uuid = info.context, found("whd", delivery_id)
        sent = await webhook_messages.redeliver(context.core, context.signed_in, uuid, dry_run=dry_run)
        return WebhookDeliveryPayload(delivery=shown_delivery(sent))


def _given(asked: UpdateWebhookEndpointInput) -> EndpointChanges:
    given: dict[str, Any] = {field: value for field, value in vars(asked).items() if value is not strawberry.UNSET}
    for field, value in given.items():
        if value is None:
            raise BadInput(f"{to_camel_case(field)} takes a value: to keep it as it is, leave it out.")
    return cast(EndpointChanges, given)
