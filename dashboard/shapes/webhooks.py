"""Webhook endpoints and what is delivered to them, as the documents answer them. Field names are the API's."""

from typing import Literal, TypedDict

from dashboard.shapes.alerts import Named

Status = Literal["PENDING", "DELIVERED", "FAILED"]


class WebhookEndpoint(TypedDict):
    """A URL that hears of events."""

    id: str
    url: str
    description: str
    tenant: Named | None
    eventTypes: list[str]
    active: bool
    failingSince: str | None
    goneAt: str | None
    oldSecretUntil: str | None
    deletedAt: str | None


class WebhookAttempt(TypedDict):
    """One request."""

    time: str
    statusCode: int | None
    error: str | None
    durationMilliseconds: int


class DeliveredTo(TypedDict):
    """The endpoint of a delivery."""

    id: str
    url: str
    description: str
    active: bool


class WebhookDelivery(TypedDict):
    """A message for an endpoint."""

    id: str
    eventType: str
    payload: object
    status: Status
    nextAttemptAt: str | None
    createdAt: str
    deliveredAt: str | None
    endpoint: DeliveredTo
    attempts: list[WebhookAttempt]
