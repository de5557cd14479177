"""The first page's words and drawings: sums are exact, unlike wallets' lines are plain sentences, bars add up."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from dashboard.format import Currency, Manner, manner
from dashboard.overview_words import charge_note, days_until, happening, in_days, minor_of, month_before, percent
from dashboard.shapes.overview import NewOperation, Overview, ServiceCharge
from dashboard.totals import OTHERS, SCALE, bars, days, value_ticks

INR, HERE = Currency("INR", 2), Manner()
INVOICE = {"id": "inv_1", "number": "MSP-0002", "month": "2025-03"}


def overview(this: str, last: str) -> Overview:
    given = {"currency": "INR", "currencyExponent": 2, "month": "2025-01"}
    return {**given, "chargeThisMonthMinor": this, "chargeLastMonthMinor": last}  # type: ignore[typeddict-item]  # what is read


def line(kind: str, moved: int = 0, *, locked: int = 0, due: int = 0, of: str = "Asha", **more: Any) -> dict[str, Any]:
    owner = {"__typename": "Tenant", "id": f"ten_{of}", "name": of}
    wallet = {"id": f"wal_{of}", "currency": "INR", "currencyExponent": 2, "owner": owner}
    amounts = {"amountMinor": moved, "lockedAmountMinor": locked, "dueAmountMinor": due}
    return {"type": kind, "description": "", "invoice": None, "wallet": wallet, **amounts, **more}


def operation(kind: str, *lines: dict[str, Any]) -> NewOperation:
    about = {"id": "opr_1", "kind": kind, "actor": "usr_7", "createdAt": "2025-02-03T10:00:00Z"}
    return {**about, "transactions": list(lines)}  # type: ignore[typeddict-item]  # what is read of lines


@pytest.mark.parametrize(
    ("given", "minor"),
    [
        ("12", 12),
        ("12.49", 12),
        ("12.5", 13),
        ("-12.5", -13),
        ("-0.4", 0),
        ("9007199254740993000.5", 9007199254740993001),
    ],
)
def test_a_sum_is_shown_in_whole_minor_units_half_away_from_zero(given: str, minor: int) -> None:
    assert minor_of(given) == minor


@pytest.mark.parametrize(
    ("this", "last", "words"),
    [
        ("1240000", "3600000", "so far, 34% of Dec 2024 (₹36,000.00)"),
        ("4000000.5", "2000000", "so far, 200% of Dec 2024 (₹20,000.00)"),
        ("1240000", "0", "so far; nothing in Dec 2024"),
        ("-5", "100", "so far, 0% of Dec 2024 (₹1.00)"),
    ],
)
def test_this_month_is_told_against_all_of_the_last_one(this: str, last: str, words: str) -> None:
    assert charge_note(overview(this, last), HERE) == words
    assert percent(overview("1", "0.4")) == 0
    assert month_before("2025-10") == "2025-09"


TRANSFER = operation("transfer", line("DEBIT", -500, of="Asha"), line("CREDIT", 500, of="Bela"))
SETTLING = operation(
    "topUp",
    line("CREDIT", 2_500_000, description="NEFT 4471"),
    line("DEBIT", -2_400_000, invoice=INVOICE),
    line("DUE", due=-2_400_000, invoice=INVOICE),
    line("UNLOCK"),
)


@pytest.mark.parametrize(
    ("given", "title", "figure", "note", "badges"),
    [
        (SETTLING, "Top-up", "+₹25,000.00", "Invoice MSP-0002 · Latha", ["Unlocked"]),
        (operation("topUp", line("CREDIT", 5, description="Cash")), "Top-up", "+₹0.05", "Cash · Latha", []),
        (TRANSFER, "Transfer", "₹5.00", "Latha", []),
        (operation("placeHold", line("HOLD", locked=700)), "Hold placed", "₹7.00 held", "Latha", []),
        (operation("releaseHold", line("RELEASE", locked=-700)), "Hold released", "₹7.00 released", "Latha", []),
        (
            operation("runBilling", line("DUE", due=900, invoice=INVOICE), line("LOCK")),
            "Month billed", "₹9.00 due", "Invoice MSP-0002 · Latha", ["Locked"],
        ),
        (operation("lockWallet", line("LOCK", description="Asked")), "Locked by hand", "", "Asked · Latha", ["Locked"]),
    ],
)  # fmt: skip
def test_an_operation_tells_who_did_what_to_whose_wallet(
    given: NewOperation, title: str, figure: str, note: str, badges: list[str]
) -> None:
    told = happening(given, {"usr_7": "Latha"}, HERE)
    assert (told["title"], told["figure"], told["note"]) == (title, figure, note)
    assert [badge["text"] for badge in told["badges"]] == badges


def test_a_transfer_names_both_wallets_and_many_invoices_are_counted() -> None:
    told = happening(TRANSFER, {}, HERE)
    assert [(owner["name"], owner["href"]) for owner in told["owners"]] == [
        ("Asha", "/wallet/wal_Asha"), ("Bela", "/wallet/wal_Bela")
    ]  # fmt: skip
    assert told["arrow"]
    numbered = [line("DEBIT", -1, invoice={**INVOICE, "number": f"A-{number}"}) for number in range(4)]
    assert happening(operation("topUp", *numbered), {}, HERE)["note"].startswith("Invoices A-0, A-1 and 2 more")


def test_how_far_away_a_day_is_counts_the_viewers_own_midnights() -> None:
    india = manner("en-IN", "Asia/Kolkata")
    now = datetime(2025, 3, 1, 18, 0, tzinfo=UTC)  # 23:30 in India
    assert days_until("2025-03-01T19:00:00Z", now, india) == 1
    assert days_until("2025-03-01T19:00:00Z", now, HERE) == 0
    assert [in_days(away) for away in (-3, -1, 0, 1, 12)] == [
        "3 days ago",
        "yesterday",
        "today",
        "tomorrow",
        "in 12 days",
    ]


def charges(**of: int) -> list[ServiceCharge]:
    return [{"month": "2025-02", "service": service, "chargeMinor": str(minor)} for service, minor in of.items()]


def test_a_months_services_stand_on_each_other_and_come_to_its_total() -> None:
    old: ServiceCharge = {"month": "2024-10", "service": "SMS", "chargeMinor": "9"}
    given = [old, *charges(A=100, B=2_000, C=300, D=400, E=500, F=600)]
    drawn, series, ticks = bars(given, "2025-02", INR, HERE)
    assert [bar["id"] for bar in drawn] == ["2024-09", "2024-10", "2024-11", "2024-12", "2025-01", "2025-02"]
    assert [one["name"] for one in series] == ["B", "C", "D", "E", "F", OTHERS]
    assert [one["figure"] for one in series][-1] == "₹1.00"
    february = drawn[-1]
    assert february["total"] == "₹39.00"
    assert all(below["end"] == above["start"] for below, above in pairwise(february["parts"]))
    assert february["parts"][-1]["end"] == 3_900 * SCALE // 4_000
    assert [tick["label"] for tick in ticks] == ["₹0", "₹10", "₹20", "₹30", "₹40"]
    assert drawn[1]["parts"] == [{"series": 5, "label": "₹0.09", "start": 0, "end": 9 * SCALE // 4_000}]
    assert drawn[0]["parts"] == []


def test_a_service_that_was_corrected_below_zero_is_told_and_not_drawn() -> None:
    [*_, february], _, _ = bars(charges(A=-50, B=100), "2025-02", INR, HERE)
    assert [(part["label"], part["start"], part["end"]) for part in february["parts"]] == [
        ("−₹0.50", 0, 0), ("₹1.00", 0, SCALE)
    ]  # fmt: skip
    assert february["total"] == "₹0.50"


def test_days_stand_where_they_are_also_where_some_are_missing() -> None:
    history = [{"day": day, "totalMinor": minor} for day, minor in (("2025-02-27", "5000"), ("2025-03-02", "10000"))]
    drawn, ticks = days(history, INR, HERE)  # type: ignore[arg-type]  # days
    assert [(one["at"], one["day"], one["height"]) for one in drawn] == [
        (0, "27 Feb 2025", SCALE // 2), (3, "2 Mar 2025", SCALE)
    ]  # fmt: skip
    assert ticks[-1]["label"] == "₹100"
    assert days([], INR, HERE)[0] == []


@pytest.mark.parametrize("highest", [0, 1, 99, 100, 101, 4_999, 123_456_789, 2**53, 10**20])
def test_an_axis_begins_at_zero_in_round_steps_and_reaches_the_highest(highest: int) -> None:
    ticks = value_ticks(highest, 2)
    steps = {after - before for before, after in pairwise(ticks)}
    assert ticks[0] == 0
    assert len(steps) == 1
    assert ticks[-1] >= highest
    assert len(ticks) <= 5
