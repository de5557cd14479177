"""Rules that watch how tenants stand, what they raised, and how far each person has read."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class AlertRule(Model):
    """What is watched for. Where `judging` is set, what is stored is being held against it, tenant by tenant."""

    id = fields.UUIDField(primary_key=True)
    name = fields.TextField()
    condition = fields.CharField(32)
    threshold_minor = fields.BigIntField(null=True)
    threshold_months = fields.DecimalField(5, 1, null=True)
    threshold_days = fields.IntField(null=True)
    currency = fields.CharField(3, null=True)
    tenant_id: fields.Field[UUID | None] = fields.UUIDField(null=True)
    active = fields.BooleanField()
    judging = fields.BooleanField()
    judged_until: fields.Field[UUID | None] = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "alert_rules"


class Alert(Model):
    """One firing, with the figures that it was raised on. At most one of a rule and a tenant has not recovered."""

    id = fields.UUIDField(primary_key=True)
    rule_id = fields.UUIDField()
    tenant_id = fields.UUIDField()
    condition = fields.CharField(32)
    threshold_minor = fields.BigIntField(null=True)
    threshold_months = fields.DecimalField(5, 1, null=True)
    threshold_days = fields.IntField(null=True)
    available = fields.BigIntField()
    due = fields.BigIntField()
    months_remaining = fields.DecimalField(20, 1, null=True)
    locks_at = fields.DatetimeField(null=True)
    price_changes_at = fields.DatetimeField(null=True)
    about = fields.DatetimeField(null=True)
    fired_at = fields.DatetimeField()
    recovered_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "alerts"


class AlertMark(Model):
    """What has fired until then, a person has read. One row a person, however long the history."""

    user_id = fields.UUIDField(primary_key=True)
    read_until = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "alert_marks"
