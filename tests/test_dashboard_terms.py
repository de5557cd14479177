"""Terms of prices are read exactly as they are typed, and rehearsals are told in words and figures."""

from typing import Any

import pytest

from dashboard.format import Currency, Manner, UnreadableError
from dashboard.price_terms import parse_price, parse_quantity, told, typed_price, typed_quantity
from dashboard.rehearsals import figures, in_one_sentence, row_of
from dashboard.shapes.rehearsal import Rehearsal, RehearsedMonth, RehearsedTenant

INR, JPY, KWD = Currency("INR", 2), Currency("JPY", 0), Currency("KWD", 3)
HERE = Manner(lakh=True)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("2000", INR, "200000"),
        (" ₹2,000.00 ", INR, "200000"),
        ("1,23,456.7", INR, "12345670"),
        ("0.0025", INR, "0.25"),
        (".00000000000001", INR, "0.000000000001"),
        ("0", INR, "0"),
        ("12.5", JPY, "12.5"),
        ("KWD 1.25", KWD, "1250"),
        ("90071992547409.91", INR, "9007199254740991"),
    ],
)
def test_a_price_is_read_as_minor_units_and_may_be_finer_than_one(text: str, currency: Currency, minor: str) -> None:
    assert parse_price(text, currency) == minor


@pytest.mark.parametrize("minor", ["200000", "0.25", "0", "12345670", "0.000000000001"])
@pytest.mark.parametrize("currency", [INR, JPY, KWD])
def test_a_price_that_is_typed_out_is_read_as_itself(minor: str, currency: Currency) -> None:
    assert parse_price(typed_price(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Type a price in digits"),
        ("-1", "Type a price in digits"),
        ("1e3", "Type a price in digits"),
        ("1,2,3", "Type a price in digits"),
        ("0.000000000000001", "finer than a price can be"),
        ("90071992547409.92", "more than an invoice can say"),
        ("9" * 41, "Type a price in digits"),
    ],
)
def test_what_is_no_price_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        parse_price(text, INR)


def test_a_quantity_is_above_zero_with_six_decimals() -> None:
    assert [parse_quantity(text) for text in ("1,000", "12.5", "0.000001", "10" + "0" * 14)] == [
        "1000", "12.5", "0.000001", "1000000000000000"
    ]  # fmt: skip
    assert [typed_quantity(number) for number in (None, "100.000000", "1000")] == ["", "100", "1000"]
    for text, why in (("0", "more than nothing"), ("0.0000001", "6 decimals"), ("x", "in digits")):
        with pytest.raises(UnreadableError, match=why):
            parse_quantity(text)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"model": "PER_UNIT", "unitPriceMinor": "180000", "minimumMinor": 0}, "₹1,800.00 a page"),
        ({"model": "FLAT", "flatMinor": 70_000, "minimumMinor": 0}, "₹700.00 a month"),
        (
            {"model": "VOLUME", "minimumMinor": 5_000, "tiers": [{"unitPriceMinor": "200", "flatMinor": 0}]},
            "₹2.00 a page, at least ₹50.00 a month",
        ),
    ],
)
def test_terms_are_told_as_the_price_will_be(terms: dict[str, Any], words: str) -> None:
    assert told(terms, "page", INR, HERE) == words


def rehearsal(billed: int, would: int, **more: Any) -> Rehearsal:
    sums = {"billedMinor": str(billed), "wouldBeMinor": str(would), "differenceMinor": str(would - billed)}
    whole = {"currency": "INR", "currencyExponent": 2, "tenantCount": 1, "locked": 2, "wouldHaveLocked": 5, **sums}
    months = [{"month": "2025-02"}, {"month": "2025-04"}]
    return {**whole, "months": months, "tenants": {"edges": [], "pageInfo": {}}, **more}  # type: ignore[typeddict-item]


def test_a_rehearsal_is_told_in_a_sentence_and_in_four_figures() -> None:
    span = "Feb 2025 to Apr 2025"
    assert in_one_sentence(rehearsal(8_700_000, 8_100_000), HERE) == (
        f"{span} at it: ₹81,000.00 instead of ₹87,000.00, ₹6,000.00 less."
    )
    assert (
        in_one_sentence(rehearsal(0, 0, months=[{"month": "2025-02"}]), HERE) == "Feb 2025 at it: nothing, as it was."
    )
    assert in_one_sentence(rehearsal(5, 5), HERE).endswith("₹0.05 instead of ₹0.05, no difference.")
    assert figures(rehearsal(8_700_000, 18_100_000, tenantCount=1_200), HERE) == [
        ("Difference", "+₹94,000.00", span),
        ("Charged", "₹87,000.00", "At the prices that were in force"),
        ("At the draft", "₹1,81,000.00", "1,200 tenants"),
        ("Would have locked", "5", "Really 2: 3 more"),
    ]


@pytest.mark.parametrize(
    ("really", "would", "cell"),
    [
        (None, None, {"text": "No", "tone": "muted"}),
        ("2025-04-01T00:00:00Z", None, {"text": "No", "sub": "Really 1 Apr 2025"}),
        (None, "2025-03-01T00:00:00Z", {"text": "1 Mar 2025", "tone": "danger", "sub": "Really not"}),
        ("2025-04-01T00:00:00Z", "2025-04-01T00:00:00Z", {"text": "1 Apr 2025", "tone": "", "sub": "As it really was"}),
    ],
)
def test_who_would_have_been_locked_is_told_beside_what_really_was(
    really: str | None, would: str | None, cell: dict[str, str]
) -> None:
    month: RehearsedMonth = {
        "month": "2025-03",
        "quantity": "12.000000",
        "billedMinor": 2_400_000,
        "wouldBeMinor": 2_160_000,
    }
    one: RehearsedTenant = {
        "tenant": {"id": "ten_1", "name": "Mohan Sai Publications"},
        "months": [month],
        "billedMinor": "2400000",
        "wouldBeMinor": "2160000",
        "differenceMinor": "-240000",
        "lockedAt": really,
        "wouldHaveLockedAt": would,
        "monthsRemaining": 1.0,
        "newMonthsRemaining": None,
    }
    row = row_of(one, INR, HERE)
    assert row["cells"]["locked"] == cell
    assert row["cells"]["difference"] == {"text": "−₹2,400.00", "tone": "positive"}
    assert row["cells"]["lasts"] == {"text": "—", "sub": "Now 1 month"}
    assert row["details"] == [
        {"text": "Mar 2025", "sub": "12 used", "figure": "₹21,600.00 instead of ₹24,000.00"}
    ]  # fmt: skip
