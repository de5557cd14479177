"""Who changed what outside the wallets' logs."""

from tortoise import fields
from tortoise.models import Model


class AuditEntry(Model):
    """A change of state outside the wallets' logs."""

    id = fields.UUIDField(primary_key=True)
    time = fields.DatetimeField()
    actor = fields.TextField()
    action = fields.TextField()
    subject_id = fields.TextField()
    before = fields.JSONField[dict[str, object]](null=True)
    after = fields.JSONField[dict[str, object]](null=True)

    class Meta:  # noqa: D106
        table = "audit_entries"
