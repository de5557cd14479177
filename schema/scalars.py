"""The contract's scalars. Exact or refused: nothing is rounded, guessed or read leniently."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NewType, TypeAlias

import strawberry
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from domain.billing import month_text
from domain.money import MOST_MINOR, PRICE_DECIMALS

if TYPE_CHECKING:
    Minor: TypeAlias = int
    JSON: TypeAlias = Mapping[str, object]
else:
    JSON = NewType("JSON", object)
    Minor = NewType("Minor", int)  # a name for the schema: amounts are plain ints everywhere

Month: TypeAlias = date
"""The first day stands for its month, as in domain/billing."""

_MOST_INT_DIGITS = 19
_WHOLE_DIGITS = 16  # 10^15 has 16
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_DECIMAL = re.compile(rf"-?\d{{1,{_WHOLE_DIGITS}}}(\.\d{{1,{PRICE_DECIMALS}}})?", re.ASCII)

_SAY_MINOR = (
    "Amounts are whole minor units, given as a JSON integer within ±9,007,199,254,740,991: 123450 for ₹1,234.50."
)
_SAY_INSTANT = (
    "Times are RFC 3339 with an offset and at most 6 decimals of a second, given as a string: "
    '"2025-03-01T00:00:00Z" or "2025-03-01T05:30:00+05:30".'
)
_SAY_MONTH = 'Months are given as a string: "2025-03".'
_SAY_DECIMAL = (
    f"Decimals are given as a string or an integer, with at most {_WHOLE_DIGITS} digits before the point and "
    f'{PRICE_DECIMALS} after it, without an exponent: "0.25".'
)


def parse_minor(value: object) -> int:
    """An integer that every JSON client keeps exact."""
    if type(value) is int and -MOST_MINOR <= value <= MOST_MINOR:
        return value
    raise GraphQLError(_SAY_MINOR)


def show_minor(value: object) -> int:
    """As it is; anything but a whole number within the range is a mistake of ours."""
    if type(value) is int and -MOST_MINOR <= value <= MOST_MINOR:
        return value
    raise ValueError(f"not an amount: {value!r}")


def parse_instant(value: object) -> datetime:
    """An aware datetime in UTC."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise GraphQLError(_SAY_INSTANT)
    day, time, fraction, offset = match.groups()
    try:
        if offset == "Z":
            return datetime.fromisoformat(match[0])  # in UTC, as it stands
        text = f"{day}T{time}{(fraction or '.').ljust(7, '0')}{'+00:00' if offset in 'Zz' else offset}"
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(_SAY_INSTANT) from None


def show_instant(value: datetime) -> str:
    """UTC with a Z; microseconds only where they are not zero."""
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a naive datetime names no instant")
        value = value.astimezone(UTC)
    return value.isoformat()[:-6] + "Z"


def parse_month(value: object) -> date:
    """The first day of the month."""
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] == "0000":
        raise GraphQLError(_SAY_MONTH)
    return date(int(match[1]), int(match[2]), 1)


def parse_decimal(value: object) -> Decimal:
    """Exactly what was written."""
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and _DECIMAL.fullmatch(text):
        return Decimal(text)
    raise GraphQLError(_SAY_DECIMAL)


def show_decimal(value: Decimal | int) -> str:
    """Plain digits: no exponent, no trailing zeros, no negative zero."""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _refuse_json(value: object) -> object:
    raise GraphQLError("JSON is answered and never taken.")


def _literal_parser(parse: Callable[[object], Any], say: str) -> Callable[..., Any]:
    """Literals in a document obey the rules of variables: 1e3 and 5.0 are floats and refused as such."""

    def parse_literal(node: ValueNode, _variables: object = None) -> Any:
        if isinstance(node, StringValueNode):
            return parse(node.value)
        if isinstance(node, IntValueNode) and len(node.value) <= _MOST_INT_DIGITS:
            return parse(int(node.value))
        raise GraphQLError(say, node)

    return parse_literal


def _scalar(
    name: str, parse: Callable[[object], Any], show: Callable[[Any], Any], say: str, description: str
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=description,
        parse_value=parse,
        parse_literal=_literal_parser(parse, say),
        serialize=show,
    )


SCALARS: dict[object, ScalarDefinition] = {
    Minor: _scalar(
        "Minor",
        parse_minor,
        show_minor,
        _SAY_MINOR,
        "A count of whole minor units of a currency (paise for INR, cents for USD, yen for JPY), as a JSON integer\n"
        "within ±9 007 199 254 740 991, the range that every JSON client keeps exact.\n"
        "Floats, exponents, booleans and strings are refused.",
    ),
    datetime: _scalar(
        "DateTime",
        parse_instant,
        show_instant,
        _SAY_INSTANT,
        "An RFC 3339 instant with an offset. Answers are in UTC, with microseconds where they matter.",
    ),
    Month: _scalar(
        "Month",
        parse_month,
        month_text,
        _SAY_MONTH,
        'A calendar month of a tenant\'s billing zone: "2025-03".',
    ),
    Decimal: _scalar(
        "Decimal",
        parse_decimal,
        show_decimal,
        _SAY_DECIMAL,
        'An exact decimal, answered as a string ("0.25"), taken as a string or an integer: quantities (at most 10^15,\n'
        "6 decimals) and prices finer than a minor unit (12 decimals). No exponent, no float.",
    ),
    JSON: strawberry.scalar(
        name="JSON", description="Any JSON value.", serialize=lambda value: value, parse_value=_refuse_json
    ),
}
