"""The log and what hangs on it. Written by services/posting_store.py alone.

The tables' keys are composite and begin with wallet_id; Tortoise knows one-column keys only, so the keys declared here
are nominal: these models name the columns and are never loaded as instances (docs/decisions/0003).
"""

from tortoise import fields
from tortoise.models import Model


class Operation(Model):
    """One request that moved money, once per wallet it touched. Key: (wallet_id, id)."""

    id = fields.UUIDField(primary_key=True)
    wallet_id = fields.UUIDField()
    kind = fields.TextField()
    actor = fields.TextField()
    idempotency_key = fields.CharField(255, null=True)
    input_hash = fields.BinaryField(null=True)
    based_on_version = fields.BigIntField()
    first_version = fields.BigIntField()
    last_version = fields.BigIntField()
    created_at = fields.DatetimeField()
    home = fields.UUIDField(null=True)  # of a transfer's other side: the wallet that the operation was asked of

    class Meta:  # noqa: D106
        table = "operations"


class WalletTransaction(Model):
    """A line of a wallet's log, append-only. Key: (wallet_id, version)."""

    wallet_id = fields.UUIDField(primary_key=True)
    hash = fields.BinaryField()
    version = fields.BigIntField()
    operation_id = fields.UUIDField()
    type = fields.CharField(8)
    reason = fields.CharField(20)
    amount = fields.BigIntField()
    locked_amount = fields.BigIntField()
    due_amount = fields.BigIntField()
    total_after = fields.BigIntField()
    locked_after = fields.BigIntField()
    due_after = fields.BigIntField()
    funds_locked_at = fields.DatetimeField(null=True)
    manual_locked_at = fields.DatetimeField(null=True)
    locks_at = fields.DatetimeField(null=True)
    actor = fields.TextField()
    invoice = fields.BigIntField(null=True)
    hold = fields.BigIntField(null=True)
    reverses = fields.BigIntField(null=True)
    counterparty = fields.UUIDField(null=True)
    description_hash = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()
    operation_home = fields.UUIDField(null=True)  # its operation's home

    class Meta:  # noqa: D106
        table = "wallet_transactions"


class TransactionText(Model):
    """A description and its salt, beside the log so that it can be erased. Key: (wallet_id, version)."""

    wallet_id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField()
    text = fields.TextField()
    salt = fields.BinaryField()

    class Meta:  # noqa: D106
        table = "transaction_texts"


class Hold(Model):
    """Locked money. Its number is the version of its HOLD. Key: (wallet_id, number)."""

    wallet_id = fields.UUIDField(primary_key=True)
    number = fields.BigIntField()
    amount = fields.BigIntField()
    captured = fields.BigIntField(default=0)
    status = fields.CharField(8)
    expires_at = fields.DatetimeField(null=True)
    invoice = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "holds"
