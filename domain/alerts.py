"""Alerts: which conditions hold for a tenant as it stands, what begins and ends with that, and the words for it.

What fires goes on until the figure has left the threshold by a margin: a figure that wavers about it is one alert.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.money import Currency, plain
from domain.standing import Standing

MARGIN_PARTS = 20
"""An amount has recovered when it is a twentieth above its threshold."""
MARGIN_MONTHS = Decimal("0.2")
MARGIN_DAYS = 1


class AlertCondition(StrEnum):
    """What a rule watches for."""

    AVAILABLE_BELOW = "AVAILABLE_BELOW"
    MONTHS_REMAINING_BELOW = "MONTHS_REMAINING_BELOW"
    LOCKS_WITHIN_DAYS = "LOCKS_WITHIN_DAYS"
    LOCKED = "LOCKED"
    PRICE_CHANGES_WITHIN_DAYS = "PRICE_CHANGES_WITHIN_DAYS"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The one figure that a condition is measured by; LOCKED has none."""

    minor: int | None = None
    months: Decimal | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class AlertRule:
    """About one tenant, or all of a currency, or all."""

    id: UUID
    name: str
    condition: AlertCondition
    threshold: Threshold
    currency: str | None
    tenant_id: UUID | None
    active: bool
    created_at: datetime
    closed_at: datetime | None = None
    """When it was deleted: its alerts stay."""
    currency_exponent: int | None = None
    """Of its currency."""

    def is_about(self, standing: Standing) -> bool:
        """Whether the tenant is one of those that it watches."""
        return self.tenant_id in (None, standing.tenant_id) and self.currency in (None, standing.currency)


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that has not recovered. `about`: the instant of the price that it told of."""

    id: UUID
    rule_id: UUID
    tenant_id: UUID
    about: datetime | None = None


@dataclass(slots=True)
class Crossings:
    """What judging found."""

    fired: list[tuple[AlertRule, Standing]] = field(default_factory=list)
    recovered: list[tuple[Firing, Standing]] = field(default_factory=list)


def crossings(
    rules: Sequence[AlertRule], standings: Iterable[Standing], firings: Iterable[Firing], now: datetime
) -> Crossings:
    """What begins and what ends with how the tenants stand. Each rule is active; each firing is of one of them."""
    open_ones = {(firing.rule_id, firing.tenant_id): firing for firing in firings}
    found = Crossings()
    for standing in standings:
        for rule in rules:
            if rule.is_about(standing):
                _judge(found, rule, standing, open_ones.get((rule.id, standing.tenant_id)), now)
    return found


def _judge(found: Crossings, rule: AlertRule, standing: Standing, firing: Firing | None, now: datetime) -> None:
    if firing is not None and not (_same_subject(rule, firing, standing) and holds(rule, standing, now, fires=True)):
        found.recovered.append((firing, standing))
        firing = None
    if firing is None and holds(rule, standing, now):
        found.fired.append((rule, standing))


def _same_subject(rule: AlertRule, firing: Firing, standing: Standing) -> bool:
    """Two prices that begin one soon after the other are two alerts."""
    return firing.about == about(rule, standing)


def about(rule: AlertRule, standing: Standing) -> datetime | None:
    """What an alert of the rule would tell of, where that is one thing among several."""
    return standing.price_changes_at if rule.condition is AlertCondition.PRICE_CHANGES_WITHIN_DAYS else None


def holds(rule: AlertRule, standing: Standing, now: datetime, *, fires: bool = False) -> bool:
    """Whether the condition is met. `fires`: it was, and is until the figure has left the threshold by a margin."""
    limit = rule.threshold
    match rule.condition:
        case AlertCondition.AVAILABLE_BELOW:
            assert limit.minor is not None
            return standing.available < (recovers_at(limit.minor) if fires else limit.minor)
        case AlertCondition.MONTHS_REMAINING_BELOW:
            assert limit.months is not None
            months = standing.months_remaining
            return months is not None and months < limit.months + (MARGIN_MONTHS if fires else 0)
        case AlertCondition.LOCKS_WITHIN_DAYS:
            assert limit.days is not None
            # What was foreseen and has come is no recovery; what is locked already is not foreseen any more. It is
            # locked for money exactly until nothing is due: a lock by hand was never foreseen.
            has_come = standing.locked and standing.due > 0
            return (fires and has_come) or _within(standing.locks_at, limit.days, now, fires=fires)
        case AlertCondition.LOCKED:
            return standing.locked
        case AlertCondition.PRICE_CHANGES_WITHIN_DAYS:
            assert limit.days is not None
            coming = standing.price_changes_at
            return coming is not None and coming > now and _within(coming, limit.days, now, fires=fires)
        case _:
            assert_never(rule.condition)


def _within(instant: datetime | None, days: int, now: datetime, *, fires: bool) -> bool:
    return instant is not None and instant <= now + timedelta(days=days + (MARGIN_DAYS if fires else 0))


def recovers_at(threshold: int) -> int:
    """The least amount available at which an alert below this threshold has recovered; both in minor units."""
    return threshold - -threshold // MARGIN_PARTS


@dataclass(frozen=True, slots=True)
class Figures:
    """What an alert tells: how the tenant stood when it fired, and what it was measured by."""

    condition: AlertCondition
    threshold: Threshold
    available: int
    due: int
    months_remaining: Decimal | None
    locks_at: datetime | None
    price_changes_at: datetime | None


def figures(rule: AlertRule, standing: Standing) -> Figures:
    """Of an alert that fires."""
    return Figures(
        rule.condition,
        rule.threshold,
        standing.available,
        standing.due,
        standing.months_remaining,
        standing.locks_at,
        standing.price_changes_at,
    )


def message(told: Figures, currency: Currency) -> str:
    """For a person, with the figures in it; of nobody but the tenant itself."""
    limit = told.threshold
    match told.condition:
        case AlertCondition.AVAILABLE_BELOW:
            assert limit.minor is not None
            return f"{currency.format(told.available)} is available, less than {currency.format(limit.minor)}."
        case AlertCondition.MONTHS_REMAINING_BELOW:
            assert told.months_remaining is not None
            assert limit.months is not None
            return f"The balance lasts {plain(told.months_remaining)} months, less than {plain(limit.months)}."
        case AlertCondition.LOCKS_WITHIN_DAYS:
            assert told.locks_at is not None
            return f"Projected to lock on {told.locks_at:%Y-%m-%d}, which is within {_days(limit)}. Top up before."
        case AlertCondition.LOCKED:
            return f"Locked: {currency.format(told.due)} is due." if told.due else "Locked by hand."
        case AlertCondition.PRICE_CHANGES_WITHIN_DAYS:
            assert told.price_changes_at is not None
            return f"A new price begins on {told.price_changes_at:%Y-%m-%d}, which is within {_days(limit)}."
        case _:
            assert_never(told.condition)


def _days(limit: Threshold) -> str:
    return "1 day" if limit.days == 1 else f"{limit.days} days"
