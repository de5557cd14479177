"""Setting a rehearsed price for all with whom it was rehearsed: one confirmation, progress, and what came of each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.fields import day_field
from dashboard.components.preview import consequence
from dashboard.components.text import Text, box
from dashboard.format import Manner, zone_of
from dashboard.price_terms import told
from dashboard.rehearsals import changed, currency_of, span
from dashboard.session import Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.rehearsal import Rehearsal

AT_ONCE = 4
PAGE = 100
SHOWN = 100
"""Tenants that the list of results keeps: those that were refused, and the last ones that were set."""
COLUMNS: list[Column] = [
    {"name": "tenant", "label": "Tenant", "wide": True},
    {"name": "result", "label": "Result"},
]


@dataclass(frozen=True)
class Plan:
    """What was rehearsed, and what came of it."""

    input: dict[str, Any]
    told: Rehearsal
    manner: Manner

    @property
    def terms(self) -> dict[str, Any]:
        """What setPrice takes of it."""
        return {name: self.input[name] for name in self.input if name not in ("tenantIds", "currency", "months")}


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
        terms, currency = self.plan.terms, currency_of(self.plan.told)
        words = told(terms, "unit", currency, self.plan.manner)
        Text(f"{terms['service']}: {words}", "t-sub", tag="p")
        self.day = day_field("From", self.ask)
        Text("At midnight in each tenant's billing zone.", "t-sub", tag="p")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Only the day."""
        return {"day": self.day.value} if day_of(self.day.value) else None

    def outlook(self, result: dict[str, Any] | None) -> None:
        """For how many, and what it would have meant."""
        rehearsed = self.plan.told
        count = rehearsed["tenantCount"]
        consequence(f"It is set for {count:,} tenant{'s' if count > 1 else ''}, one after the other")
        self.line(f"Over {span(rehearsed['months'])} they would have paid {changed(rehearsed, self.plan.manner)}.")
        if rehearsed["wouldHaveLocked"] > rehearsed["locked"]:
            locked = f"{rehearsed['wouldHaveLocked']:,} would have been locked, {rehearsed['locked']:,} really were"
            consequence(locked, warning=True)
        self.line(
            "Who cannot take it (a month that was billed, another price from that day) is named; nobody else waits."
        )

    async def confirm(self) -> None:
        """Begins. Pressed twice, it begins once."""
        if self.dialog.busy or not self.dialog.ready or not self.dialog.is_open:
            return
        self.dialog.work(True)
        self.dialog.close()
        await self.begin(self.plan, self.day.value)


