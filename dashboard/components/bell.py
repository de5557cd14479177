"""The bell in the header: how many alerts nobody has looked at yet, as it changes."""

from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.live import Feed, Painter
from dashboard.session import Visit

MOST = 99
REFRESH_SECONDS = 0.2


class Bell:
    """Leads to the inbox. Quiet where it cannot ask: the page's own banner says that the connection is away."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.begun = False
        with box("t-iconbtn t-bell", "a").props("href=/alerts") as self.link:
            Icon("bell")
            self.badge = Text("", "t-bell__count").props("aria-hidden=true")
        self.show(0)
        ui.context.client.on_connect(self.begin)

    def begin(self) -> None:
        """Listens until the browser leaves; coming back after a cut begins nothing twice."""
        if self.begun:
            return
        self.begun = True
        client = self.link.client
        self.painter = Painter(self.refresh, interval_seconds=REFRESH_SECONDS)
        feed = Feed(
            self.visit.api,
            "Changed",
            variables=lambda: {"kinds": ["ALERTS"]},
            receive=self.hear,
            status=lambda _: None,
        )
        client.on_delete(self.painter.stop)
        client.on_delete(feed.stop)
        feed.start()

    async def hear(self, _: dict[str, Any]) -> None:
        """Live now, or something has changed: the count is asked for either way."""
        self.painter.request()

    async def refresh(self) -> None:
        """Asks for the count and shows it."""
        try:
            answer = await self.visit.api.send("UnreadAlerts")
        except ApiError:
            return
        self.show(answer["unreadAlerts"])

    def show(self, unread: int) -> None:
        """The count, up to 99, in a badge; in words for those who do not see it."""
        self.badge.show(str(unread) if unread <= MOST else f"{MOST}+")
        self.badge.set_visibility(unread > 0)
        words = f"Alerts, {unread if unread <= MOST else f'more than {MOST}'} unread" if unread else "Alerts"
        self.link.props["aria-label"] = words
        self.link.update()
