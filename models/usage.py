"""Usage events and their monthly totals. Nominal keys, as in models/ledger.py."""

from tortoise import fields
from tortoise.models import Model


class UsageEvent(Model):
    """Key: (wallet_id, key). `dated`: the client said when it occurred."""

    wallet_id = fields.UUIDField(primary_key=True)
    key = fields.CharField(255)
    service = fields.CharField(64)
    quantity = fields.DecimalField(21, 6)
    occurred_at = fields.DatetimeField()
    dated = fields.BooleanField()
    month = fields.DateField()
    corrects = fields.CharField(255, null=True)
    recorded_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "usage_events"


class UsageTotal(Model):
    """What was used of a service in a month under one price. Key: (wallet_id, month, service, price_id)."""

    wallet_id = fields.UUIDField(primary_key=True)
    month = fields.DateField()
    service = fields.CharField(64)
    price_id = fields.UUIDField()
    quantity = fields.DecimalField(21, 6)
    billed_quantity = fields.DecimalField(21, 6, default=0)
    late_quantity = fields.DecimalField(21, 6, default=0)
    events = fields.BigIntField()

    class Meta:  # noqa: D106
        table = "usage_totals"
