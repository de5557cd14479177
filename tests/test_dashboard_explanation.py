"""An explanation adds up in every figure, is drawn so that each bar begins where the last one ended, and says so."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.explain_panel import stretch
from dashboard.components.moment_panel import stood
from dashboard.explanation import MEASURES, SCALE, STEPS, Measure, adds_up, bars, changes, told
from dashboard.format import Currency, Manner
from dashboard.shapes.explanation import Explanation

INR, HERE = Currency("INR", 2), Manner()
KINDS = sorted(STEPS)


def state(total: int, locked: int = 0, due: int = 0, reasons: tuple[str, ...] = ()) -> Any:
    balance = {"total": total, "locked": locked, "available": total - locked}
    lock = {"locked": bool(reasons), "reasons": [*reasons], "since": None, "amountDue": due, "locksAt": None}
    return {"version": 1, "time": "2025-05-01T00:00:00Z", "balance": balance, "lock": lock}


def step(kind: str, amount: int, locked: int = 0, due: int = 0, count: int = 1) -> Any:
    what, reason = kind.split()
    figures = {"amountMinor": str(amount), "lockedAmountMinor": str(locked), "dueAmountMinor": str(due)}
    return {"type": what, "reason": reason, "transactions": count, **figures}


def explained(before: Any, after: Any, *steps: Any) -> Explanation:
    return {"from": before, "until": after, "steps": list(steps)}


CARD = explained(
    state(0),
    state(550_000),
    step("CREDIT TOP_UP", 6_550_000, count=4),
    step("DEBIT INVOICE", -6_000_000, count=2),
    step("DUE INVOICE", 0, due=2_400_000),
    step("DUE SETTLED", 0, due=-2_400_000),
)


def test_the_sum_is_told_with_its_figures() -> None:
    assert told(CARD, "Total", INR, HERE) == "₹0.00 +₹65,500.00 −₹60,000.00 = ₹5,500.00. It adds up to the paisa."
    assert told(CARD, "Due", INR, HERE) == "₹0.00 +₹24,000.00 −₹24,000.00 = ₹0.00. It adds up to the paisa."
    assert told(CARD, "Locked", INR, HERE) == "Nothing changed it: ₹0.00 all along."
    yen = explained(state(0), state(5), step("CREDIT TOP_UP", 5))
    assert told(yen, "Total", Currency("JPY", 0), HERE) == "¥0 +¥5 = ¥5. It adds up exactly."


@pytest.mark.parametrize("measure", MEASURES)
def test_what_does_not_add_up_is_said_loudly(measure: Measure) -> None:
    wrong = explained(state(0), state(500, 100, 50), step("CREDIT TOP_UP", 499, 98, 49))
    assert not adds_up(wrong, measure)
    assert told(wrong, measure, INR, HERE).startswith("This does not add up: ₹0.00 and these steps do not come to ₹")


def test_the_rows_go_from_one_state_to_the_other_with_what_raises_it_first() -> None:
    rows = bars(CARD, "Total", INR, HERE, names=("At the beginning", "Now"), href="/wallet/wal_1?tab=activity")
    assert [(row["kind"], row["label"], row["figure"]) for row in rows] == [
        ("state", "At the beginning", "₹0.00"),
        ("up", "Top-ups", "+₹65,500.00"),
        ("down", "Invoices collected", "−₹60,000.00"),
        ("state", "Now", "₹5,500.00"),
    ]
    assert rows[1]["sub"] == "4 transactions"
    assert rows[1]["href"] == "/wallet/wal_1?tab=activity&type=CREDIT&reason=TOP_UP"
    assert (rows[1]["start"], rows[1]["end"], rows[2]["end"]) == (0, SCALE, rows[3]["end"])


@given(
    st.integers(0, 2**53),
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-(10**18), 10**18)), max_size=12),
    st.sampled_from(["Total", "Available"]),
)
def test_whatever_happened_each_bar_begins_where_the_one_above_it_ends(
    begin: int, moved: list[tuple[tuple[str, str], int]], measure: Measure
) -> None:
    steps = [step(" ".join(kind), amount) for kind, amount in moved]
    end = begin + sum(amount for _, amount in moved)
    if end < 0:
        steps.append(step("CREDIT TOP_UP", -end))
        end = 0
    story = explained(state(begin), state(end), *steps)
    rows = bars(story, measure, INR, HERE, names=("Before", "After"), href="")
    ends = [rows[0]["end"], *(row["end"] for row in rows[1:])]
    assert all(above["end"] == below["start"] for above, below in pairwise(rows[:-1]))
    assert ends[-1] == ends[-2]
    assert all(0 <= row["start"] <= SCALE and 0 <= row["end"] <= SCALE for row in rows)
    assert adds_up(story, measure)
    assert [change.minor > 0 for change in changes(steps, measure)] == sorted(
        (change.minor > 0 for change in changes(steps, measure)), reverse=True
    )


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("Since the beginning", ("", "")),
        ("This month", ("2025-03-01", "")),
        ("Last month", ("2025-02-01", "2025-02-28")),
        ("Last 30 days", ("2025-02-02", "")),
    ],
)
def test_a_stretch_of_time_is_whole_days(name: str, days: tuple[str, str]) -> None:
    assert stretch(name, date(2025, 3, 3)) == days


def test_how_a_wallet_stood_is_said_in_a_sentence() -> None:
    then = "2025-05-01T00:00:00+00:00"
    assert stood(state(550_000), then, INR, HERE) == (
        "On 1 May 2025, 00:00: ₹5,500.00 in total, ₹5,500.00 available. Nothing was due. It was open."
    )
    locked = state(500, 200, 100, ("MANUAL",))
    assert stood(locked, then, INR, HERE) == (
        "On 1 May 2025, 00:00: ₹5.00 in total, ₹2.00 of it locked, ₹3.00 available. ₹1.00 was due. Locked by hand."
    )
    assert stood(state(0), "2025-05-01T00:01:00+00:00", INR, HERE).startswith("That is yet to come. Now: ₹0.00")
