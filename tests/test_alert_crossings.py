"""What fires and what recovers, as values: once per crossing, and never again while a figure wavers."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert_rules import RuleChanges, changed, checked_threshold
from domain.alerts import (
    AlertCondition,
    AlertRule,
    Firing,
    Threshold,
    about,
    crossings,
    figures,
    holds,
    message,
    recovers_at,
)
from domain.money import Currency
from domain.refusals import BadInput
from domain.standing import Standing
from tests.world import at

NOW = at("2025-04-10")
TENANT, OTHER = uuid4(), uuid4()
RUPEES = Currency("INR", 2)
LOW, MONTHS, LOCKS, LOCKED, PRICE = AlertCondition
THRESHOLDS = {
    LOW: Threshold(minor=5_000),
    MONTHS: Threshold(months=Decimal(2)),
    LOCKS: Threshold(days=7),
    LOCKED: Threshold(),
    PRICE: Threshold(days=7),
}


def rule(condition: AlertCondition, currency: str | None = "INR", tenant: UUID | None = None) -> AlertRule:
    return AlertRule(
        uuid4(), "watched", condition, THRESHOLDS[condition], currency, tenant, active=True, created_at=NOW
    )


def standing(**more: object) -> Standing:
    healthy = Standing(TENANT, TENANT, "INR", 100_000, 0, False, Decimal("9.9"), None, None)
    return replace(healthy, **more)  # type: ignore[arg-type]


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


class Inbox:
    """Of one rule, judged at one state of things after the other."""

    def __init__(self, watching: AlertRule) -> None:
        self.rule, self.open = watching, dict[UUID, Firing]()

    def judge(self, now: datetime = NOW, **more: object) -> str:
        found = crossings([self.rule], [standing(**more)], self.open.values(), now)
        for firing, of in found.recovered:
            assert self.open.pop(of.tenant_id) == firing
        for fired, of in found.fired:
            assert of.tenant_id not in self.open
            self.open[of.tenant_id] = Firing(uuid4(), fired.id, of.tenant_id, about(fired, of))
        return " ".join(["recovered"] * len(found.recovered) + ["fired"] * len(found.fired))


@pytest.mark.parametrize(
    ("condition", "field", "states"),
    [
        (LOW, "available", [(5_000, ""), (4_999, "fired"), (4_000, ""), (5_000, ""), (5_249, ""), (5_250, "recovered"),
                            (5_000, ""), (4_999, "fired")]),
        (MONTHS, "months_remaining", [(Decimal(2), ""), (Decimal("1.9"), "fired"), (Decimal("2.1"), ""),
                                      (Decimal("2.2"), "recovered"), (Decimal("0"), "fired"), (None, "recovered")]),
        (LOCKS, "locks_at", [(days(7.1), ""), (days(7), "fired"), (days(8), ""), (days(8.1), "recovered"),
                             (days(-1), "fired"), (None, "recovered")]),
        (LOCKED, "locked", [(False, ""), (True, "fired"), (True, ""), (False, "recovered"), (True, "fired")]),
        (PRICE, "price_changes_at", [(None, ""), (days(7.1), ""), (days(7), "fired"), (days(7), ""),
                                     (None, "recovered"), (days(3), "fired"), (days(7.5), "recovered")]),
    ],
)  # fmt: skip
def test_a_condition_fires_once_per_crossing_and_recovers_beyond_its_margin(
    condition: AlertCondition, field: str, states: list[tuple[object, str]]
) -> None:
    inbox = Inbox(rule(condition))
    assert [inbox.judge(NOW, **{field: state}) for state, _ in states] == [expected for _, expected in states]


def test_what_was_foreseen_and_has_come_is_no_recovery_and_what_is_locked_is_not_foreseen() -> None:
    inbox = Inbox(rule(LOCKS))
    assert inbox.judge(locks_at=days(3)) == "fired"
    assert inbox.judge(locked=True, due=1) == ""
    assert inbox.judge() == "recovered"
    assert inbox.judge(locked=True, due=1) == ""


def test_what_was_foreseen_and_was_averted_recovers_also_while_the_account_is_locked_by_hand() -> None:
    inbox = Inbox(rule(LOCKS))
    assert inbox.judge(locks_at=days(3)) == "fired"
    assert inbox.judge(locked=True, locks_at=days(3)) == ""
    assert inbox.judge(locked=True) == "recovered"


def test_time_alone_brings_a_threshold_near() -> None:
    inbox = Inbox(rule(PRICE))
    states = [(0, ""), (2, ""), (3, "fired"), (9, ""), (10, "recovered"), (11, "")]
    assert [inbox.judge(days(passed), price_changes_at=days(10)) for passed, _ in states] == [
        told for _, told in states
    ]


def test_two_prices_that_begin_one_soon_after_the_other_are_two_alerts() -> None:
    inbox = Inbox(rule(PRICE))
    assert inbox.judge(price_changes_at=days(2)) == "fired"
    assert inbox.judge(days(2), price_changes_at=days(5)) == "recovered fired"
    assert inbox.judge(days(2), price_changes_at=days(5)) == ""


def test_a_rule_is_about_one_tenant_or_all_of_a_currency_or_all() -> None:
    locked = standing(locked=True)
    dollars = replace(locked, tenant_id=OTHER, currency="USD")
    for watching, whom in [
        (rule(LOCKED, None), [TENANT, OTHER]),
        (rule(LOCKED), [TENANT]),
        (rule(LOCKED, "USD"), [OTHER]),
        (rule(LOCKED, "USD", OTHER), [OTHER]),
        (rule(LOCKED, "INR", OTHER), []),
    ]:
        found = crossings([watching], [locked, dollars], [], NOW)
        assert [of.tenant_id for _, of in found.fired] == whom


@given(st.lists(st.integers(4_700, 5_300), max_size=40))
def test_an_amount_that_wavers_within_the_margin_is_one_alert(amounts: list[int]) -> None:
    inbox = Inbox(rule(LOW))
    told = [inbox.judge(available=amount) for amount in amounts]
    expected, firing = [], False
    for amount in amounts:
        was, firing = firing, amount < (5_250 if firing else 5_000)
        expected.append("" if was == firing else "fired" if firing else "recovered")
    assert told == expected


@given(st.integers(1, 2**53 - 1))
def test_an_amount_recovers_a_twentieth_above_its_threshold_and_never_at_it(threshold: int) -> None:
    assert 0 < (recovers_at(threshold) - threshold) * 20 - threshold + 20 <= 40
    assert recovers_at(threshold) > threshold


@pytest.mark.parametrize(
    ("condition", "more", "said"),
    [
        (LOW, {"available": 4_999}, "INR 49.99 is available, less than INR 50.00."),
        (MONTHS, {"months_remaining": Decimal("1.8")}, "The balance lasts 1.8 months, less than 2."),
        (LOCKS, {"locks_at": days(2)}, "Projected to lock on 2025-04-12, which is within 7 days. Top up before."),
        (LOCKED, {"locked": True, "due": 150_000}, "Locked: INR 1,500.00 is due."),
        (LOCKED, {"locked": True}, "Locked by hand."),
        (PRICE, {"price_changes_at": days(2)}, "A new price begins on 2025-04-12, which is within 7 days."),
    ],
)
def test_an_alert_says_its_figures(condition: AlertCondition, more: dict[str, object], said: str) -> None:
    watching, state = rule(condition), standing(**more)
    assert holds(watching, state, NOW)
    assert message(figures(watching, state), RUPEES) == said


@pytest.mark.parametrize(
    ("condition", "threshold", "said"),
    [
        (LOW, Threshold(), "takes thresholdMinor."),
        (LOW, Threshold(minor=0), "takes 1 to"),
        (LOW, Threshold(minor=5, days=1), "takes thresholdMinor, not thresholdDays."),
        (MONTHS, Threshold(minor=5), "takes thresholdMonths, not thresholdMinor."),
        (MONTHS, Threshold(months=Decimal("0")), "takes 0.1 to 120"),
        (MONTHS, Threshold(months=Decimal("0.25")), "with one decimal"),
        (MONTHS, Threshold(months=Decimal("120.1")), "takes 0.1 to 120"),
        (LOCKS, Threshold(days=0), "takes 1 to 365"),
        (PRICE, Threshold(days=366), "takes 1 to 365"),
        (LOCKED, Threshold(days=1), "takes no threshold."),
    ],
)
def test_a_condition_takes_its_own_threshold_within_its_range(
    condition: AlertCondition, threshold: Threshold, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        checked_threshold(condition, threshold)


def test_what_a_change_does_not_give_stays_and_a_rule_keeps_what_it_watches_for() -> None:
    watching = rule(LOW)
    assert changed(watching, {}) == watching
    asked: RuleChanges = {"name": " lower ", "threshold_minor": 7}
    assert changed(watching, asked) == replace(watching, name="lower", threshold=Threshold(minor=7))
    with pytest.raises(BadInput, match="not thresholdDays"):
        changed(watching, {"threshold_days": 3})
