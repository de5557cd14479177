"""Users → User Management: everybody, searchable, kept current."""

from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.buttons import link
from dashboard.components.chips import Chips
from dashboard.components.data_table import Cell, Column, Row
from dashboard.components.listing import Listing
from dashboard.components.search import SearchBox
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner
from dashboard.nav import STAFF
from dashboard.page import Page, shown
from dashboard.people import ROLES, home, may_create, status
from dashboard.session import Desk, Visit
from dashboard.shapes.users import User

CHIPS: dict[str, dict[str, object]] = {"All": {}, "Active": {"active": True}, "Suspended": {"active": False}}
COLUMNS: list[Column] = [
    {"name": "name", "label": "Name", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "role", "label": "Role"},
    {"name": "tenant", "label": "Tenant"},
    {"name": "balance", "label": "Own wallet", "align": "right"},
]


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/users", title="User Management · Tijori")
    async def users(request: Request, search: str = "", chip: str = "All") -> Response | None:
        chosen = chip if chip in CHIPS else "All"

        def make(visit: Visit, banner: Banner) -> UsersPage:
            return UsersPage(visit, banner, search, chosen)

        return await shown(desk, request, active="/users", make=make, roles=STAFF)


class UsersPage(Page):
    """What is asked for (search, chip), and the list that answers it."""

    kinds = ("USERS", "TENANTS")

    def __init__(self, visit: Visit, banner: Banner, search: str, chip: str) -> None:
        super().__init__(visit, banner)
        self.search = search
        self.chip = chip
        self.heading()
        with box("t-card"):
            with box("t-toolbar"):
                SearchBox("Search name or phone", search, self.look_for)
                Chips("Which users", list(CHIPS), chip, self.choose)
            self.listing: Listing[User] = Listing(
                "users", COLUMNS, ask=self.ask, row=self.row, empty=self.explain_emptiness, expire=visit.expire
            )

    def heading(self) -> None:
        """What the page is, and the way to a new user."""
        with box("t-title"):
            with box("t-title__words"):
                Text("User Management", "t-h1", tag="h1")
                Text("Who signs in, as what, and the wallet that each was made with.", "t-sub", tag="p")
            if may_create(self.visit.viewer):
                with box("t-actions t-actions--few"):
                    link("Create user", "/users/create", "plus").classes("t-btn--primary")

    async def refresh(self) -> None:
        """The page that is looked at, anew."""
        await self.listing.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of users."""
        given = {**CHIPS[self.chip], **({"search": self.search} if self.search else {})}
        return (await self.visit.api.send("Users", first=first, after=after, **given))["users"]

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
        ui.navigate.history.replace(f"/users?{given}" if given else "/users")
        await self.listing.start_over()

    def row(self, user: User) -> Row:
        """One user."""
        return {
            "id": user["id"],
            "href": f"/users/{user['id']}",
            "cells": {
                "name": {"text": user["name"], "sub": user["phone"]},
                "status": {"text": "", "badges": [status(user)]},
                "role": {"text": ROLES[user["role"]]},
                "tenant": {"text": home(user)} if user["tenant"] else {"text": "\u2014", "tone": "muted"},
                "balance": balance_cell(user, self.visit.manner),
            },
        }

    def explain_emptiness(self) -> None:
        """Nobody matches, or there is nobody."""
        if self.search:
            states.empty("No user matches", f"Nobody is called “{self.search}” or has it in a phone number.")
        elif self.chip == "Suspended":
            states.empty("Nobody is suspended", "A suspended user cannot sign in; their wallet goes on.")
        else:
            states.empty("No users yet", "Create one: a wallet comes with each.")


def balance_cell(user: User, manner: Manner) -> Cell:
    """What is in the user's own wallet."""
    wallet = user["wallet"]
    if wallet is None:
        return {"text": "", "badges": [{"text": "No wallet", "tone": "warn"}]}
    currency, total = Currency(wallet["currency"], wallet["currencyExponent"]), wallet["balance"]["total"]
    return {"text": manner.money(total, currency), "tone": "strong" if total else "muted"}
