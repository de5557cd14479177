"""The API keeps the contract of its first users, and its scalars are exact or refused."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import build_schema
from graphql.utilities import find_breaking_changes

from schema.assemble import assemble
from schema.scalars import Minor, Month, show_decimal, show_instant, show_minor

CORE = Path(__file__).parent / "contract" / "core.graphql"


def test_the_schema_keeps_the_contract() -> None:
    from resolvers.root import schema  # built here, so that the scalars' tests need no resolvers

    core = build_schema(CORE.read_text())
    changes = find_breaking_changes(core, build_schema(schema.as_str()))
    assert [change.description for change in changes] == []


@strawberry.type
class Echo:
    @strawberry.field
    def minor(self, value: Minor) -> Minor:
        return value

    @strawberry.field
    def instant(self, value: datetime) -> datetime:
        return value

    @strawberry.field
    def month(self, value: Month) -> Month:
        return value

    @strawberry.field
    def decimal(self, value: Decimal) -> Decimal:
        return value


ECHO = assemble(Echo)
TYPES = {"minor": "Minor", "instant": "DateTime", "month": "Month", "decimal": "Decimal"}


def by_variable(field: str, value: Any) -> Any:
    """What comes back, or the error's message."""
    document = f"query ($value: {TYPES[field]}!) {{ {field}(value: $value) }}"
    result = ECHO.execute_sync(document, variable_values={"value": value})
    return result.errors[0].message if result.errors else result.data and result.data[field]


def by_literal(field: str, literal: str) -> Any:
    """The same for a value written into the document."""
    result = ECHO.execute_sync(f"{{ {field}(value: {literal}) }}")
    return result.errors[0].message if result.errors else result.data and result.data[field]


@pytest.mark.parametrize("amount", [0, 1, -1, 123450, 2**53 - 1, -(2**53) + 1])
def test_amounts_are_whole_minor_units(amount: int) -> None:
    assert by_variable("minor", amount) == amount
    assert by_literal("minor", str(amount)) == amount


@pytest.mark.parametrize("value", [True, False, 1.0, 1.5, 1e3, "1", "", 2**53, -(2**53), [1], {"a": 1}, 10**18])
def test_other_amounts_are_refused_with_what_to_send_instead(value: Any) -> None:
    assert "whole minor units, given as a JSON integer" in by_variable("minor", value)


@pytest.mark.parametrize(
    "literal", ["true", "1.0", "1e3", '"1"', "ONE", "9007199254740992", "[1]", "{a: 1}", "9" * 5000]
)
def test_literal_amounts_obey_the_same_rules(literal: str) -> None:
    assert "whole minor units, given as a JSON integer" in by_literal("minor", literal)


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z"),
        ("2025-03-01t05:30:00.000+05:30", "2025-03-01T00:00:00Z"),
        ("2025-03-01T00:00:00.5z", "2025-03-01T00:00:00.500000Z"),
        ("2025-03-01T00:00:00.123456-00:00", "2025-03-01T00:00:00.123456Z"),
    ],
)
def test_instants_are_answered_in_utc(given: str, answered: str) -> None:
    assert by_variable("instant", given) == answered
    assert by_literal("instant", f'"{given}"') == answered


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-01T00:00:00",
        "2025-03-01",
        "2025-03-01 00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2025-03-01T24:00:00Z",
        "2025-03-01T00:00:60Z",
        "2025-03-01T00:00:00.1234567Z",
        "2025-03-01T00:00:00+24:00",
        "2025-03-01T00:00:00Z\n",
        "٢٠٢٥-03-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00Z",
        1740787200,
        True,
        "",
    ],
)
def test_what_is_no_instant_is_refused(value: Any) -> None:
    assert "RFC 3339 with an offset" in by_variable("instant", value)


def test_a_naive_datetime_is_never_answered() -> None:
    with pytest.raises(ValueError, match="naive"):
        show_instant(datetime(2025, 3, 1))  # noqa: DTZ001 - what is refused


def test_an_instant_of_another_zone_is_answered_in_utc() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    assert show_instant(datetime(2025, 3, 1, 5, 30, tzinfo=zone)) == "2025-03-01T00:00:00Z"
    assert show_instant(datetime(2025, 3, 1, tzinfo=UTC)) == "2025-03-01T00:00:00Z"


@pytest.mark.parametrize("value", ["2025-03", "0001-01", "9999-12"])
def test_months_come_back_as_they_went_in(value: str) -> None:
    assert by_variable("month", value) == value
    assert by_literal("month", f'"{value}"') == value


@pytest.mark.parametrize("value", ["2025-3", "2025-13", "2025-00", "0000-01", "2025-03-01", "2025-03\n", 202503, None])
def test_what_is_no_month_is_refused(value: Any) -> None:
    assert "Month" in by_variable("month", value)


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("0.25", "0.25"),
        ("-0.250000", "-0.25"),
        ("1000000000000000.000001", "1000000000000000.000001"),
        ("0.000000000001", "0.000000000001"),
        ("100", "100"),
        ("-0", "0"),
        ("007", "7"),
        (200000, "200000"),
        (-3, "-3"),
    ],
)
def test_decimals_are_exact(given: str | int, answered: str) -> None:
    assert by_variable("decimal", given) == answered
    assert by_literal("decimal", f'"{given}"') == answered


@pytest.mark.parametrize(
    "value", [0.25, 1.0, True, "1e3", "1E-2", "NaN", "Infinity", ".5", "5.", "+5", " 5", "1_000", "1,5", "5\n", "٥", ""]
)
def test_what_is_no_exact_decimal_is_refused(value: Any) -> None:
    assert "Decimals are given as a string or an integer" in by_variable("decimal", value)


@pytest.mark.parametrize("value", ["0.0000000000001", "12345678901234567", 10**16])
def test_decimals_with_too_many_digits_are_refused(value: Any) -> None:
    assert "Decimals are given as a string or an integer" in by_variable("decimal", value)


@pytest.mark.parametrize("literal", ["0.25", "1e3", "true", "FREE", "9" * 5000])
def test_literal_decimals_obey_the_same_rules(literal: str) -> None:
    assert "Decimals are given as a string or an integer" in by_literal("decimal", literal)


def test_sums_beyond_any_wallet_are_answered_exactly() -> None:
    assert show_decimal(10**40) == "1" + "0" * 40
    assert show_decimal(Decimal("1E+3")) == "1000"


@pytest.mark.parametrize("value", [1.0, True, 2**53, Decimal(1)])
def test_an_amount_that_is_none_is_never_answered(value: Any) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        show_minor(value)
