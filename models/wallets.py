"""A wallet as it stands now: the sum of its log, kept so that reading it costs nothing."""

from tortoise import fields
from tortoise.models import Model

from models.people import Tenant, User


class Wallet(Model):
    """Its id is its owner's. `total ≥ locked ≥ 0` is a CHECK; amounts are minor units."""

    id = fields.UUIDField(primary_key=True)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", null=True, on_delete=fields.RESTRICT
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", null=True, on_delete=fields.RESTRICT
    )
    currency = fields.CharField(3)
    currency_exponent = fields.SmallIntField()
    total = fields.BigIntField(default=0)
    locked = fields.BigIntField(default=0)
    due = fields.BigIntField(default=0)
    version = fields.BigIntField(default=0)
    hash = fields.BinaryField()
    funds_locked_at = fields.DatetimeField(null=True)
    manual_locked_at = fields.DatetimeField(null=True)
    locks_at = fields.DatetimeField(null=True)
    next_instant = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)  # its owner was deleted: no money moves in it any more

    class Meta:  # noqa: D106
        table = "wallets"
