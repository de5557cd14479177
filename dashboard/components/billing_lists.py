"""The months and the runs of all tenants, page by page."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.billing_words import (
    invoices_of,
    may_be_run,
    month_badge,
    month_sums,
    month_tenants,
    month_total,
    run_badge,
    run_progress,
    run_sums,
)
from dashboard.components import states
from dashboard.components.data_table import Act, Column, Row
from dashboard.components.listing import Listing
from dashboard.components.text import Text, box
from dashboard.currencies import Currencies
from dashboard.format import Manner, month_name
from dashboard.session import Visit
from dashboard.shapes.billing import BillingMonth, BillingRun
from dashboard.shapes.lists import nodes

MONTHS_SHOWN = 12
RUN = "run"
MONTHS: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "state", "label": "State"},
    {"name": "billed", "label": "Billed", "align": "right"},
    {"name": "acts", "label": "What to do", "align": "right"},
]
RUNS: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "state", "label": "State"},
    {"name": "invoices", "label": "Invoices", "align": "right"},
    {"name": "billed", "label": "Billed", "align": "right"},
    {"name": "collected", "label": "Collected at once", "align": "right"},
    {"name": "locked", "label": "Locked", "align": "right"},
]


class MonthsPanel:
    """`run` opens the dialog that bills a month; only who may bill is offered it."""

    def __init__(self, visit: Visit, run: Callable[[str], Awaitable[None]]) -> None:
        self.visit = visit
        self.run = run
        self.currencies = Currencies()
        self.newest = ""
        with box("t-card", "section").props("aria-label=Months"):
            with box("t-card__head"):
                Text("Months", "t-h2", tag="h2")
                Text("Each unfolds its invoices by currency and status", "t-sub")
            self.list: Listing[BillingMonth] = Listing(
                "months",
                MONTHS,
                ask=self.ask,
                row=self.row,
                empty=lambda: states.empty("No months yet", "They begin with the month in which a tenant is made."),
                expire=visit.expire,
                page_size=MONTHS_SHOWN,
                act=self.act,
            )

    async def load(self) -> None:
        """The page that is looked at, anew."""
        await self.list.load()

    async def ask(self, _first: int, after: str | None) -> Any:
        """A page of them, whose size is in the document, and what is needed to write their sums."""
        answer = (await self.visit.api.send("BillingMonths", after=after))["billingMonths"]
        months: list[BillingMonth] = nodes(answer)
        if after is None and months:
            self.newest = months[0]["month"]
        await self.currencies.learn((of["currency"] for month in months for of in month["amounts"]), self.visit.api)
        return answer

    def row(self, month: BillingMonth) -> Row:
        """How it stands, and what can be done about it."""
        is_newest = month["month"] == self.newest
        may_run = self.visit.may_move_money and may_be_run(month, is_newest=is_newest)
        return month_row(month, self.currencies, self.visit.manner, may_run=may_run)

    async def act(self, month: str, _name: str) -> None:
        """The one thing that a row does."""
        await self.run(month)


def month_row(month: BillingMonth, currencies: Currencies, manner: Manner, *, may_run: bool) -> Row:
    """A month; its sums unfold."""
    name, acts = month_name(month["month"]), list[Act]()
    if month["amounts"]:
        path = f"/billing?tab=invoices&month={month['month']}"
        acts.append({"name": "invoices", "words": "Invoices", "label": f"Invoices of {name}", "href": path})
    if may_run:
        acts.append({"name": RUN, "words": "Run billing", "label": f"Run billing for {name}"})
    row: Row = {
        "id": month["month"],
        "cells": {
            "month": {"text": name, "sub": month_tenants(month)},
            "state": {"text": "", "badges": [month_badge(month)]},
            "billed": {
                "text": month_total(month, currencies, manner),
                "sub": invoices_of(month),
                "tone": "" if month["amounts"] else "muted",
            },
            "acts": {"text": "", "acts": acts},
        },
    }
    if details := month_sums(month, currencies, manner):
        row["details"] = details
    return row


class RunsPanel:
    """Newest first; each leads to its results."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.currencies = Currencies()
        with box("t-card", "section").props("aria-label=Runs"):
            with box("t-card__head"):
                Text("Runs", "t-h2", tag="h2")
                Text("By hand, and the server's own some hours after a month ends", "t-sub")
            self.list: Listing[BillingRun] = Listing(
                "runs",
                RUNS,
                ask=self.ask,
                row=lambda run: run_row(run, self.currencies, self.visit.manner),
                empty=lambda: states.empty("No runs yet", "Each closing of a month is kept here with what it did."),
                expire=visit.expire,
            )

    async def load(self) -> None:
        """The page that is looked at, anew."""
        await self.list.load()

    async def ask(self, _first: int, after: str | None) -> Any:
        """A page of them, whose size is in the document, and what is needed to write their sums."""
        answer = (await self.visit.api.send("BillingRuns", after=after))["billingRuns"]
        runs: list[BillingRun] = nodes(answer)
        await self.currencies.learn((of["currency"] for run in runs for of in run["amounts"]), self.visit.api)
        return answer


def run_row(run: BillingRun, currencies: Currencies, manner: Manner) -> Row:
    """What it came to so far."""
    return {
        "id": run["id"],
        "href": f"/billing/runs/{run['id']}",
        "cells": {
            "month": {"text": month_name(run["month"]), "sub": manner.moment(run["startedAt"])},
            "state": {"text": "", "badges": [run_badge(run)], "sub": run_progress(run)},
            "invoices": {"text": f"{run['invoiceCount']:,}"},
            "billed": {"text": run_sums(run["amounts"], "billedMinor", currencies, manner)},
            "collected": {"text": run_sums(run["amounts"], "collectedMinor", currencies, manner)},
            "locked": {"text": f"{run['locked']:,}", "tone": "danger" if run["locked"] else "muted"},
        },
    }
