"""Webhooks: endpoints, what is delivered to them, and each attempt."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.webhooks import DeliveryStatus
from schema.context import Info
from schema.links import TenantLink
from schema.node import Node
from schema.paging import Connection, Page
from schema.refusals import NotPossible
from schema.scalars import JSON

strawberry.enum(
    DeliveryStatus,
    name="WebhookDeliveryStatus",
    description="PENDING: to be sent, or to be sent again. FAILED: not sent any more.",
)


@strawberry.input
class CreateWebhookEndpointInput:
    """A URL that is to hear of events."""

    url: str = strawberry.field(description="Beginning with https://.")
    description: str = ""
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="It hears of this tenant's events only; null: of all."
    )
    event_types: list[str] = strawberry.field(
        default_factory=list, description="Some of webhookEventTypes; none: all, also those that are yet to come."
    )
    dry_run: bool = False


@strawberry.input
class UpdateWebhookEndpointInput:
    """What is not given stays."""

    url: str | None = strawberry.UNSET
    description: str | None = strawberry.UNSET
    event_types: list[str] | None = strawberry.UNSET
    active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="false: nothing is sent, and events are not kept for later."
    )


@strawberry.type
class WebhookEndpoint(Node):
    """A URL that hears of events, by messages signed as Standard Webhooks has it; never its secret."""

    url: str
    description: str
    tenant_id: strawberry.Private[strawberry.ID | None]
    event_types: list[str] = strawberry.field(description="What it hears of; none: all.")
    active: bool
    created_at: datetime
    failing_since: datetime | None = strawberry.field(
        description="Since when no message was taken; null while it works."
    )
    gone_at: datetime | None = strawberry.field(
        description="When it answered 410 Gone and was switched off for it; null once it is on again."
    )
    old_secret_until: datetime | None = strawberry.field(
        description="Until when the secret before this one signs too; null where it does not."
    )
    deleted_at: datetime | None

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink | None:
        """Whose events it hears of; null: all tenants'."""
        return await info.context.edges.endpoint_tenant(self)

    @strawberry.field
    async def deliveries(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        status: DeliveryStatus | None = None,
    ) -> "Connection[WebhookDelivery]":
        """Newest first; finished ones for 30 days."""
        return await info.context.edges.endpoint_deliveries(self, Page(first, after), status)


@strawberry.type
class WebhookAttempt:
    """One request to an endpoint, or why there was none."""

    time: datetime
    status_code: int | None
    error: str | None = strawberry.field(description="Why it was not taken, in a sentence or the endpoint's words.")
    duration_milliseconds: int


@strawberry.type
class WebhookDelivery(Node):
    """A message for an endpoint. Its id is the message's webhook-id, the same over all attempts."""

    endpoint_id: strawberry.Private[strawberry.ID]
    event_type: str
    payload: JSON = strawberry.field(description="The body that is sent: type, timestamp, data.")
    status: DeliveryStatus
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None = strawberry.field(description="When it was taken last.")

    @strawberry.field
    async def endpoint(self, info: Info) -> WebhookEndpoint:
        """Where it goes; a deleted one too."""
        return await info.context.edges.delivery_endpoint(self)

    @strawberry.field
    async def attempts(self, info: Info) -> list[WebhookAttempt]:
        """The last 20, oldest first."""
        return await info.context.edges.delivery_attempts(self)


@strawberry.type
class WebhookEndpointPayload:
    """An endpoint as it now is, or in a dry run would be."""

    endpoint: WebhookEndpoint


@strawberry.type
class WebhookSecretPayload:
    """An endpoint and its new secret."""

    endpoint: WebhookEndpoint
    secret: str | None = strawberry.field(description="whsec_…, shown this once; null in a dry run.")


@strawberry.type
class WebhookDeliveryPayload:
    """A delivery that is to be sent at once."""

    delivery: WebhookDelivery


WebhookEndpointResult = Annotated[WebhookEndpointPayload | NotPossible, strawberry.union("WebhookEndpointResult")]
WebhookSecretResult = Annotated[WebhookSecretPayload | NotPossible, strawberry.union("WebhookSecretResult")]
WebhookDeliveryResult = Annotated[WebhookDeliveryPayload | NotPossible, strawberry.union("WebhookDeliveryResult")]
