"""Users → User Management: everybody, searchable, kept current."""

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.buttons import link
from dashboard.components.data_table import Cell, Column, Row
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner
from dashboard.nav import STAFF
from dashboard.page import shown
from dashboard.people import ROLES, home, may_create, status
from dashboard.searched import SearchedPage
from dashboard.session import Desk, Visit
from dashboard.shapes.users import User

COLUMNS: list[Column] = [
    {"name": "name", "label": "Name", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "role", "label": "Role"},
    {"name": "tenant", "label": "Tenant"},
]
BALANCE: Column = {"name": "balance", "label": "Own wallet", "align": "right"}
"""For those who see all: a tenant's administrator does not see members' own wallets."""


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/users", title="User Management · Tijori")
    async def users(request: Request, search: str = "", chip: str = "") -> Response | None:
        def make(visit: Visit, banner: Banner) -> UsersPage:
            return UsersPage(visit, banner, search, chip)

        return await shown(desk, request, active="/users", make=make, roles=STAFF)


class UsersPage(SearchedPage[User]):
    """All that the viewer may see."""

    kinds = ("USERS", "TENANTS")
    noun = "users"
    document = "Users"
    hint = "Search name or phone"

    def __init__(self, visit: Visit, banner: Banner, search: str, chip: str) -> None:
        self.columns = [*COLUMNS, BALANCE] if visit.sees_all else COLUMNS
        super().__init__(visit, banner, search, chip)

    def heading(self) -> None:
        """What the page is, and the way to a new user."""
        with box("t-title"):
            with box("t-title__words"):
                Text("User Management", "t-h1", tag="h1")
                about = ", as what, and the wallet that each was made with" if self.visit.sees_all else ", and as what"
                Text(f"Who signs in{about}.", "t-sub", tag="p")
            if may_create(self.visit.viewer):
                with box("t-actions t-actions--few"):
                    link("Create user", "/users/create", "plus").classes("t-btn--primary")

    def wallet_of(self, item: User) -> str | None:
        """Their own, where there is one and the viewer sees it."""
        return item["wallet"]["id"] if item["wallet"] else None

    def row(self, item: User) -> Row:
        """One user."""
        return {
            "id": item["id"],
            "href": f"/users/{item['id']}",
            "cells": {
                "name": {"text": item["name"], "sub": item["phone"]},
                "status": {"text": "", "badges": [status(item)]},
                "role": {"text": ROLES[item["role"]]},
                "tenant": {"text": home(item)} if item["tenant"] else {"text": "\u2014", "tone": "muted"},
                "balance": balance_cell(item, self.visit.manner),
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
