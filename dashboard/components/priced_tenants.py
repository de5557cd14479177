"""All tenants, to choose one whose prices to see."""

from typing import Any

from dashboard.components import states
from dashboard.components.data_table import Column, Row
from dashboard.components.listing import Listing
from dashboard.components.search import SearchBox
from dashboard.components.text import box
from dashboard.session import Visit
from dashboard.shapes.pricing import TenantInBrief

COLUMNS: list[Column] = [
    {"name": "name", "label": "Tenant", "wide": True},
    {"name": "currency", "label": "Currency"},
    {"name": "zone", "label": "Billing zone"},
]


class PricedTenants:
    """Searched by name, paged by key."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.search = ""
        with box("t-card"):
            with box("t-toolbar"):
                SearchBox("Search tenants", "", self.look_for)
            self.listing: Listing[TenantInBrief] = Listing(
                "tenants", COLUMNS, ask=self.ask, row=tenant_row, empty=self.explain, expire=visit.expire
            )

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of them."""
        search = self.search or None
        return (await self.visit.api.send("TenantsInBrief", first=first, after=after, search=search))["tenants"]

    async def look_for(self, search: str) -> None:
        """Another search begins at its first page."""
        self.search = search.strip()
        await self.listing.start_over()

    def explain(self) -> None:
        """Nobody is called that, or there is nobody yet."""
        if self.search:
            states.empty("No tenant matches", f"Nobody is called “{self.search}”.")
        else:
            states.empty("No tenants yet", "Create a tenant first: what it uses is priced here.")


def tenant_row(tenant: TenantInBrief) -> Row:
    """Leads to its prices."""
    return {
        "id": tenant["id"],
        "href": f"/pricing?tenant={tenant['id']}",
        "cells": {
            "name": {"text": tenant["name"], "sub": tenant["externalId"] or ""},
            "currency": {"text": tenant["currency"]},
            "zone": {"text": tenant["billingZone"]},
        },
    }
