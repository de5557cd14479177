"""The balance over time, drawn in steps: it holds its value until the next transaction."""

from collections.abc import Sequence
from typing import TypedDict

from nicegui.element import Element

from dashboard.format import Currency, Manner, at
from dashboard.lines import line_title
from dashboard.shapes.ledger import LogLine
from dashboard.totals import axis_label, value_ticks


class Point(TypedDict):
    """The balance from an instant on. `value` and `available` place it; the words are what is read."""

    at: int
    value: int
    available: int
    label: str
    free: str
    when: str
    what: str


class BalanceChart(Element, component="balance_chart.js"):
    """An SVG of our own: it follows the theme, weighs little, and gets amounts already put into words."""

    def __init__(self) -> None:
        super().__init__()
        self._props["points"] = []
        self._props["ticks"] = []

    def show(self, lines: Sequence[LogLine], currency: Currency, manner: Manner) -> None:
        """Draws the balance after each of these lines of the log, oldest first."""
        points = [as_point(line, currency, manner) for line in lines]
        if points != self._props["points"]:
            self._props["points"] = points
            highest = max((point["value"] for point in points), default=0)
            self._props["ticks"] = [
                {"value": value, "label": axis_label(value, currency, manner)}
                for value in value_ticks(highest, currency.exponent)
            ]
            self.update()


def as_point(line: LogLine, currency: Currency, manner: Manner) -> Point:
    """A line of the log as a point of the chart."""
    available = line["balanceAfterMinor"] - line["lockedAfterMinor"]
    return {
        "at": int(at(line["createdAt"]).timestamp() * 1000),
        "value": line["balanceAfterMinor"],
        "available": available,
        "label": manner.money(line["balanceAfterMinor"], currency),
        "free": f"{manner.money(available, currency)} available" if line["lockedAfterMinor"] else "",
        "when": manner.moment(line["createdAt"]),
        "what": line_title(line, currency, manner),
    }