class SchedulePanel:
    """The setting under way: how far it is, and what came of each. It ends with the page; repeating it is harmless."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.task: asyncio.Task[None] | None = None
        self.body = box("t-stack")
        ui.context.client.on_delete(self.stop)

    def stop(self) -> None:
        """Whoever leaves ends it: what was set stays, and a repeat does the rest."""
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
        self.body.clear()
        with self.body, box("t-card", "section").props('aria-label="Setting the price"'):
            with box("t-card__head"):
                self.words = Text("", "t-h2", tag="h2").props("aria-live=polite")
                self.note = Text(
                    "Leaving this page stops it: what is set stays, and setting it again does the rest", "t-sub"
                )
            self.bar = box("t-progress").props('role=progressbar aria-label="Tenants done" aria-valuemin=0')
            with self.bar:
                self.fill = box("t-progress__done")
            self.table = DataTable("What came of each", COLUMNS)
        self.paint()
        self.task = asyncio.create_task(self.run(plan, day), name="set a price for many")

    async def run(self, plan: Plan, day: str) -> None:
        """A few at once: they are different tenants, so none waits for another."""
        problem = ""
        try:
            async for group in self.groups(plan):
                for start in range(0, len(group), AT_ONCE):
                    some = group[start : start + AT_ONCE]
                    for row in await asyncio.gather(*(self.set_one(plan, tenant, day) for tenant in some)):
                        self.take(row)
                    self.paint()
        except ApiError as error:
            problem = f"{error} Set it again: it goes on where it stopped."
        if self.body.is_deleted:
            return
        finished = f"{self.done - self.refused:,} set" + (f", {self.refused:,} refused" if self.refused else "")
        self.words.show(finished if not problem else f"Stopped: {finished}")
        self.note.show(problem or "Setting it again changes nothing more")

    async def groups(self, plan: Plan) -> AsyncIterator[list[Any]]:
        """Those that were rehearsed: named, or found page by page."""
        if "tenantIds" in plan.input:
            yield await self.rehearsed(plan, plan.input["tenantIds"])
            return
        after, more = None, True
        while more:
            answer = (await self.visit.api.send("PricedTenants", first=PAGE, after=after))["tenants"]
            ids = [one["id"] for one in nodes(answer) if one["currency"] == plan.input["currency"]]
            if ids:
                yield await self.rehearsed(plan, ids)
            after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]

    async def rehearsed(self, plan: Plan, ids: list[str]) -> list[Any]:
        """Of these tenants those that have the service and a closed month."""
        asked = {**plan.input, "tenantIds": ids}
        answer = await self.visit.api.send("RehearsedTenants", input=asked, service=plan.input["service"])
        return [one["tenant"] for one in nodes(answer["priceRehearsal"]["tenants"])]

    async def set_one(self, plan: Plan, tenant: Any, day: str) -> Row:
        """What came of one: the same price twice is the same price."""
        prices = nodes(tenant["prices"])
        unit = prices[0]["unit"] if prices else "page"
        given = {
            "tenantId": tenant["id"],
            "unit": unit,
            "effectiveFrom": midnight(day, tenant["billingZone"]),
            **plan.terms,
        }
        try:
            result = (await self.visit.api.send("SetPrice", input=given))["result"]
        except ApiError as error:
            if error.code in ("UNAUTHENTICATED", "UNAVAILABLE", "FORBIDDEN"):
                raise
            return self.row(tenant, str(error), "danger")
        if result["__typename"] == "PricePayload":
            begins = Manner(plan.manner.lakh, zone_of(tenant["billingZone"])).moment(result["price"]["effectiveFrom"])
            return self.row(tenant, f"Set from {begins}", "positive")
        if result["__typename"] == "PeriodClosed":
            return self.row(tenant, f"Billed already: open from {plan.manner.moment(result['openFrom'])}", "danger")
        return self.row(tenant, result["message"], "danger")

    def row(self, tenant: Any, words: str, tone: str) -> Row:
        """Its name, and what came of it."""
        badge = {"text": "Set" if tone == "positive" else "Refused", "tone": tone}
        cells: Any = {"tenant": {"text": tenant["name"]}, "result": {"text": words, "badges": [badge]}}
        return {"id": tenant["id"], "cells": cells, "href": f"/pricing?tenant={tenant['id']}"}

    def take(self, row: Row) -> None:
        """Those that were refused are kept first."""
        self.done += 1
        is_refused = row["cells"]["result"]["badges"][0]["tone"] == "danger"
        self.refused += is_refused
        self.results.insert(self.refused - 1 if is_refused else self.refused, row)
        del self.results[SHOWN:]

    def paint(self) -> None:
        """How far it is."""
        if self.body.is_deleted:
            return
        count = max(self.count, self.done)
        self.words.show(f"{self.done:,} of {count:,} tenants done")
        self.bar.props["aria-valuenow"] = self.done
        self.bar.props["aria-valuemax"] = count
        self.bar.update()
        self.fill.style(f"width: {100 * self.done / max(1, count):.1f}%")
        self.table.show(self.results)


def day_of(text: str | None) -> datetime | None:
    """The day that is typed."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None


def midnight(day: str, zone: str) -> str:
    """Its beginning in the zone, as the API takes it."""
    return datetime.fromisoformat(day).replace(tzinfo=zone_of(zone)).isoformat()
