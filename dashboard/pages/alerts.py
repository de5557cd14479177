"""Alerts: the inbox, the rules that fill it, and the webhooks that tell other programs."""

from collections.abc import Callable
from typing import ClassVar, Protocol

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.components.alert_inbox import Inbox
from dashboard.components.alert_rules import Rules
from dashboard.components.banner import Banner
from dashboard.components.tabs import Tabs
from dashboard.components.text import box
from dashboard.components.webhooks import Webhooks
from dashboard.page import Page, shown, title
from dashboard.session import Desk, Visit


class Part(Protocol):
    """What a tab shows."""

    async def load(self) -> None:
        """Asks for what is shown, and shows it."""


TABS = {"inbox": "Inbox", "rules": "Rules", "webhooks": "Webhooks"}
OTHERS: dict[str, Callable[[Visit], Part]] = {"rules": Rules, "webhooks": Webhooks}


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/alerts", title="Alerts · Tijori")
    async def alerts(request: Request, tab: str = "inbox", chip: str = "") -> Response | None:
        def make(visit: Visit, banner: Banner) -> Page:
            return AlertsPage(visit, banner, tab, chip)

        return await shown(desk, request, active="/alerts", make=make)


class AlertsPage(Page):
    """One part at a time; tenants' people have the inbox alone."""

    kinds: ClassVar = ("ALERTS", "WEBHOOKS")

    def __init__(self, visit: Visit, banner: Banner, tab: str, chip: str) -> None:
        super().__init__(visit, banner)
        self.part: Part | None = None
        self.chip = chip
        title("Alerts", "What needs attention, and what to watch for.")
        if visit.sees_all:
            self.tab = tab if tab in TABS else "inbox"
            self.tabs = Tabs("Alerts", TABS, self.tab, self.choose)
            self.panel = self.tabs.panel
        else:
            self.tab = "inbox"
            self.panel = box("t-tabpanel")
        self.build()

    def build(self) -> None:
        """The chosen part."""
        self.panel.clear()
        with self.panel:
            make = OTHERS.get(self.tab)
            self.part = make(self.visit) if make else Inbox(self.visit, self.chip, self.look_at)

    async def choose(self, tab: str) -> None:
        """Another part, which the address bar names, so that going back finds it again."""
        self.tab = tab
        self.look_at("")
        self.build()
        await self.refreshed()

    def look_at(self, chip: str) -> None:
        """Has the address bar name the part and which alerts."""
        self.chip = chip
        show_address("/alerts", {"tab": self.tab if self.tab != "inbox" else "", "chip": chip})

    async def begin(self) -> None:
        """Shows what there is at once, also where the live connection is slow to come."""
        await self.refreshed()
        await super().begin()

    async def refresh(self) -> None:
        """The part that is shown."""
        if self.part is not None:
            await self.part.load()
