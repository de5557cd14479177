"""Rows of rules and alerts, as the domain's values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.alerts import AlertCondition, AlertRule, Figures, Threshold
from domain.money import Currency
from services.database import Row
from services.people_input import iso_currency
from services.rows import read_currency

RULE_COLUMNS = """id, name, condition, threshold_minor, threshold_months, threshold_days, currency, tenant_id, active,
    created_at, closed_at"""
ALERT_COLUMNS = """a.id, a.rule_id, a.tenant_id, a.condition, a.threshold_minor, a.threshold_months, a.threshold_days,
    a.available, a.due, a.months_remaining, a.locks_at, a.price_changes_at, a.fired_at, a.recovered_at,
    w.currency, w.currency_exponent"""
"""Of alerts `a` and the wallets `w` of their tenants."""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """One firing."""

    id: UUID
    rule_id: UUID
    tenant_id: UUID
    figures: Figures
    currency: Currency
    fired_at: datetime
    recovered_at: datetime | None


def read_rule(row: Row) -> AlertRule:
    """Of a row of RULE_COLUMNS."""
    return AlertRule(
        row["id"],
        row["name"],
        AlertCondition(row["condition"]),
        _threshold(row),
        row["currency"],
        row["tenant_id"],
        row["active"],
        row["created_at"],
        row["closed_at"],
        iso_currency(row["currency"]).exponent if row["currency"] else None,
    )


def read_alert(row: Row) -> AlertRecord:
    """Of a row of ALERT_COLUMNS."""
    told = Figures(
        AlertCondition(row["condition"]),
        _threshold(row),
        row["available"],
        row["due"],
        row["months_remaining"],
        row["locks_at"],
        row["price_changes_at"],
    )
    whose = row["id"], row["rule_id"], row["tenant_id"]
    return AlertRecord(*whose, told, read_currency(row), row["fired_at"], row["recovered_at"])


def _threshold(row: Row) -> Threshold:
    return Threshold(row["threshold_minor"], row["threshold_months"], row["threshold_days"])
