"""Prices by when they are in force: what stories of forecasts share."""

from domain.pricing import Price
from tests.priced import Terms
from tests.priced import price as priced
from tests.world import at


def price(terms: Terms | str, since: str = "2025-02-01", service: str = "EPAPER") -> Price:
    return priced(Terms(each=terms) if isinstance(terms, str) else terms, at(since), service)
