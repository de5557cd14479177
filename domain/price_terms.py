"""What the terms of a price must be: which ones its model takes, and how large and how fine each may be."""

from collections.abc import Sequence
from decimal import Decimal

from domain.money import MOST_MINOR, MOST_QUANTITY, PRICE_DECIMALS, QUANTITY_DECIMALS, decimals, plain
from domain.pricing import PriceModel, Tier
from domain.refusals import BadInput

MOST_TIERS = 100

_UNIT_PRICE, _FLAT, _PACKAGE_SIZE, _TIERS = "unitPriceMinor", "flatMinor", "packageSize", "tiers"
_TAKES: dict[PriceModel, frozenset[str]] = {
    PriceModel.PER_UNIT: frozenset({_UNIT_PRICE}),
    PriceModel.FLAT: frozenset({_FLAT}),
    PriceModel.GRADUATED: frozenset({_TIERS}),
    PriceModel.VOLUME: frozenset({_TIERS}),
    PriceModel.PACKAGE: frozenset({_UNIT_PRICE, _PACKAGE_SIZE}),
}
_EXAMPLES = {
    _UNIT_PRICE: '"200000" for ₹2,000.00',
    _FLAT: "50000 for ₹500.00 a month",
    _PACKAGE_SIZE: '"100" for a price per started 100',
    _TIERS: '[{upTo: "1000", unitPriceMinor: "25"}, {unitPriceMinor: "20"}]',
}


def check_terms(
    model: PriceModel,
    unit_price: Decimal | None,
    flat: int | None,
    package_size: Decimal | None,
    tiers: Sequence[Tier] | None,
    minimum: int,
) -> None:
    """Raises BadInput that names the field which is missing, does not belong to the model, or is out of range."""
    given = {_UNIT_PRICE: unit_price, _FLAT: flat, _PACKAGE_SIZE: package_size, _TIERS: tiers}
    if not tiers and _TIERS not in _TAKES[model]:
        del given[_TIERS]  # no tiers, as the price itself answers
    for field, value in given.items():
        if value is None and field in _TAKES[model]:
            raise BadInput(f"A {model} price takes {field}, which is missing: {_EXAMPLES[field]}.")
        if value is not None and field not in _TAKES[model]:
            raise BadInput(f"A {model} price takes no {field}. Leave it out, or choose another model.")
    if unit_price is not None:
        _check_price(_UNIT_PRICE, unit_price)
    if flat is not None:
        _check_amount(_FLAT, flat)
    if package_size is not None:
        _check_quantity(_PACKAGE_SIZE, package_size)
    if tiers:
        _check_tiers(tiers)
    elif tiers is not None and _TIERS in _TAKES[model]:
        raise BadInput(f"tiers takes 1 to {MOST_TIERS} tiers; this has none.")
    _check_amount("minimumMinor", minimum)


def _check_tiers(tiers: Sequence[Tier]) -> None:
    if len(tiers) > MOST_TIERS:
        raise BadInput(f"tiers takes 1 to {MOST_TIERS} tiers; this has {len(tiers)}.")
    below = Decimal(0)
    for index, tier in enumerate(tiers):
        where = f"tiers[{index}]"
        if (tier.up_to is None) != (index == len(tiers) - 1):
            say = "null: the last tier has no end" if tier.up_to is not None else "a quantity: only the last has no end"
            raise BadInput(f"{where}.upTo takes {say}.")
        if tier.up_to is not None:
            _check_quantity(f"{where}.upTo", tier.up_to)
            if tier.up_to <= below:
                raise BadInput(f"{where}.upTo takes more than the tier before, {plain(below)}.")
            below = tier.up_to
        _check_price(f"{where}.unitPriceMinor", tier.unit_price)
        _check_amount(f"{where}.flatMinor", tier.flat)


def _check_price(field: str, price: Decimal) -> None:
    if not 0 <= price <= MOST_MINOR:
        raise BadInput(f"{field} takes 0 to {MOST_MINOR} minor units: {_EXAMPLES[_UNIT_PRICE]}.")
    if decimals(price) > PRICE_DECIMALS:
        raise BadInput(f"{field} takes up to {PRICE_DECIMALS} decimals.")


def _check_quantity(field: str, quantity: Decimal) -> None:
    if not 0 < quantity <= MOST_QUANTITY or decimals(quantity) > QUANTITY_DECIMALS:
        raise BadInput(f"{field} takes more than 0 and up to 10^15, with up to {QUANTITY_DECIMALS} decimals.")


def _check_amount(field: str, amount: int) -> None:
    if not 0 <= amount <= MOST_MINOR:
        raise BadInput(f"{field} takes 0 to {MOST_MINOR} minor units; this is {amount}.")
