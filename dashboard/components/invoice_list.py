"""Invoices of all tenants, or of one's own, filtered by status, month, tenant and number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.billing_words import STATUSES
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.data_table import Column, Row
from dashboard.components.fields import text_field
from dashboard.components.icon import Icon
from dashboard.components.invoices import invoice_badge, invoice_note
from dashboard.components.listing import Listing
from dashboard.components.search import SearchBox
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.session import Visit
from dashboard.shapes.billing import ListedInvoice

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
EVERY = "All"
OF_ALL: list[Column] = [
    {"name": "number", "label": "Invoice"},
    {"name": "status", "label": "Status"},
    {"name": "tenant", "label": "Tenant", "wide": True},
    {"name": "month", "label": "Month"},
    {"name": "total", "label": "Total", "align": "right"},
]
OWN: list[Column] = [
    {"name": "number", "label": "Invoice", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "month", "label": "Month"},
    {"name": "total", "label": "Total", "align": "right"},
]


@dataclass
class Wanted:
    """What the address asks for; nothing is everything."""

    status: str = ""
    month: str = ""
    search: str = ""
    tenant: str = ""

    def __post_init__(self) -> None:
        """What no filter takes is left out."""
        self.status = self.status.upper() if self.status.upper() in STATUSES else ""
        self.month = self.month if MONTH.fullmatch(self.month) else ""

    @property
    def filter(self) -> dict[str, object]:
        """As the API takes it."""
        given = {"status": self.status, "month": self.month, "search": self.search, "tenantId": self.tenant}
        return {name: value or None for name, value in given.items()}

    def asked(self) -> dict[str, str]:
        """As the address names it."""
        return {"status": self.status.lower(), "month": self.month, "search": self.search, "tenant": self.tenant}


class InvoiceList:
    """`moved` hears that other invoices are wanted. Of one's own the tenant is not named in each row."""

    def __init__(self, visit: Visit, wanted: Wanted, moved: Callable[[], None], *, of_all: bool) -> None:
        self.visit = visit
        self.wanted = wanted
        self.moved = moved
        self.of_all = of_all
        with box("t-card", "section").props("aria-label=Invoices"):
            self.toolbar()
            self.list: Listing[ListedInvoice] = Listing(
                "invoices",
                OF_ALL if of_all else OWN,
                ask=self.ask,
                row=self.row,
                empty=self.explain,
                expire=visit.expire,
            )

    def toolbar(self) -> None:
        """Number, status, month, and the tenant where the address names one."""
        with box("t-toolbar t-fields"):
            SearchBox("Search by number", self.wanted.search, self.look_for)
            chosen = STATUSES.get(self.wanted.status, EVERY)
            Chips("Which invoices", [EVERY, *STATUSES.values()], chosen, self.choose)
            self.month = text_field("Month", self.pick, value=self.wanted.month, props="type=month stack-label dense")
            self.only = box("t-only")

    async def load(self) -> None:
        """The page that is looked at, anew."""
        await self.list.load()

    async def name_tenant(self) -> None:
        """Says whose invoices these are, and offers all."""
        self.only.clear()
        if not self.wanted.tenant:
            return
        try:
            tenant = (await self.visit.api.send("BilledTenant", id=self.wanted.tenant))["tenant"]
        except ApiError:
            tenant = None
        name = tenant["name"] if tenant else "a tenant that is not there"
        with self.only, box("t-btn t-btn--small", "button").props("type=button") as button:
            Text(f"Only {name}")
            Icon("close")
        button.props["aria-label"] = f"Only {name}: show all tenants"
        button.on("click", self.forget_tenant)

    async def forget_tenant(self) -> None:
        """All tenants' again."""
        self.wanted.tenant = ""
        self.only.clear()
        await self.start_over()

    async def look_for(self, search: str) -> None:
        """A number such as MSP-0007, or the code that numbers begin with."""
        self.wanted.search = search.strip()
        await self.start_over()

    async def choose(self, status: str) -> None:
        """Those of one status, or all."""
        self.wanted.status = next((name for name, words in STATUSES.items() if words == status), "")
        await self.start_over()

    async def pick(self) -> None:
        """Those of one month; some browsers have no field for months and take any words."""
        typed = (self.month.value or "").strip()
        self.month.error = None if not typed or MONTH.fullmatch(typed) else "Type a month such as 2025-03."
        if self.month.error is None and typed != self.wanted.month:
            self.wanted.month = typed
            await self.start_over()

    async def start_over(self) -> None:
        """Another list begins at its first page."""
        self.moved()
        await self.list.start_over()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of them."""
        return (await self.visit.api.send("Invoices", first=first, after=after, **self.wanted.filter))["invoices"]

    def row(self, invoice: ListedInvoice) -> Row:
        """Leads to its page."""
        return invoice_row(invoice, self.visit.manner)

    def explain(self) -> None:
        """Nothing matches, or nothing was billed yet."""
        if any(self.wanted.asked().values()):
            states.empty("No invoice matches", "Take away a filter, or look for a number such as MSP-0007.")
        else:
            states.empty("No invoices yet", "A month is billed after it ends.")


def invoice_row(invoice: ListedInvoice, manner: Manner) -> Row:
    """Number, whose, how it stands, and how much."""
    tenant = invoice["tenant"]
    currency = Currency(invoice["currency"], tenant["wallet"]["currencyExponent"])
    tone = "gone" if invoice["status"] == "VOID" else "strong"
    return {
        "id": invoice["id"],
        "href": f"/invoice/{invoice['id']}",
        "cells": {
            "number": {"text": invoice["number"], "sub": f"issued {manner.day(invoice['issuedAt'])}"},
            "status": {"text": "", "badges": [invoice_badge(invoice)]},
            "tenant": {"text": tenant["name"]},
            "month": {"text": month_name(invoice["month"])},
            "total": {
                "text": manner.money(invoice["totalMinor"], currency),
                "sub": invoice_note(invoice, manner),
                "tone": tone,
            },
        },
    }
