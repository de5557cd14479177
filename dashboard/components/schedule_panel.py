"""Setting a rehearsed price for many: one confirmation, how far it is, and what came of each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.fields import day_field
from dashboard.components.preview import consequence
from dashboard.components.progress import Progress
from dashboard.components.text import Text, box
from dashboard.price_terms import told
from dashboard.rehearsals import changed, currency_of, span
from dashboard.scheduling import Outcome, Plan, set_for_all
from dashboard.session import Visit

SHOWN = 100
"""Tenants that the list of results keeps: those that were refused, and the last ones that were set."""
NAMED = 3
TRIED = 100
"""Of so many each is asked beforehand whether it would take it."""
COLUMNS: list[Column] = [
    {"name": "tenant", "label": "Tenant", "wide": True},
    {"name": "result", "label": "Result"},
]


class SchedulePrice(Action):
    """Chooses the day; the setting itself goes on below, tenant by tenant."""

    title = "Set this price"
    verb = "Set it"
    has_dry_run = False

    def __init__(self, visit: Visit, plan: Plan, begin: Callable[[Plan, str], Awaitable[None]]) -> None:
        self.plan = plan
        self.begin = begin
        super().__init__(visit)

    def fields(self) -> None:
        """From when. Months begin at midnight in each tenant's billing zone, and so does the price."""
        terms = self.plan.terms
        words = told(terms, self.plan.unit, currency_of(self.plan.told), self.visit.manner)
        Text(f"{terms['service']}: {words}", "t-sub", tag="p")
        self.day = day_field("From midnight of", self.ask, props="autofocus")
        Text("Midnight is each tenant's own, in its billing zone.", "t-sub", tag="p")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Only the day."""
        try:
            return {"day": date.fromisoformat(self.day.value or "").isoformat()}
        except ValueError:
            return None

    def outlook(self, result: dict[str, Any] | None) -> None:
        """For how many, and what it would have meant."""
        rehearsed = self.plan.told
        count = rehearsed["tenantCount"]
        consequence(f"Sets it for {count:,} tenant{'s' if count > 1 else ''}, one by one")
        self.line(f"{span(rehearsed['months'])} at it: {changed(rehearsed, self.visit.manner)}.")
        if rehearsed["wouldHaveLocked"] > rehearsed["locked"]:
            locked = f"{rehearsed['wouldHaveLocked']:,} would have been locked, {rehearsed['locked']:,} really were"
            consequence(locked, warning=True)
        if count > TRIED:
            self.line("Whoever cannot take it is named as it goes on; the others get it.")

    async def ask(self) -> None:
        """Of not too many, each is asked whether it would take it."""
        await super().ask()
        day = self.day.value
        if not self.dialog.ready or self.plan.told["tenantCount"] > TRIED:
            return
        question, refused = self.asked, []
        self.dialog.allow(False)
        try:
            async for some in set_for_all(self.visit.api, self.plan, day, self.visit.manner, dry_run=True):
                refused += [one for one in some if not one.is_set]
        except ApiError as error:
            if question == self.asked:
                self.dialog.say(str(error))
            return
        if question == self.asked and self.dialog.is_open:
            self.tell_refused(refused)
            self.dialog.allow(len(refused) < self.plan.told["tenantCount"])

    def tell_refused(self, refused: list[Outcome]) -> None:
        """Who would not take it, and why."""
        with self.preview:
            for one in refused[:NAMED]:
                consequence(f"Not {one.name}: {one.words}", warning=True)
            if len(refused) > NAMED:
                consequence(f"Nor {len(refused) - NAMED} others", warning=True)
            if not refused:
                self.line("Each of them can take it.")

    async def confirm(self) -> None:
        """Begins. Pressed twice, it begins once."""
        self.dialog.work(True)
        self.dialog.close()
        await self.begin(self.plan, self.day.value)


class SchedulePanel:
    """The setting under way. It ends with the page; what was set stays, and setting it again does the rest."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.task: asyncio.Task[None] | None = None
        self.body = box("t-stack")
        ui.context.client.on_delete(self.stop)

    def stop(self) -> None:
        """Whoever leaves ends it."""
        if self.task is not None:
            self.task.cancel()

    async def start(self, plan: Plan, day: str) -> None:
        """One at a time."""
        if self.task is not None and not self.task.done():
            ui.notify("A price is being set already: wait until it is done.", type="warning", position="bottom")
            return
        self.done = self.refused = 0
        self.count = plan.told["tenantCount"]
        self.results: list[Row] = []
        self.build()
        self.paint()
        self.task = asyncio.create_task(self.run(plan, day), name="set a price for many")

    def build(self) -> None:
        """How far it is, above what came of each."""
        self.body.clear()
        with self.body, box("t-card", "section").props('aria-label="Setting the price"') as card:
            with box("t-card__head"):
                self.words = Text("", "t-h2", tag="h2").props("aria-live=polite")
                self.note = Text("Leaving this page stops it; setting it again then does the rest", "t-sub")
            self.bar = Progress("Tenants done")
            with box("t-card__body"):
                self.table = DataTable("What came of each", COLUMNS)
        ui.run_javascript(f"getHtmlElement({card.id})?.scrollIntoView({{block: 'nearest'}})")

    async def run(self, plan: Plan, day: str) -> None:
        """To the end, or until something goes wrong that is not about one tenant."""
        problem = ""
        try:
            async for some in set_for_all(self.visit.api, plan, day, self.visit.manner):
                for one in some:
                    self.take(one)
                self.paint()
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            problem = f"{error} Set it again: it goes on where it stopped."
        if self.body.is_deleted:
            return
        finished = f"{self.done - self.refused:,} set" + (f", {self.refused:,} refused" if self.refused else "")
        self.words.show(f"Stopped: {finished}" if problem else finished.capitalize())
        self.note.show(problem or "Setting it again changes nothing more")

    def take(self, one: Outcome) -> None:
        """Those that were refused are kept first."""
        self.done += 1
        self.refused += not one.is_set
        self.results.insert(self.refused if one.is_set else self.refused - 1, row_of(one))
        del self.results[SHOWN:]

    def paint(self) -> None:
        """How far it is."""
        if self.body.is_deleted:
            return
        count = max(self.count, self.done)
        self.words.show(f"{self.done:,} of {count:,} tenants done")
        self.bar.show(self.done, count)
        self.table.show(self.results)


def row_of(one: Outcome) -> Row:
    """Leads to its prices."""
    badge = {"text": "Set", "tone": "positive"} if one.is_set else {"text": "Refused", "tone": "danger"}
    cells: Any = {"tenant": {"text": one.name}, "result": {"text": "", "sub": one.words, "badges": [badge]}}
    return {"id": one.tenant_id, "cells": cells, "href": f"/pricing?tenant={one.tenant_id}"}
