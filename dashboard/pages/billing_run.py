"""/billing/runs/{id}: a billing run, live: how far it is, what it came to, whom it could not bill and why."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.billing_words import amounts_row, left_out, run_badge
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.billing_actions import RunBilling
from dashboard.components.buttons import action, link
from dashboard.components.compact_table import CompactTable
from dashboard.components.crumbs import crumbs
from dashboard.components.data_table import Act, Column, Row
from dashboard.components.figure import Figure
from dashboard.components.listing import Listing
from dashboard.components.run_card import RunCard
from dashboard.components.text import Text, box
from dashboard.currencies import Currencies
from dashboard.format import month_name
from dashboard.live import Feed
from dashboard.nav import ADMINS
from dashboard.page import WholePage, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.billing import BillingFailure, BillingRun

FAILURES: list[Column] = [
    {"name": "tenant", "label": "Tenant"},
    {"name": "why", "label": "Why it was not billed", "wide": True},
    {"name": "acts", "label": "What to do", "align": "right"},
]
AMOUNTS: list[Column] = [
    {"name": "currency", "label": "Currency", "wide": True},
    {"name": "billed", "label": "Billed", "align": "right"},
    {"name": "collected", "label": "Collected at once", "align": "right"},
]
FIGURES = ("Invoices", "Locked", "Not billed")


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/billing/runs/{run_id}", title="Billing run · Tijori")
    async def billing_run(request: Request, run_id: str) -> Response | None:
        def make(visit: Visit, banner: Banner) -> RunPage:
            return RunPage(visit, banner, run_id)

        return await shown(desk, request, active="/billing", make=make, roles=ADMINS)


class RunPage(WholePage):
    """Built once the run is known; follows it until it is finished."""

    def __init__(self, visit: Visit, banner: Banner, run_id: str) -> None:
        super().__init__(visit, banner)
        self.run_id = run_id
        self.run: BillingRun | None = None
        self.feed: Feed | None = None
        self.currencies = Currencies()
        self.failed: int | None = 0
        self.list: Listing[BillingFailure] | None = None

    async def refresh(self) -> None:
        """The run as it stands; while it goes on, what becomes of it."""
        run: BillingRun | None = (await self.visit.api.send("BillingRun", id=self.run_id))["node"]
        if run is None or "month" not in run:
            self.say_missing("billing run", "All runs", "/billing?tab=runs")
            return
        await self.show(run)
        if run["finishedAt"] is None and self.feed is None:
            self.feed = self.follow("BillingRunChanged", lambda: {"id": self.run_id}, self.hear)

    async def hear(self, data: dict[str, Any]) -> None:
        """It has come further; once it is finished nothing more is to be heard."""
        try:
            await self.show(data["billingRun"])
        except ApiError as error:
            self.fail(error)
        if data["billingRun"]["finishedAt"] is not None and self.feed is not None:
            self.feed.stop()

    async def show(self, run: BillingRun) -> None:
        """Puts in what was answered."""
        await self.currencies.learn((of["currency"] for of in run["amounts"]), self.visit.api)
        if self.run is None:
            self.build(run)
        self.run = run
        manner = self.visit.manner
        self.card.show(run)
        self.badge.show(run_badge(run)["text"])
        self.badge.classes(replace=f"t-badge t-badge--{run_badge(run)['tone']}")
        ended = f", finished {manner.moment(run['finishedAt'])}" if run["finishedAt"] else ""
        self.when.show(f"Begun {manner.moment(run['startedAt'])}{ended}")
        for label, words in zip(
            FIGURES, (f"{run['invoiceCount']:,}", f"{run['locked']:,}", left_out(run)), strict=True
        ):
            self.figures[label].show(words)
        self.amounts.put([amounts_row(of, self.currencies, manner) for of in run["amounts"]])
        await self.show_failures(run)

    async def show_failures(self, run: BillingRun) -> None:
        """Whom it could not bill: asked for when there are more than are shown."""
        failed = run["failures"]["totalCount"]
        if failed == 0 or failed == self.failed:
            return
        self.failed = failed
        if self.list is None:
            self.list = self.failures()
        await self.list.load()

    def failures(self) -> Listing[BillingFailure]:
        """The card of those that were left out."""
        with self.body, box("t-card", "section").props('aria-label="Not billed"'):
            with box("t-card__head"):
                Text("Not billed", "t-h2", tag="h2")
                Text("Each was stopped by itself; mend it and bill it again", "t-sub")
            return Listing(
                "tenants",
                FAILURES,
                ask=self.ask,
                row=self.row,
                empty=lambda: states.empty("Every tenant was billed", "Nobody was left out."),
                expire=self.visit.expire,
                act=self.again,
            )

    def build(self, run: BillingRun) -> None:
        """The page's sections."""
        self.body.clear()
        name = month_name(run["month"])
        with self.body:
            ui.page_title(f"Billing of {name} · Tijori")
            crumbs(("Billing", "/billing"), ("Runs", "/billing?tab=runs"), here=name)
            self.head(name, run)
            self.card = RunCard(run, link=False)
            with box("t-card t-balances t-run__figures", "section").props('aria-label="What it came to"'):
                self.figures = {label: Figure(label, main=label == FIGURES[0], noted=False) for label in FIGURES}
            self.amounts = CompactTable("Amounts", AMOUNTS, "It issued no invoice.")

    def head(self, name: str, run: BillingRun) -> None:
        """Which month, since when, and what else there is to see."""
        with box("t-title"):
            with box("t-title__words"):
                Text(f"Billing of {name}", "t-h1", tag="h1")
                with box("t-sub t-identity", "p"):
                    self.when = Text("")
                    self.badge = Text("", "t-badge").props("role=status")
            with box("t-actions t-actions--few"):
                link("Invoices", f"/billing?tab=invoices&month={run['month']}", "invoice")
                link("Audit", f"/audit?subject={run['id']}", "audit")
                if self.visit.may_move_money:
                    action("Run again", "refresh", lambda: self.open(RunBilling, None))

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of those that were not billed."""
        answer = await self.visit.api.send("BillingFailures", id=self.run_id, first=first, after=after)
        return answer["node"]["failures"]

    def row(self, failure: BillingFailure) -> Row:
        """Who and why, and another try."""
        tenant = failure["tenant"]
        acts: list[Act] = []
        if self.visit.may_move_money:
            acts.append({"name": "again", "words": "Bill again", "label": f"Bill {tenant['name']} again"})
        return {
            "id": tenant["id"],
            "href": f"/tenants/{tenant['id']}",
            "cells": {
                "tenant": {"text": tenant["name"]},
                "why": {"text": failure["message"]},
                "acts": {"text": "", "acts": acts},
            },
        }

    async def again(self, tenant_id: str, _name: str) -> None:
        """Only this one."""
        known = self.list.items if self.list else []
        failure = next((one for one in known if one["tenant"]["id"] == tenant_id), None)
        if failure is not None:
            await self.open(RunBilling, failure)

    async def open(self, kind: type[RunBilling], failure: BillingFailure | None) -> None:
        """Opens the dialog."""
        assert self.run is not None
        with self.body:
            await kind(self.visit, self.run["month"], failure["tenant"] if failure else None).ask()
