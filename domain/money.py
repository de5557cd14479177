"""Money is an integer of minor units and a currency; prices and quantities are exact decimals."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from typing import NamedTuple

MOST_MINOR = 2**53 - 1
"""The largest |amount| and |balance|: every JSON client keeps it exact."""
MOST_QUANTITY = Decimal(10) ** 15
QUANTITY_DECIMALS = 6
PRICE_DECIMALS = 12

# 15 + 6 digits of a quantity times 15 + 12 of a price: nothing is ever rounded on the way.
_EXACT = Context(prec=80, traps=[Inexact])
_ROUND = Context(prec=80, rounding=ROUND_HALF_UP)
_ONE = Decimal(1)


def decimals(number: Decimal) -> int:
    """How many stand behind the point; below zero for 1E+2."""
    return -int(number.normalize().as_tuple().exponent)


def plain(number: Decimal) -> str:
    """`0.25`: without an exponent and without zeros at its end, for messages and records."""
    return f"{number.normalize():f}"


class Currency(NamedTuple):
    """An ISO 4217 code and its exponent, as copied to the wallet when it was made."""

    code: str
    exponent: int

    def format(self, minor: int) -> str:
        """`INR 1,234.50`, for messages; screens format with their own locale."""
        sign = "-" if minor < 0 else ""
        whole, fraction = divmod(abs(minor), 10**self.exponent)
        tail = f".{fraction:0{self.exponent}d}" if self.exponent else ""
        return f"{self.code} {sign}{whole:,}{tail}"


def multiply(quantity: Decimal, price: Decimal) -> Decimal:
    """Exactly."""
    return _EXACT.multiply(quantity, price)


def add(amounts: Iterable[Decimal]) -> Decimal:
    """Exactly."""
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount)
    return total


def subtract(amount: Decimal, less: Decimal) -> Decimal:
    """Exactly."""
    return _EXACT.subtract(amount, less)


def started(quantity: Decimal, size: Decimal) -> int:
    """How many packages of this size are begun: 0 of them for 0, 2 for a little more than one."""
    whole, rest = _EXACT.divmod(quantity, size)
    return int(whole) + (rest > 0)


def round_to_minor(amount: Decimal) -> int:
    """Whole minor units, half away from zero: once per invoice line, nowhere else."""
    return int(amount.quantize(_ONE, context=_ROUND))


def divide_half_up(numerator: int, denominator: int) -> int:
    """Whole minor units of a mean or a projection; both non-negative."""
    assert numerator >= 0
    assert denominator > 0
    return (2 * numerator + denominator) // (2 * denominator)
