"""Stretches of the pricing timelines. The end of a stretch is the beginning of the next: it is not stored."""

from tortoise import fields
from tortoise.models import Model


class Price(Model):
    """Key: (wallet_id, id), wallet_id being the tenant's; unique (wallet_id, service, effective_from)."""

    id = fields.UUIDField(primary_key=True)
    wallet_id = fields.UUIDField()
    service = fields.CharField(64)
    unit = fields.CharField(32)
    model = fields.CharField(16)
    unit_price = fields.DecimalField(27, 12, null=True)
    effective_from = fields.DatetimeField()
    created_at = fields.DatetimeField()
    flat = fields.BigIntField(null=True)
    package_size = fields.DecimalField(22, 6, null=True)
    tiers = fields.JSONField[list[dict[str, object]]](null=True)  # [{"upTo", "unitPrice", "flat"}], decimals as text
    minimum = fields.BigIntField(default=0)

    class Meta:  # noqa: D106
        table = "prices"
