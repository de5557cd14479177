"""When a wallet's money runs out, as the document answers it. Amounts are minor units."""

from typing import TypedDict

from dashboard.shapes.billing import InvoiceLine


class ForecastLine(InvoiceLine, TypedDict):
    """A line that a month's bill will have; `usedQuantity` of it is recorded already, the rest is projected."""

    usedQuantity: str | None


class ForecastMonth(TypedDict):
    """What there is when it is billed, what it costs, what is left."""

    month: str
    openingMinor: int
    chargeMinor: int
    closingMinor: int
    billedAt: str
    covered: bool
    locksAt: str | None
    lines: list[ForecastLine]


class Forecast(TypedDict):
    """With all its arithmetic; locks before `horizon` are foreseen."""

    time: str
    availableMinor: int
    dueMinor: int
    locksAt: str | None
    horizon: str
    basis: str
    months: list[ForecastMonth]
