"""Where events are told to other programs, what is told, and each attempt at it."""

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.people import Tenant


class WebhookEndpoint(Model):
    """A URL that hears of events, of one tenant or of all. Its secrets are encrypted."""

    id = fields.UUIDField(primary_key=True)
    url = fields.TextField()
    description = fields.TextField()
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    event_types: ArrayField = ArrayField("text")
    active = fields.BooleanField()
    secret = fields.BinaryField()
    old_secret = fields.BinaryField(null=True)
    old_secret_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    failing_since = fields.DatetimeField(null=True)
    gone_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "webhook_endpoints"


class WebhookDelivery(Model):
    """A message for an endpoint: its payload as it is sent, and how far it has come."""

    id = fields.UUIDField(primary_key=True)
    endpoint: fields.ForeignKeyRelation[WebhookEndpoint] = fields.ForeignKeyField(
        "models.WebhookEndpoint", on_delete=fields.RESTRICT
    )
    event_type = fields.TextField()
    payload = fields.TextField()
    status = fields.TextField()
    tries = fields.IntField()
    attempts = fields.IntField()
    next_attempt_at = fields.DatetimeField(null=True)
    leased_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    delivered_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "webhook_deliveries"


class WebhookAttempt(Model):
    """One request. Key: (delivery_id, number)."""

    delivery_id = fields.UUIDField(primary_key=True)
    number = fields.IntField()
    time = fields.DatetimeField()
    status_code = fields.IntField(null=True)
    error = fields.TextField(null=True)
    duration_milliseconds = fields.IntField()

    class Meta:  # noqa: D106
        table = "webhook_attempts"
