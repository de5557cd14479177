"""Figures on the screen are exact, and what is typed is taken exactly or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.format import Currency, Manner, UnreadableError, manner, month_name, parse_amount, runway
from dashboard.session import local_path

INR, JPY, KWD = Currency("INR", 2), Currency("JPY", 0), Currency("KWD", 3)
INDIA, ELSEWHERE = manner("en-IN,en;q=0.9", "Asia/Kolkata"), manner("en-US", "America/New_York")


@pytest.mark.parametrize(
    ("minor", "currency", "viewer", "text"),
    [
        (4_800_000, INR, INDIA, "₹48,000.00"),
        (12_345_600, INR, INDIA, "₹1,23,456.00"),
        (12_345_600, INR, ELSEWHERE, "₹123,456.00"),
        (123_456_789_012, INR, INDIA, "₹1,23,45,67,890.12"),
        (0, INR, INDIA, "₹0.00"),
        (5, INR, INDIA, "₹0.05"),
        (-3_600_000, INR, INDIA, "\u2212₹36,000.00"),
        (1_234_567, JPY, ELSEWHERE, "¥1,234,567"),
        (1_234_567, KWD, ELSEWHERE, "KWD\u00a01,234.567"),
        (2**53 - 1, INR, ELSEWHERE, "₹90,071,992,547,409.91"),
    ],
)
def test_an_amount_is_shown_with_its_currency_and_in_the_viewers_grouping(
    minor: int, currency: Currency, viewer: Manner, text: str
) -> None:
    assert viewer.money(minor, currency) == text


@pytest.mark.parametrize(
    ("minor", "text"),
    [("200000", "₹2,000.00"), ("0.25", "₹0.0025"), ("180000.500000000000", "₹1,800.005"), ("25", "₹0.25")],
)
def test_a_price_finer_than_a_minor_unit_loses_nothing(minor: str, text: str) -> None:
    assert INDIA.price(minor, INR) == text


@pytest.mark.parametrize(
    ("number", "text"), [("18.000000", "18"), ("1200000", "12,00,000"), ("-0.250000", "\u22120.25")]
)
def test_a_quantity_is_shown_without_idle_zeros(number: str, text: str) -> None:
    assert INDIA.quantity(number) == text


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,234.50", INR, 123_450),
        ("1,23,456", INR, 12_345_600),
        ("₹ 500", INR, 50_000),
        ("INR 5", INR, 500),
        ("5.", INR, 500),
        (".5", INR, 50),
        ("1.2300", INR, 123),
        ("0", INR, 0),
        ("1234", JPY, 1234),
        ("1.234", KWD, 1234),
        ("90071992547409.91", INR, 2**53 - 1),
    ],
)
def test_an_amount_typed_in_major_units_is_taken_exactly(typed: str, currency: Currency, minor: int) -> None:
    assert parse_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", INR),
        (".", INR),
        ("1,5", INR),
        ("1,,000", INR),
        ("1e3", INR),
        ("-5", INR),
        ("+5", INR),
        ("1.234", INR),
        ("1.5", JPY),
        ("five", INR),
        ("\u0661\u0662", INR),
        ("90071992547409.92", INR),
    ],
)
def test_what_is_not_an_amount_is_refused_rather_than_guessed(typed: str, currency: Currency) -> None:
    with pytest.raises(UnreadableError):
        parse_amount(typed, currency)


@given(st.integers(0, 2**53 - 1), st.sampled_from([INR, JPY, KWD]), st.booleans())
def test_what_is_shown_can_be_typed_back(minor: int, currency: Currency, lakh: bool) -> None:
    assert parse_amount(Manner(lakh=lakh).money(minor, currency), currency) == minor


def test_times_are_told_in_the_viewers_zone() -> None:
    assert INDIA.moment("2025-03-31T18:30:00Z") == "1 Apr 2025, 12:00\u00a0am"
    assert ELSEWHERE.moment("2025-03-31T18:30:00.123456Z") == "Mar 31, 2025, 2:30\u00a0PM"
    assert manner("en-GB", "Europe/London").moment("2025-03-31T18:30:00Z") == "31 Mar 2025, 19:30"
    assert [INDIA.minute(f"2025-03-31T{hour}:30:00Z") for hour in ("06", "07")] == ["12:00\u00a0pm", "1:00\u00a0pm"]


def test_a_zone_that_is_none_becomes_utc() -> None:
    for name in ("", "Mars/Olympus", "../etc/passwd", "Asia", "\x00"):
        assert manner("en", name).moment("2025-01-01T00:00:00Z") == "1 Jan 2025, 00:00"


def test_months_and_runway_read_like_words() -> None:
    assert month_name("2025-03") == "Mar 2025"
    assert [runway(Decimal(text)) for text in ("3.0", "0.1", "1.0")] == ["3.0 months", "0.1 months", "1 month"]
    assert runway(None) == "\u2014"


@pytest.mark.parametrize("path", ["/wallet", "/wallet/wal_01", "/", "/wallet?search=a%20b&chip=All"])
def test_signing_in_leads_back_to_a_path_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        None,
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/login",
        "/\t/x",
    ],
)
def test_signing_in_never_leads_elsewhere(path: str | None) -> None:
    assert local_path(path) == "/"
