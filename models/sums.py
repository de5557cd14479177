"""Sums kept beside what they are of; triggers and rounds write them. Nominal keys, as in models/ledger.py."""

from tortoise import fields
from tortoise.models import Model


class LogSum(Model):
    """What the lines of a log up to a version come to, by type and reason. Key: all four, the wallet first."""

    wallet_id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField()
    type = fields.CharField(8)
    reason = fields.CharField(20)
    transactions = fields.BigIntField()
    amount = fields.DecimalField(38, 0)
    locked_amount = fields.DecimalField(38, 0)
    due_amount = fields.DecimalField(38, 0)

    class Meta:  # noqa: D106
        table = "log_sums"


class MonthChange(Model):
    """A change of how many tenants a month is closed for, or of the number and sum of its invoices. No key."""

    month = fields.DateField(primary_key=True)
    currency = fields.CharField(3)
    what = fields.CharField(8)  # CLOSED, GONE (and deleted since), or a status of invoices
    number = fields.BigIntField()
    total = fields.DecimalField(38, 0)

    class Meta:  # noqa: D106
        table = "month_changes"


class TenantChange(Model):
    """A change of how many tenants begin to be billed in a month, of those that there are. No key."""

    month = fields.DateField(primary_key=True)
    currency = fields.CharField(3)
    zone = fields.TextField()
    number = fields.BigIntField()

    class Meta:  # noqa: D106
        table = "tenant_changes"


class ChargeChange(Model):
    """A change of what a month's usage of a service costs. No key."""

    month = fields.DateField(primary_key=True)
    currency = fields.CharField(3)
    service = fields.CharField(64)
    charge = fields.DecimalField(38, 0)

    class Meta:  # noqa: D106
        table = "charge_changes"


class DayBalance(Model):
    """What all wallets of a currency held as a day ended. Key: (day, currency)."""

    day = fields.DateField(primary_key=True)
    currency = fields.CharField(3)
    total = fields.DecimalField(38, 0)

    class Meta:  # noqa: D106
        table = "day_balances"
