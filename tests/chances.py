"""What the machine of tests/test_machine.py draws from: small data, so that what fails shrinks to a few lines."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.model.answers import MOST
from tests.model.prices import Tier

TENANTS, WALLETS = ("a", "b"), ("a", "b", "u", "j")
MINUTES = (0, 0, 1, 60, 24 * 60, 36 * 60, 3 * 24 * 60, 15 * 24 * 60, 31 * 24 * 60)

wallets, tenants = st.sampled_from(WALLETS), st.sampled_from(TENANTS)
amounts = st.integers(1, 120)
limits = st.sampled_from((-1, 0, MOST - 60, MOST, MOST + 1))
some = st.none() | st.integers(1, 60)
recent = st.integers(0, 9)
picks = st.integers(0, 40)
services = st.sampled_from(("X", "Y"))
times = st.sampled_from(tuple(timedelta(minutes=minutes) for minutes in MINUTES))
quantities = st.sampled_from([Fraction(n, 4) for n in (40, 12, 6, 1)])
zones = st.sampled_from(("UTC", "Asia/Kolkata", "America/New_York"))

each = st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(3), Fraction(10), Fraction(1, 8000)])
tier = st.tuples(each, st.integers(0, 9))


def _tiers(parts: list[tuple[Fraction, int]]) -> tuple[Tier, ...]:
    last = len(parts) - 1
    return tuple((None if n == last else Fraction(2 + 3 * n), *part) for n, part in enumerate(parts))


tiers = st.lists(tier, min_size=1, max_size=3).map(_tiers)
terms: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, unit_price=each),
    st.builds(dict, model=st.just("FLAT"), flat=st.integers(0, 30)),
    st.builds(dict, model=st.just("PACKAGE"), unit_price=each, package=st.just(Fraction(5, 2))),
    st.builds(dict, model=st.sampled_from(("GRADUATED", "VOLUME")), tiers=tiers),
)
