"""Alerts: the inbox, the rules that fill it, and the webhooks that tell other programs."""

from collections.abc import Callable
from typing import ClassVar, Protocol

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.alert_inbox import Inbox
from dashboard.components.alert_rules import Rules
from dashboard.components.banner import Banner
from dashboard.components.tabs import Tabs
from dashboard.components.text import box
from dashboard.components.webhooks import Webhooks
from dashboard.nav import ADMINS
from dashboard.page import Page, shown, title
from dashboard.session import Desk, Visit


class Part(Protocol):
    """What a tab shows."""

    async def load(self) -> None:
        """Asks for what is shown, and shows it."""


PARTS: dict[str, tuple[str, Callable[[Visit], Part]]] = {
    "inbox": ("Inbox", Inbox),
    "rules": ("Rules", Rules),
    "webhooks": ("Webhooks", Webhooks),
}


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/alerts", title="Alerts · Tijori")
    async def alerts(request: Request, tab: str = "inbox") -> Response | None:
        def make(visit: Visit, banner: Banner) -> Page:
            return AlertsPage(visit, banner, tab=tab)

        return await shown(desk, request, active="/alerts", make=make)


class AlertsPage(Page):
    """One part at a time; tenants' people have the inbox alone."""

    kinds: ClassVar = ("ALERTS", "WEBHOOKS")

    def __init__(self, visit: Visit, banner: Banner, *, tab: str) -> None:
        super().__init__(visit, banner)
        self.part: Part | None = None
        title("Alerts", "What needs attention, and what to watch for.")
        if visit.viewer is not None and visit.viewer["role"] in ADMINS:
            self.tab = tab if tab in PARTS else "inbox"
            self.tabs = Tabs("Alerts", {name: words for name, (words, _) in PARTS.items()}, self.tab, self.choose)
            self.panel = self.tabs.panel
        else:
            self.tab = "inbox"
            self.panel = box("t-tabpanel")
        self.build()

    def build(self) -> None:
        """The chosen part."""
        self.panel.clear()
        with self.panel:
            _, make = PARTS[self.tab]
            self.part = make(self.visit)

    async def choose(self, tab: str) -> None:
        """Another part, which the address bar names, so that going back finds it again."""
        self.tab = tab
        ui.navigate.history.replace(f"/alerts?tab={tab}" if tab != "inbox" else "/alerts")
        self.build()
        await self.refreshed()

    async def begin(self) -> None:
        """Shows what there is at once, also where the live connection is slow to come."""
        await self.refreshed()
        await super().begin()

    async def refresh(self) -> None:
        """The part that is shown."""
        if self.part is not None:
            await self.part.load()
