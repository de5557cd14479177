"""Closed months, invoices and the runs that made them. Nominal keys, as in models/ledger.py."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class Invoice(Model):
    """Key: (wallet_id, count): numbered without gaps in its tenant."""

    wallet_id = fields.UUIDField(primary_key=True)
    count = fields.BigIntField()
    month = fields.DateField()
    status = fields.CharField(8)
    total = fields.BigIntField()
    issued_at = fields.DatetimeField()
    locks_at = fields.DatetimeField(null=True)
    finalizes_at = fields.DatetimeField(null=True)
    hold = fields.BigIntField(null=True)
    paid_at = fields.DatetimeField(null=True)
    voided_at = fields.DatetimeField(null=True)
    rebill = fields.BooleanField(default=False)  # void, and not yet billed again by a later one

    class Meta:  # noqa: D106
        table = "invoices"


class InvoiceLine(Model):
    """Key: (wallet_id, count, position)."""

    wallet_id = fields.UUIDField(primary_key=True)
    count = fields.BigIntField()
    position = fields.IntField()
    kind = fields.CharField(8)
    service = fields.CharField(64)
    month = fields.DateField()
    quantity = fields.DecimalField(21, 6)
    unit_price = fields.DecimalField(27, 12, null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    amount = fields.BigIntField()
    price_id = fields.UUIDField()

    class Meta:  # noqa: D106
        table = "invoice_lines"


class BillingMonth(Model):
    """A closed month, with its exact bounds. Key: (wallet_id, month)."""

    wallet_id = fields.UUIDField(primary_key=True)
    month = fields.DateField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    run_id = fields.UUIDField()
    invoice = fields.BigIntField(null=True)
    closed_at = fields.DatetimeField()

    class Meta:  # noqa: D106
        table = "billing_months"


class BillingRun(Model):
    """One request to bill a month."""

    id = fields.UUIDField(primary_key=True)
    month = fields.DateField()
    actor = fields.TextField()
    tenants = fields.IntField()
    done = fields.IntField(default=0)
    locked = fields.IntField(default=0)
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    tenant_ids = ArrayField(element_type="uuid", null=True)  # null: all
    cursor = fields.UUIDField(null=True)  # the last tenant done: they go by id
    worked_at = fields.DatetimeField(null=True)  # when a process last worked on it; long ago: another one goes on
    scheduled = fields.BooleanField(default=False)  # begun by the server itself: only one such at a time

    class Meta:  # noqa: D106
        table = "billing_runs"


class BillingFailure(Model):
    """A tenant that a run could not bill, and why. Key: (run_id, wallet_id)."""

    run_id = fields.UUIDField(primary_key=True)
    wallet_id = fields.UUIDField()
    message = fields.TextField()

    class Meta:  # noqa: D106
        table = "billing_failures"


class BillingRunAmount(Model):
    """What a run has billed so far in a currency. Key: (run_id, currency)."""

    run_id = fields.UUIDField(primary_key=True)
    currency = fields.TextField()
    invoices = fields.BigIntField()
    billed = fields.DecimalField(38, 0)
    collected = fields.DecimalField(38, 0)

    class Meta:  # noqa: D106
        table = "billing_run_amounts"
