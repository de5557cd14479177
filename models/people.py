"""Who is billed, who signs in, and what they drive."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Tenant(Model):
    """An organisation that is billed. Its wallet has its id."""

    id = fields.UUIDField(primary_key=True)
    name = fields.TextField()
    code = fields.CharField(16, unique=True)
    external_id = fields.CharField(255, null=True)  # unique among those that are not closed
    currency = fields.CharField(3)
    billing_zone = fields.CharField(64)
    grace_days = fields.IntField()
    finalization_days = fields.IntField()
    billing_delay_hours = fields.IntField()
    active = fields.BooleanField(default=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    bills_at = fields.DatetimeField()  # when its oldest open month is to be closed by the server itself

    class Meta:  # noqa: D106
        table = "tenants"


class User(Model):
    """A person; belongs to a tenant or to none. Its wallet has its id."""

    id = fields.UUIDField(primary_key=True)
    phone = fields.CharField(16)
    name = fields.TextField()
    email = fields.TextField(null=True)
    role = fields.CharField(16)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="users", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    password_hash = fields.TextField(null=True)
    active = fields.BooleanField(default=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "users"


class OwnerName(Model):
    """What a tenant or user is found by, in small letters with a space before each word. Written by triggers."""

    owner_id = fields.UUIDField(primary_key=True)
    home = fields.UUIDField(null=True)  # a tenant itself, a user's tenant
    of_tenant = fields.BooleanField()
    text = fields.TextField()

    class Meta:  # noqa: D106
        table = "owner_names"


class Vehicle(Model):
    """What a person drives."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="vehicles", on_delete=fields.RESTRICT
    )
    user_id: UUID
    registration = fields.TextField()
    name = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "vehicles"
