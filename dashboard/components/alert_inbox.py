"""The inbox of alerts: newest first, unread ones marked, each leading to the wallet it is about."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from dashboard.alert_words import happened
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.data_table import Badge, Cell, Column, Row
from dashboard.components.icon import Icon
from dashboard.components.listing import Listing
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.alerts import Alert
from dashboard.shapes.lists import nodes

EVERY = "All"
CHIPS: dict[str, bool | None] = {EVERY: None, "Firing": True, "Recovered": False}


class Inbox:
    """Built where it stands; `load` asks for what is shown. `look_at` hears of another chip; of "All" as of none."""

    def __init__(self, visit: Visit, chip: str, look_at: Callable[[str], None]) -> None:
        self.visit = visit
        self.chip = chip if chip in CHIPS else EVERY
        self.look_at = look_at
        self.drawn = False
        self.known: dict[str, tuple[str | None, int]] = {}
        with box("t-card t-inbox"):
            with box("t-toolbar"):
                Chips("Which alerts", list(CHIPS), self.chip, self.choose)
                box("t-space")
                with box("t-btn", "button").props("type=button").on("click", self.mark_read) as self.mark:
                    Icon("check")
                    self.words = Text("Mark all read")
            self.listing: Listing[Alert] = Listing(
                "alerts", self.columns(), ask=self.ask, row=self.row, empty=self.empty, expire=visit.expire
            )
        self.allow(0)

    def columns(self) -> list[Column]:
        """Tenants' people need not be told whose alerts these are."""
        whose: list[Column] = [{"name": "tenant", "label": "Tenant"}] if self.visit.sees_all else []
        state: Column = {"name": "state", "label": "State", "align": "right"}
        when: Column = {"name": "when", "label": "Since", "align": "right"}
        return [{"name": "what", "label": "Alert", "wide": True}, state, *whose, when]

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of the list, and how many are unread."""
        answer = await self.visit.api.send("Alerts", first=first, after=after, firing=CHIPS[self.chip])
        self.allow(answer["unreadAlerts"])
        return answer["alerts"]

    async def load(self) -> None:
        """The page that is shown, as it is now."""
        self.drawn = await self.listing.load() or self.drawn

    async def choose(self, chip: str) -> None:
        """Other alerts, from the first page."""
        self.chip = chip
        self.look_at(chip if chip != EVERY else "")
        await self.listing.start_over()

    def row(self, alert: Alert) -> Row:
        """One alert; one that fires or recovers under the viewer's eyes is highlighted."""
        manner = self.visit.manner
        badges: list[Badge] = [{"text": "Firing", "tone": "danger", "icon": "alert"}]
        if not alert["firing"]:
            badges = [{"text": "Recovered", "tone": "muted", "icon": "check"}]
        if not alert["read"]:
            badges = [{"text": "New", "tone": "info"}, *badges]
        over = f"Recovered {manner.moment(alert['recoveredAt'])}" if alert["recoveredAt"] else ""
        cells: dict[str, Cell] = {
            "what": {"text": happened(alert, manner), "sub": alert["rule"]["name"] if alert["rule"] else ""},
            "state": {"text": "", "badges": badges},
            "tenant": {"text": alert["tenant"]["name"]},
            "when": {"text": manner.moment(alert["firedAt"]), "sub": over},
        }
        row: Row = {"id": alert["id"], "cells": cells, "turn": self.turn(alert)}
        return row if alert["wallet"] is None else {**row, "href": f"/wallet/{alert['wallet']['id']}"}

    def turn(self, alert: Alert) -> int:
        """How often it has changed since the page was opened."""
        before = self.known.get(alert["id"])
        was, turns = before or (alert["recoveredAt"], 1 if self.drawn else 0)
        turns += was != alert["recoveredAt"]
        self.known[alert["id"]] = alert["recoveredAt"], turns
        return turns

    def empty(self) -> None:
        """Why there are none."""
        if self.chip == "Firing":
            states.empty("Nothing fires", "Every tenant stands as the rules want it.")
        elif self.chip == "Recovered":
            states.empty("Nothing has recovered", "An alert recovers when what it told of is over.")
        elif self.visit.sees_all:
            states.empty("No alerts yet", "Under Rules you say what to watch for; what happens then is listed here.")
        else:
            states.empty("No alerts", "When something needs your attention, it is listed here.")

    def allow(self, unread: int) -> None:
        """There is something to mark, or not."""
        self.words.show(f"Mark {unread:,} read" if unread else "All read")
        self.mark.props["disabled"] = not unread
        self.mark.update()

    async def mark_read(self) -> None:
        """All that has fired until now."""
        try:
            newest: list[Alert] = nodes((await self.visit.api.send("NewestAlert"))["alerts"])
            if newest:
                await self.visit.api.send("MarkAlertsRead", until=newest[0]["firedAt"])
            await self.load()
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            ui.notify(str(error), type="negative", position="bottom")
