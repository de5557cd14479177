"""What people and programs sign in with, and how often they tried in vain."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.people import Tenant, User


class Session(Model):
    """A signed-in user. Only a keyed hash of its token is kept."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    token_hash = fields.BinaryField()
    address = fields.TextField()
    user_agent = fields.TextField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "sessions"


class ApiToken(Model):
    """Permissions for a program, within one tenant or within all."""

    id = fields.UUIDField(primary_key=True)
    name = fields.TextField()
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", null=True, on_delete=fields.RESTRICT
    )
    permissions = fields.JSONField[list[str]]()
    prefix = fields.CharField(16)
    token_hash = fields.BinaryField()
    created_by = fields.TextField()
    maker: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="api_tokens", null=True, on_delete=fields.RESTRICT
    )
    maker_id: UUID | None
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:  # noqa: D106
        table = "api_tokens"


class SignInAttempts(Model):
    """What has failed lately from an address, for a phone, or both. The key is a keyed hash of which."""

    key = fields.BinaryField(primary_key=True)
    failures = fields.IntField()
    next_at = fields.DatetimeField()
    forgotten_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "sign_in_attempts"
