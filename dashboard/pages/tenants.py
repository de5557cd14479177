"""Finance → Tenants: every organisation that is billed, with its balance and lock as they change."""

from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.buttons import action
from dashboard.components.chips import Chips
from dashboard.components.data_table import Column, Row
from dashboard.components.listing import Listing
from dashboard.components.search import SearchBox
from dashboard.components.tenant_actions import CreateTenant
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import lock_badges, runway_cell
from dashboard.live import Feed
from dashboard.nav import ADMINS
from dashboard.page import Page, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.tenants import Tenant
from dashboard.shapes.wallets import currency_of
from dashboard.terms import status

CHIPS: dict[str, dict[str, object]] = {"All": {}, "Active": {"active": True}, "Suspended": {"active": False}}
COLUMNS: list[Column] = [
    {"name": "name", "label": "Name", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "available", "label": "Available", "align": "right"},
    {"name": "runway", "label": "Lasts", "align": "right"},
    {"name": "zone", "label": "Zone"},
]


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/tenants", title="Tenants · Tijori")
    async def tenants(request: Request, search: str = "", chip: str = "All") -> Response | None:
        chosen = chip if chip in CHIPS else "All"

        def make(visit: Visit, banner: Banner) -> TenantsPage:
            return TenantsPage(visit, banner, search, chosen)

        return await shown(desk, request, active="/tenants", make=make, roles=ADMINS)


class TenantsPage(Page):
    """What is asked for (search, chip), and the list that answers it."""

    kinds = ("TENANTS",)

    def __init__(self, visit: Visit, banner: Banner, search: str, chip: str) -> None:
        super().__init__(visit, banner)
        self.search = search
        self.chip = chip
        self.heading()
        self.place = box("t-card")
        with self.place:
            with box("t-toolbar"):
                SearchBox("Search name or your own id", search, self.look_for)
                Chips("Which tenants", list(CHIPS), chip, self.choose)
            self.listing: Listing[Tenant] = Listing(
                "tenants",
                COLUMNS,
                ask=self.ask,
                row=self.row,
                empty=self.explain_emptiness,
                expire=visit.expire,
                loaded=self.listen,
            )
        self.heard: list[str] = []
        """The wallets that the feed listens to."""
        self.wallets = Feed(visit.api, "WalletsChanged", variables=self.on_screen, receive=self.moved, status=self.tell)

    def heading(self) -> None:
        """What the page is, and the way to a new tenant."""
        with box("t-title"):
            with box("t-title__words"):
                Text("Tenants", "t-h1", tag="h1")
                Text("The organisations that are billed: their terms, people, usage and money.", "t-sub", tag="p")
            if self.visit.may_move_money:
                with box("t-actions t-actions--few"):
                    action("Create tenant", "plus", self.create).classes("t-btn--primary")

    def create(self) -> None:
        """Opens the dialog."""
        with self.place:
            CreateTenant(self.visit)

    async def begin(self) -> None:
        """Their wallets are followed too, once it is known which."""
        self.until_left(self.wallets.stop)
        await super().begin()

    def listen(self) -> None:
        """To the wallets of the tenants that are shown."""
        shown = [tenant["wallet"]["id"] for tenant in self.listing.items]
        if shown != self.heard:
            self.heard = shown
            self.wallets.start()

    def on_screen(self) -> dict[str, object]:
        """What is listened to."""
        return {"ids": self.heard}

    async def moved(self, _: dict[str, Any]) -> None:
        """Balances and locks of those shown have changed, or the feed is live: what happened before it is asked for."""
        self.painter.request()

    async def refresh(self) -> None:
        """The page that is looked at, anew."""
        await self.listing.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of tenants."""
        given = {**CHIPS[self.chip], **({"search": self.search} if self.search else {})}
        return (await self.visit.api.send("Tenants", first=first, after=after, **given))["tenants"]

    async def look_for(self, search: str) -> None:
        """Another search begins at its first page."""
        self.search = search.strip()
        await self.start_over()

    async def choose(self, chip: str) -> None:
        """So does another chip."""
        self.chip = chip
        await self.start_over()

    async def start_over(self) -> None:
        """The address bar names what is asked for, so that going back finds it again."""
        asked = {"search": self.search, "chip": self.chip if self.chip != "All" else ""}
        given = urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)
        ui.navigate.history.replace(f"/tenants?{given}" if given else "/tenants")
        await self.listing.start_over()

    def row(self, tenant: Tenant) -> Row:
        """One tenant."""
        wallet, manner = tenant["wallet"], self.visit.manner
        badges = lock_badges(wallet["lock"]) if tenant["active"] else [status(tenant)]
        return {
            "id": tenant["id"],
            "href": f"/tenants/{tenant['id']}",
            "cells": {
                "name": {"text": tenant["name"], "sub": tenant["externalId"] or ""},
                "status": {"text": "", "badges": badges},
                "available": {
                    "text": manner.money(wallet["balance"]["available"], currency_of(wallet)),
                    "tone": "strong",
                },
                "runway": runway_cell(wallet, manner),
                "zone": {"text": tenant["billingZone"]},
            },
        }

    def explain_emptiness(self) -> None:
        """None matches, or there is none yet."""
        if self.search:
            states.empty("No tenant matches", f"None is called “{self.search}”, by name or by your own id.")
        elif self.chip == "Suspended":
            states.empty("No tenant is suspended", "People of a suspended tenant cannot enter; its billing goes on.")
        else:
            states.empty("No tenants yet", "Create the first one: its wallet comes with it.")
