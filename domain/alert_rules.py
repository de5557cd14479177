"""What is asked of alert rules, checked."""

from dataclasses import replace
from decimal import Decimal
from typing import TypedDict

from domain import inputs
from domain.alerts import AlertCondition, AlertRule, Threshold
from domain.money import MOST_MINOR, decimals, plain
from domain.refusals import BadInput

MOST_RULES = 100
"""Of one tenant, and of all that are about several: each tenant is judged by at most twice as many."""
MOST_MONTHS = Decimal(120)
MOST_DAYS = 365
_MEASURED_BY = {
    AlertCondition.AVAILABLE_BELOW: "thresholdMinor",
    AlertCondition.MONTHS_REMAINING_BELOW: "thresholdMonths",
    AlertCondition.LOCKS_WITHIN_DAYS: "thresholdDays",
    AlertCondition.PRICE_CHANGES_WITHIN_DAYS: "thresholdDays",
}


class RuleChanges(TypedDict, total=False):
    """What is to become of a rule: what is not given stays."""

    name: str
    threshold_minor: int
    threshold_months: Decimal
    threshold_days: int
    active: bool


def checked_threshold(condition: AlertCondition, asked: Threshold) -> Threshold:
    """The one figure that the condition takes. Raises BadInput."""
    given = {"thresholdMinor": asked.minor, "thresholdMonths": asked.months, "thresholdDays": asked.days}
    wanted = _MEASURED_BY.get(condition)
    for field, value in given.items():
        if value is not None and field != wanted:
            raise BadInput(f"{condition} takes {f'{wanted}, not {field}' if wanted else 'no threshold'}.")
    if wanted and given[wanted] is None:
        raise BadInput(f"{condition} takes {wanted}.")
    if asked.minor is not None:
        inputs.within("thresholdMinor", asked.minor, 1, MOST_MINOR)
    if asked.days is not None:
        inputs.within("thresholdDays", asked.days, 1, MOST_DAYS)
    if asked.months is not None and not (0 < asked.months <= MOST_MONTHS and decimals(asked.months) <= 1):
        raise BadInput(f"thresholdMonths takes 0.1 to {MOST_MONTHS}, with one decimal; this is {plain(asked.months)}.")
    return asked


def changed(rule: AlertRule, changes: RuleChanges) -> AlertRule:
    """The rule as it would be. What it watches for, and whom, stays: another rule is another alert. Raises BadInput."""
    old = rule.threshold
    threshold = Threshold(
        changes.get("threshold_minor", old.minor),
        changes.get("threshold_months", old.months),
        changes.get("threshold_days", old.days),
    )
    return replace(
        rule,
        name=inputs.name("name", changes.get("name", rule.name)),
        threshold=checked_threshold(rule.condition, threshold),
        active=changes.get("active", rule.active),
    )
