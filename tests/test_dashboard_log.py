"""A log's filter stands in the address and means whole days; its CSV is exact, and no spreadsheet carries it out."""

import csv
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.days import begins, ends, just_before
from dashboard.format import Currency, Manner
from dashboard.log_csv import COLUMNS, csv_row, defused, header, major
from dashboard.log_filter import LogFilter
from dashboard.shapes.ledger import LogLine

KOLKATA = Manner(lakh=True, zone=ZoneInfo("Asia/Kolkata"))
PLAIN: dict[str, Any] = {
    "id": "txn_1_2",
    "version": 2,
    "type": "DEBIT",
    "reason": "TRANSFER",
    "amountMinor": -123_456,
    "lockedAmountMinor": 0,
    "dueAmountMinor": 5,
    "balanceAfterMinor": 2**53 - 1,
    "lockedAfterMinor": 0,
    "dueAfterMinor": 5,
    "description": "Rent",
    "operationId": "opr_1_2",
    "actor": "usr_7",
    "createdAt": "2025-04-01T00:00:00Z",
    "invoice": None,
    "hold": None,
    "reverses": None,
    "counterparty": {"__typename": "User", "id": "usr_1", "name": "Asha Menon"},
}


def read(**given: Any) -> dict[str, str]:
    """A line as whoever opens the file has it."""
    line: LogLine = {**PLAIN, **given}  # type: ignore[typeddict-item]  # a line
    text = header() + csv_row(line, Currency("INR", 2), {"usr_7": "Ravi, of accounts"})
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    return row


def test_a_line_leaves_with_exact_figures_in_minor_and_in_major_units() -> None:
    row = read()
    assert tuple(row) == COLUMNS
    assert (row["amount"], row["amountMinor"]) == ("-1234.56", "-123456")
    assert (row["balanceAfter"], row["balanceAfterMinor"]) == ("90071992547409.91", "9007199254740991")
    assert (row["actorName"], row["counterparty"], row["currency"]) == ("Ravi, of accounts", "Asha Menon", "INR")


@pytest.mark.parametrize("text", ["=1+1", "+91 98", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "＝1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert read(description=text)["description"] == f"'{text}"
    assert read(counterparty={"name": text})["counterparty"] == f"'{text}"


def test_ordinary_words_and_negative_figures_stay_as_they_are() -> None:
    assert read(description='a "b", c')["description"] == 'a "b", c'
    assert (major(-5, Currency("KWD", 3)), major(-5, Currency("JPY", 0)), major(0, Currency("INR", 2))) == (
        "-0.005",
        "-5",
        "0.00",
    )


def test_days_are_whole_days_of_the_viewers_zone() -> None:
    assert begins("2025-04-01", KOLKATA) == "2025-04-01T00:00:00+05:30"
    assert ends("2025-04-01", KOLKATA) == "2025-04-02T00:00:00+05:30"
    assert just_before("2025-04-02T00:00:00+05:30") == "2025-04-01T23:59:59.999999+05:30"
    assert [begins(text, KOLKATA) for text in ("", "soon", "2025-02-30")] == [None] * 3
    assert ends("9999-12-31", KOLKATA) is None


def test_a_filter_is_read_from_the_address_and_written_to_it() -> None:
    query = {"type": "CREDIT", "reason": "TOP_UP", "from": "2025-04-01", "until": "2025-04-30"}
    chosen = LogFilter.read({**query, "tab": "activity"})
    assert chosen.query == query
    assert chosen.variables(KOLKATA) == {
        "types": ["CREDIT"],
        "reasons": ["TOP_UP"],
        "from": "2025-04-01T00:00:00+05:30",
        "until": "2025-05-01T00:00:00+05:30",
    }
    assert LogFilter().variables(KOLKATA) is None


def test_what_an_address_cannot_mean_is_left_out() -> None:
    nonsense = {"type": "GIFT", "reason": "=1", "from": "yesterday", "until": "9999-12-31"}
    assert LogFilter.read(nonsense) == LogFilter()
