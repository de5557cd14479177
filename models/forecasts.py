"""What was last forecast of tenants. Nothing of it is a fact: all of it can be worked out again."""

from tortoise import fields
from tortoise.models import Model


class Forecast(Model):
    """Of a tenant, which is its key: `locked_at` is for money, and where it is set nothing is projected."""

    tenant_id = fields.UUIDField(primary_key=True)
    currency = fields.CharField(3)
    locked_at = fields.DatetimeField(null=True)
    locks_at = fields.DatetimeField(null=True)
    months_remaining = fields.DecimalField(20, 1, null=True)
    price_changes_at = fields.DatetimeField(null=True)
    wallet_version = fields.BigIntField(default=0)
    computed_at = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "forecasts"
