"""A tenant's pricing timeline in its card."""

from collections.abc import Awaitable, Callable, Sequence

from dashboard.components.buttons import action
from dashboard.components.price_timeline import Act, PriceTimeline
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner
from dashboard.shapes.pricing import Price


class PricesCard:
    """`add` and `act` for those who may change them: a price more, and what is done to one."""

    def __init__(self, add: Callable[[], Awaitable[None]] | None = None, act: Act | None = None) -> None:
        with box("t-card t-card--open", "section").props('aria-label="Prices"'):
            with box("t-card__head"):
                Text("Prices", "t-h2", tag="h2")
                if add is not None:
                    action("Add a price", "plus", add).classes("t-btn--primary t-btn--small")
                else:
                    Text("The price in force when usage happened is the price it is billed at", "t-sub")
            self.nothing = Text("No price has been set: usage would be refused.", "t-card__nothing", tag="p")
            self.timeline = PriceTimeline(act)

    def fill(self, prices: Sequence[Price], currency: Currency, manner: Manner) -> None:
        """Draws these stretches."""
        self.nothing.set_visibility(not prices)
        self.timeline.set_visibility(bool(prices))
        self.timeline.show(prices, currency, manner)
