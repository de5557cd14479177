"""What a month's quantity costs by each model, exact and rounded once: laws 2 and 13."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MOST_QUANTITY
from domain.pricing import Price, Tier, charge
from tests.priced import Terms, price

TIERS = [("100", "10", 0), ("1000.5", "5", 70), (None, "0.25", 900)]
PER_PAGE, SUB_MINOR = price(Terms(each="200000")), price(Terms(each="0.25"))
GRADUATED, VOLUME = (price(Terms(model, tiers=TIERS)) for model in ("GRADUATED", "VOLUME"))
ONE_GRADUATED, ONE_VOLUME = (price(Terms(model, tiers=[(None, "0.5", 3)])) for model in ("GRADUATED", "VOLUME"))
PACKAGES = price(Terms("PACKAGE", each="99.5", size="100"))
FRACTIONS = price(Terms("PACKAGE", each="1", size="0.000003"))


@pytest.mark.parametrize(
    ("of", "quantity", "charged"),
    [
        (PER_PAGE, "0", 0),
        (PER_PAGE, "18", 3_600_000),
        (PER_PAGE, "0.000001", 0),
        (PER_PAGE, "0.000002", 0),
        (PER_PAGE, "0.000003", 1),
        (PER_PAGE, "1000000000000000", 2 * 10**20),
        (SUB_MINOR, "1", 0),
        (SUB_MINOR, "2", 1),
        (SUB_MINOR, "10000", 2_500),
        (SUB_MINOR, "999999999999999.999999", 250_000_000_000_000),
        (price(Terms(each="0.000000000001")), "1000000000000000", 1_000),
        (price(Terms(each="0.000000000001")), "499999999999.999999", 0),
        (price(Terms(each="0.333333333333")), "3", 1),
        (price(Terms("FLAT", flat=500)), "1000000", 0),
        (GRADUATED, "0", 0),
        (GRADUATED, "0.04", 0),
        (GRADUATED, "0.05", 1),
        (GRADUATED, "100", 1_000),
        (GRADUATED, "100.000001", 1_070),
        (GRADUATED, "101", 1_075),
        (GRADUATED, "1000.5", 1_000 + 4_503 + 70),
        (GRADUATED, "1000.500001", 1_000 + 4_502 + 70 + 901),
        (GRADUATED, "1004.5", 1_000 + 4_503 + 70 + 901),
        (GRADUATED, "1000000000000000", 250_000_000_006_222),
        (VOLUME, "0", 0),
        (VOLUME, "0.05", 1),
        (VOLUME, "100", 1_000),
        (VOLUME, "100.000001", 570),
        (VOLUME, "1000.5", 5_073),
        (VOLUME, "1000.500001", 1_150),
        (VOLUME, "1000000000000000", 250_000_000_000_900),
        (ONE_GRADUATED, "0", 0),
        (ONE_GRADUATED, "0.000001", 3),
        (ONE_GRADUATED, "1", 4),
        (ONE_VOLUME, "0", 0),
        (ONE_VOLUME, "1", 4),
        (PACKAGES, "0", 0),
        (PACKAGES, "0.000001", 100),
        (PACKAGES, "100", 100),
        (PACKAGES, "100.000001", 199),
        (PACKAGES, "200", 199),
        (PACKAGES, "201", 299),
        (PACKAGES, "1000000000000000", 995_000_000_000_000),
        (FRACTIONS, "0.000003", 1),
        (FRACTIONS, "0.000004", 2),
        (FRACTIONS, "1000000000000000", 333_333_333_333_333_333_334),
    ],
)
def test_a_month_and_stretch_costs_what_its_model_says_rounded_once(of: Price, quantity: str, charged: int) -> None:
    assert charge(of, Decimal(quantity)) == charged


QUANTITIES = st.decimals(0, MOST_QUANTITY, places=6)
PRICES = st.decimals(0, 10**9, places=12)
RISING = st.lists(st.decimals(Decimal("0.000001"), 10**6, places=6), max_size=4, unique=True).map(sorted)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    """Some, their bounds rising, the last without one."""
    bounds: list[Decimal | None] = [*draw(RISING), None]
    return tuple(Tier(up_to, draw(PRICES), draw(st.integers(0, 10**6))) for up_to in bounds)


@given(tiers(), st.lists(st.one_of(QUANTITIES, st.decimals(0, 10**6, places=6)), min_size=2, max_size=6))
def test_more_by_graduated_tiers_never_costs_less(some: tuple[Tier, ...], quantities: list[Decimal]) -> None:
    of = replace(GRADUATED, tiers=some)
    charges = [charge(of, quantity) for quantity in sorted([*quantities, *(t.up_to for t in some if t.up_to)])]
    assert charges == sorted(charges)


@given(PRICES, st.decimals(Decimal("0.000001"), 10**6, places=6), st.lists(QUANTITIES, min_size=2, max_size=6))
def test_more_by_packages_never_costs_less(each: Decimal, size: Decimal, quantities: list[Decimal]) -> None:
    of = replace(PACKAGES, unit_price=each, package_size=size)
    charges = [charge(of, quantity) for quantity in sorted(quantities)]
    assert charges == sorted(charges)


@given(tiers(), QUANTITIES)
def test_graduated_tiers_of_one_price_without_flat_amounts_are_a_price_per_unit(
    some: tuple[Tier, ...], quantity: Decimal
) -> None:
    each = some[0].unit_price
    same = tuple(Tier(tier.up_to, each) for tier in some)
    assert charge(replace(GRADUATED, tiers=same), quantity) == charge(replace(PER_PAGE, unit_price=each), quantity)
