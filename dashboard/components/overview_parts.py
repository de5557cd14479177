"""The parts of the first page once there is something to show: figures, who locks next, drawings, what is happening."""

from collections.abc import Callable, Mapping, Sequence

from nicegui import ui

from dashboard import totals
from dashboard.client import ApiError
from dashboard.components.charge_chart import ChargeChart
from dashboard.components.day_chart import DayChart
from dashboard.components.glance import Glance
from dashboard.components.live_feed import LiveFeed
from dashboard.components.risk_board import RiskBoard
from dashboard.components.text import Text, box
from dashboard.format import Currency
from dashboard.overview_words import happening
from dashboard.session import Visit
from dashboard.shapes.overview import Charts, NewOperation, Overview, currency_of


class OverviewParts:
    """Built in the current slot. `currency` gives the one that is shown."""

    def __init__(self, visit: Visit, currency: Callable[[], Currency], tell: Callable[[ApiError], None]) -> None:
        self.manner = visit.manner
        self.shown = ""
        self.glance = Glance()
        self.board = RiskBoard(visit, currency, tell)
        with box("t-overview"):
            with box("t-stack"):
                with card("Charge per service", "Usage and fees, month by month"):
                    self.charges = ChargeChart("Charge per service")
                with card("Prepaid balance", "Held as each day (UTC) ended, 30 days"):
                    self.balance = DayChart("Prepaid balance")
            with card("Happening now", "").classes("t-feed-card"):
                self.feed = LiveFeed("Newest operations", "Nothing has moved yet.")

    def show(self, overview: Overview) -> None:
        """The figures. Those of another currency have not changed: they are others."""
        self.glance.show(overview, self.manner, quietly=self.shown != overview["currency"])
        self.shown = overview["currency"]

    def tell(self, operations: Sequence[NewOperation], names: Mapping[str, str]) -> None:
        """What is happening."""
        self.feed.show([happening(operation, names, self.manner) for operation in operations])

    def draw(self, charts: Charts) -> None:
        """What was held, and what was charged."""
        currency = currency_of(charts)
        self.balance.show(*totals.days(charts["balanceHistory"], currency, self.manner))
        self.charges.show(*totals.bars(charts["chargesByService"], charts["month"], currency, self.manner))


def card(words: str, about: str) -> ui.element:
    """A card with its heading."""
    with box("t-card", "section") as made:
        made.props["aria-label"] = words
        with box("t-card__head"):
            Text(words, "t-h2", tag="h2")
            Text(about, "t-sub")
    return made
