"""The parts of a wallet's page, one of which is shown at a time."""

from collections.abc import Callable, Mapping
from typing import Protocol

from dashboard.book import Book
from dashboard.components.activity_panel import ActivityPanel
from dashboard.components.bill_panels import InvoicesPanel, PricesPanel
from dashboard.components.explain_panel import ExplainPanel
from dashboard.components.forecast_panel import ForecastPanel
from dashboard.components.holds_panel import HoldsPanel, Open
from dashboard.components.moment_panel import MomentPanel
from dashboard.names import Names
from dashboard.session import Visit
from dashboard.shapes.wallets import Wallet

ACTIVITY = "activity"
TABS = {
    ACTIVITY: "Activity",
    "explain": "Explain",
    "forecast": "Forecast",
    "holds": "Holds",
    "prices": "Prices & usage",
    "invoices": "Invoices",
}
OF_TENANTS = ("forecast", "prices", "invoices")


class Panel(Protocol):
    """What is shown under a tab."""

    async def refresh(self) -> None:
        """Something has changed, or it was just opened."""


class Page(Protocol):
    """What the parts need of their page."""

    visit: Visit
    names: Names

    def held(self) -> Book:
        """The wallet and its newest lines."""

    def current(self) -> Wallet:
        """The wallet as it is held now."""

    def address(self, query: Mapping[str, str]) -> None:
        """Has the address bar name what is looked at."""

    async def open_top_up(self, minor: int | None = None) -> None:
        """The dialog, with an amount in it."""

    @property
    def open_action(self) -> Open:
        """Opens a dialog."""


def tabs_of(wallet: Wallet) -> dict[str, str]:
    """A person is charged nothing, so has nothing of these."""
    is_tenant = wallet["owner"]["__typename"] == "Tenant"
    return {name: words for name, words in TABS.items() if is_tenant or name not in OF_TENANTS}


def build(page: Page, tab: str, query: Mapping[str, str]) -> Panel:
    """The panel of a tab, in the slot that is open."""
    visit, wallet = page.visit, page.current
    pay = page.open_top_up if visit.may_move_money else None
    makers: dict[str, Callable[[], Panel]] = {
        "explain": lambda: explain(page, query),
        "forecast": lambda: ForecastPanel(visit, wallet, pay),
        "holds": lambda: HoldsPanel(visit, wallet, page.open_action, query, page.address),
        "prices": lambda: PricesPanel(visit, wallet),
        "invoices": lambda: InvoicesPanel(visit, wallet),
    }
    activity = lambda: ActivityPanel(visit, page.held, page.names, query, page.address)  # noqa: E731 - one of the above
    return makers.get(tab, activity)()


def explain(page: Page, query: Mapping[str, str]) -> Panel:
    """Between two days, and at any instant."""
    panel = ExplainPanel(page.visit, page.current, query, page.address)
    MomentPanel(page.visit, page.current)
    return panel
