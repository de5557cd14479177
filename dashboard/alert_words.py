"""Alerts and rules in words, with the viewer's way of writing figures."""

from decimal import Decimal

from dashboard.format import Currency, Manner
from dashboard.shapes.alerts import Alert, AlertRule

MARGIN_MONTHS = Decimal("0.2")

CONDITIONS: dict[str, str] = {
    "AVAILABLE_BELOW": "Available below an amount",
    "MONTHS_REMAINING_BELOW": "Months remaining below a number",
    "LOCKS_WITHIN_DAYS": "Locks within days",
    "LOCKED": "Locked",
    "PRICE_CHANGES_WITHIN_DAYS": "Price about to change",
}


def happened(alert: Alert, manner: Manner) -> str:
    """What an alert told of when it fired."""
    currency = Currency(alert["currency"], alert["currencyExponent"])
    match alert["condition"]:
        case "AVAILABLE_BELOW":
            limit = manner.money(alert["thresholdMinor"] or 0, currency)
            return f"{manner.money(alert['availableMinor'], currency)} available, less than {limit}"
        case "MONTHS_REMAINING_BELOW":
            return f"Money for {months(alert['monthsRemaining'])}, less than {months(alert['thresholdMonths'])}"
        case "LOCKS_WITHIN_DAYS":
            return f"Projected to lock on {manner.day(alert['locksAt'])}" if alert["locksAt"] else "Projected to lock"
        case "LOCKED":
            due = manner.money(alert["dueMinor"], currency)
            return f"Locked, {due} is due" if alert["dueMinor"] else "Locked by hand"
        case "PRICE_CHANGES_WITHIN_DAYS":
            begins = alert["priceChangesAt"]
            return f"A new price begins on {manner.day(begins)}" if begins else "A new price begins"


def watched(rule: AlertRule, manner: Manner) -> str:
    """What a rule waits for."""
    match rule["condition"]:
        case "AVAILABLE_BELOW":
            return f"Available below {manner.money(rule['thresholdMinor'] or 0, currency_of(rule))}"
        case "MONTHS_REMAINING_BELOW":
            return f"Money for less than {months(rule['thresholdMonths'])}"
        case "LOCKS_WITHIN_DAYS":
            return f"Projected to lock within {days(rule['thresholdDays'])}"
        case "LOCKED":
            return "Locked, for money or by hand"
        case "PRICE_CHANGES_WITHIN_DAYS":
            return f"A new price within {days(rule['thresholdDays'])}"


def recovers(rule: AlertRule, manner: Manner) -> str:
    """When what it raised has recovered."""
    match rule["condition"]:
        case "AVAILABLE_BELOW":
            return f"Recovers at {manner.money(rule['recoversFromMinor'] or 0, currency_of(rule))}"
        case "MONTHS_REMAINING_BELOW":
            return f"Recovers at {months(Decimal(rule['thresholdMonths'] or 0) + MARGIN_MONTHS)}"
        case "LOCKS_WITHIN_DAYS":
            return f"Recovers beyond {days((rule['thresholdDays'] or 0) + 1)}"
        case "LOCKED":
            return "Recovers when it is unlocked"
        case "PRICE_CHANGES_WITHIN_DAYS":
            return "Recovers when the price has begun, or is cancelled"


def whom(rule: AlertRule) -> str:
    """Whom it is about."""
    if rule["tenant"] is not None:
        return rule["tenant"]["name"]
    return f"All tenants in {rule['currency']}" if rule["currency"] else "All tenants"


def currency_of(rule: AlertRule) -> Currency:
    """Of the amount it is measured by."""
    return Currency(rule["currency"] or "", rule["currencyExponent"] or 0)


def days(number: int | None) -> str:
    """7 days."""
    return "1 day" if number == 1 else f"{number} days"


def months(number: object) -> str:
    """1.8 months."""
    return "1 month" if Decimal(str(number)) == 1 else f"{number} months"
