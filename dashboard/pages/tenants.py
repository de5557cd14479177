"""Finance → Tenants: every organisation that is billed, with its balance and lock as they change."""

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.buttons import action
from dashboard.components.data_table import Column, Row
from dashboard.components.tenant_actions import CreateTenant
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import lock_badges, runway_cell
from dashboard.nav import ADMINS
from dashboard.page import shown
from dashboard.searched import SearchedPage
from dashboard.session import Desk, Visit
from dashboard.shapes.tenants import Tenant
from dashboard.shapes.wallets import currency_of
from dashboard.terms import status

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
    async def tenants(request: Request, search: str = "", chip: str = "") -> Response | None:
        def make(visit: Visit, banner: Banner) -> TenantsPage:
            return TenantsPage(visit, banner, search, chip)

        return await shown(desk, request, active="/tenants", make=make, roles=ADMINS)


class TenantsPage(SearchedPage[Tenant]):
    """All of them, with their wallets as they change."""

    kinds = ("TENANTS",)
    noun = "tenants"
    document = "Tenants"
    hint = "Search name or your own id"
    columns = COLUMNS

    def heading(self) -> None:
        """What the page is, and the way to a new tenant."""
        with box("t-title"):
            with box("t-title__words"):
                Text("Tenants", "t-h1", tag="h1")
                Text("The organisations that are billed: their terms, people, usage and money.", "t-sub", tag="p")
            if self.visit.is_super_admin:
                with box("t-actions t-actions--few"):
                    action("Create tenant", "plus", self.create).classes("t-btn--primary")

    def create(self) -> None:
        """Opens the dialog."""
        with self.place:
            CreateTenant(self.visit)

    def wallet_of(self, item: Tenant) -> str | None:
        """Its own."""
        return item["wallet"]["id"]

    def row(self, item: Tenant) -> Row:
        """One tenant."""
        wallet, manner = item["wallet"], self.visit.manner
        badges = lock_badges(wallet["lock"]) if item["active"] else [status(item)]
        return {
            "id": item["id"],
            "href": f"/tenants/{item['id']}",
            "cells": {
                "name": {"text": item["name"], "sub": item["externalId"] or ""},
                "status": {"text": "", "badges": badges},
                "available": {
                    "text": manner.money(wallet["balance"]["available"], currency_of(wallet)),
                    "tone": "strong",
                },
                "runway": runway_cell(wallet, manner),
                "zone": {"text": item["billingZone"]},
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
