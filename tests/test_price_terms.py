"""Each model says exactly which of its terms is missing, not its own, or out of range: laws 1, 2 and 13."""

from typing import Any

import pytest

from domain.money import MOST_MINOR, MOST_QUANTITY
from domain.price_terms import MOST_TIERS, check_terms
from domain.refusals import BadInput
from tests.priced import Terms

OPEN: list[tuple[str | None, str, int]] = [(None, "1", 0)]
TAKES: dict[str, dict[str, Any]] = {
    "PER_UNIT": {"each": "1"},
    "FLAT": {"flat": 1},
    "GRADUATED": {"tiers": OPEN},
    "VOLUME": {"tiers": OPEN},
    "PACKAGE": {"each": "1", "size": "100"},
}
FIELDS: dict[str, tuple[str, Any]] = {
    "each": ("unitPriceMinor", "1"),
    "flat": ("flatMinor", 1),
    "size": ("packageSize", "100"),
    "tiers": ("tiers", OPEN),
}


def refused(terms: Terms) -> str:
    with pytest.raises(BadInput) as caught:
        check_terms(**terms.values)
    return str(caught.value)


@pytest.mark.parametrize(("model", "ours"), [(model, ours) for model, takes in TAKES.items() for ours in takes])
def test_a_term_that_its_model_takes_is_named_where_it_is_missing(model: str, ours: str) -> None:
    others = {name: value for name, value in TAKES[model].items() if name != ours}
    assert f"A {model} price takes {FIELDS[ours][0]}, which is missing" in refused(Terms(model, **others))


@pytest.mark.parametrize(
    ("model", "foreign"), [(model, name) for model, takes in TAKES.items() for name in FIELDS if name not in takes]
)
def test_a_term_of_another_model_is_named_and_refused(model: str, foreign: str) -> None:
    field, value = FIELDS[foreign]
    assert f"A {model} price takes no {field}" in refused(Terms(model, **TAKES[model], **{foreign: value}))


@pytest.mark.parametrize("model", TAKES)
def test_what_each_model_takes_is_enough_and_any_may_have_a_minimum(model: str) -> None:
    check_terms(**Terms(model, **TAKES[model]).values)
    check_terms(**Terms(model, **TAKES[model], minimum=MOST_MINOR).values)


@pytest.mark.parametrize("model", ["PER_UNIT", "FLAT", "PACKAGE"])
def test_no_tiers_are_no_tiers_as_a_price_without_any_answers(model: str) -> None:
    check_terms(**Terms(model, **TAKES[model], tiers=[]).values)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(each="-0.1"), "unitPriceMinor takes 0 to"),
        (Terms(each=str(MOST_MINOR + 1)), "unitPriceMinor takes 0 to"),
        (Terms(each="0.0000000000001"), "unitPriceMinor takes up to 12 decimals"),
        (Terms("FLAT", flat=-1), "flatMinor takes 0 to"),
        (Terms("FLAT", flat=MOST_MINOR + 1), "flatMinor takes 0 to"),
        (Terms("PACKAGE", each="1", size="0"), "packageSize takes more than 0"),
        (Terms("PACKAGE", each="1", size="-5"), "packageSize takes more than 0"),
        (Terms("PACKAGE", each="1", size="0.0000001"), "packageSize takes more than 0"),
        (Terms("PACKAGE", each="1", size=str(MOST_QUANTITY + 1)), "packageSize takes more than 0"),
        (Terms(each="1", minimum=-1), "minimumMinor takes 0 to"),
        (Terms(each="1", minimum=MOST_MINOR + 1), "minimumMinor takes 0 to"),
        (Terms("VOLUME", tiers=[]), "tiers takes 1 to 100 tiers"),
        (Terms("VOLUME", tiers=[*((str(n), "1", 0) for n in range(1, 101)), *OPEN]), "this has 101"),
        (Terms("VOLUME", tiers=[("5", "1", 0)]), "tiers[0].upTo takes null"),
        (Terms("VOLUME", tiers=[("5", "1", 0), ("6", "1", 0)]), "tiers[1].upTo takes null"),
        (Terms("VOLUME", tiers=[(None, "1", 0), (None, "1", 0)]), "tiers[0].upTo takes a quantity"),
        (Terms("VOLUME", tiers=[("0", "1", 0), *OPEN]), "tiers[0].upTo takes more than 0"),
        (Terms("VOLUME", tiers=[("5", "1", 0), ("5", "1", 0), *OPEN]), "upTo takes more than the tier before, 5"),
        (Terms("VOLUME", tiers=[("5", "1", 0), ("4", "1", 0), *OPEN]), "upTo takes more than the tier before, 5"),
        (Terms("VOLUME", tiers=[("0.0000001", "1", 0), *OPEN]), "tiers[0].upTo takes more than 0"),
        (Terms("GRADUATED", tiers=[("5", "1", 0), (None, "-1", 0)]), "tiers[1].unitPriceMinor takes 0 to"),
        (Terms("GRADUATED", tiers=[(None, "0.0000000000001", 0)]), "tiers[0].unitPriceMinor takes up to 12"),
        (Terms("GRADUATED", tiers=[(None, "1", -1)]), "tiers[0].flatMinor takes 0 to"),
    ],
)  # fmt: skip
def test_a_term_out_of_its_range_is_named_with_what_it_takes(terms: Terms, said: str) -> None:
    assert said in refused(terms)


def test_a_hundred_tiers_and_the_largest_terms_are_taken() -> None:
    most = str(MOST_MINOR)
    check_terms(**Terms("GRADUATED", tiers=[*((str(n), most, MOST_MINOR) for n in range(1, MOST_TIERS)), *OPEN]).values)
    check_terms(**Terms("PACKAGE", each=most, size=str(MOST_QUANTITY)).values)
    check_terms(**Terms("FLAT", flat=0).values)
