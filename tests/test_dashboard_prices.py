"""Each price model is told exactly, in full and in short, tier by tier, in the currency's own decimals."""

from typing import Any

import pytest

from dashboard.format import Currency, Manner
from dashboard.prices import article, labels, plural, steps
from dashboard.shapes.pricing import Price

INR, JPY, KWD = Currency("INR", 2), Currency("JPY", 0), Currency("KWD", 3)
HERE = Manner(lakh=True)


def price(**given: Any) -> Price:
    plain = {"service": "API", "unit": "call", "model": "PER_UNIT", "unitPriceMinor": None, "flatMinor": None}
    rest: dict[str, Any] = {
        "packageSize": None,
        "tiers": [],
        "minimumMinor": 0,
        "status": "ACTIVE",
        "effectiveUntil": None,
    }
    return {**plain, **rest, "id": "prc_1", "effectiveFrom": "2025-02-01T00:00:00Z", **given}  # type: ignore[typeddict-item]  # a price


def tier(up_to: str | None, unit: str, flat: int = 0) -> dict[str, object]:
    return {"upTo": up_to, "unitPriceMinor": unit, "flatMinor": flat}


THREE = [tier("100", "200"), tier("1000", "150", 5000), tier(None, "50.5")]


@pytest.mark.parametrize(
    ("given", "currency", "told"),
    [
        ({"unitPriceMinor": "200000", "unit": "page"}, INR, ["₹2,000.00 a page", "₹2,000.00"]),
        ({"unitPriceMinor": "0.25"}, INR, ["₹0.0025 a call", "₹0.0025"]),
        ({"unitPriceMinor": "12.5", "unit": "copy"}, JPY, ["¥12.5 a copy", "¥12.5"]),
        ({"unitPriceMinor": "1250", "unit": "hour"}, KWD, ["KWD\u00a01.250 an hour", "KWD\u00a01.250"]),
        ({"model": "FLAT", "flatMinor": 500_000}, INR, ["₹5,000.00 a month", "₹5,000.00"]),
        (
            {"model": "PACKAGE", "unitPriceMinor": "10000", "packageSize": "100"},
            INR,
            ["₹100.00 per started 100 calls", "₹100.00"],
        ),
        (
            {"model": "PACKAGE", "unitPriceMinor": "10000", "packageSize": "1.000000"},
            INR,
            ["₹100.00 per started call", "₹100.00"],
        ),
        (
            {"model": "GRADUATED", "tiers": THREE},
            INR,
            ["First 100 calls at ₹2.00, then ₹1.50 + ₹50.00 \u2026", "3 tiers"],
        ),
        (
            {"model": "VOLUME", "tiers": [THREE[0], THREE[2]]},
            INR,
            ["Up to 100 calls all at ₹2.00, then all at ₹0.505", "2 tiers"],
        ),
        ({"model": "GRADUATED", "tiers": [tier(None, "200")]}, INR, ["₹2.00 a call", "₹2.00"]),
        (
            {"model": "VOLUME", "tiers": [tier(None, "200", 500)]},
            INR,
            ["₹2.00 a call and ₹5.00 once", "₹2.00 + ₹5.00"],
        ),
        ({"model": "VOLUME", "tiers": [tier(None, "0")]}, INR, ["free"]),
    ],
)
def test_a_price_is_told_in_full_and_in_short(given: dict[str, Any], currency: Currency, told: list[str]) -> None:
    assert labels(price(**given), currency, HERE) == told


def test_the_least_that_a_month_costs_is_told_with_the_price() -> None:
    assert labels(price(unitPriceMinor="200", minimumMinor=100_000), INR, HERE) == [
        "₹2.00 a call, at least ₹1,000.00 a month",
        "₹2.00, at least ₹1,000.00",
        "₹2.00 a call",
        "₹2.00",
    ]


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (
            "GRADUATED",
            [
                ("First 100 calls", "₹2.00 each"),
                ("Next 900", "₹1.50 each and ₹50.00 once"),
                ("Above 1,000", "₹0.505 each"),
            ],
        ),
        (
            "VOLUME",
            [
                ("Up to 100 calls", "all at ₹2.00"),
                ("Above 100, up to 1,000", "all at ₹1.50 and ₹50.00 once"),
                ("Above 1,000", "all at ₹0.505"),
            ],
        ),
    ],
)
def test_tiers_are_told_one_by_one(model: str, told: list[tuple[str, str]]) -> None:
    assert [(step["reach"], step["costs"]) for step in steps(price(model=model, tiers=THREE), INR, HERE)] == told


def test_fractions_of_a_unit_and_tiers_without_a_price_lose_nothing() -> None:
    tiers = [tier("0.000001", "0"), tier("1000000000000000.000001", "0", 5), tier(None, "0.000000000001")]
    assert [(step["reach"], step["costs"]) for step in steps(price(model="GRADUATED", tiers=tiers), JPY, HERE)] == [
        ("First 0.000001 calls", "free"),
        ("Next 1,00,00,00,00,00,00,000", "¥5 once"),
        ("Above 1,00,00,00,00,00,00,000.000001", "¥0.000000000001 each"),
    ]


@pytest.mark.parametrize("model", ["PER_UNIT", "FLAT", "PACKAGE"])
def test_one_figure_has_no_tiers(model: str) -> None:
    assert steps(price(model=model, unitPriceMinor="1", flatMinor=1), INR, HERE) == []


@pytest.mark.parametrize(
    ("unit", "one", "many"),
    [
        ("page", "a", "pages"),
        ("copy", "a", "copies"),
        ("day", "a", "days"),
        ("box", "a", "boxes"),
        ("hour", "an", "hours"),
        ("unit", "a", "units"),
        ("upload", "an", "uploads"),
        ("API call", "an", "API calls"),
        ("SMS", "an", "SMS"),
        ("GB", "a", "GB"),
    ],
)
def test_units_are_told_one_and_many(unit: str, one: str, many: str) -> None:
    assert (article(unit), plural(unit)) == (one, many)
