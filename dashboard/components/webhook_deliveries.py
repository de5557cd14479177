"""The log of webhook deliveries: what was sent where, what came of it, and sending it again."""

from typing import Any

from dashboard.components import states
from dashboard.components.chips import Chips
from dashboard.components.data_table import Act, Column, Row
from dashboard.components.fields import choice_field
from dashboard.components.listing import Listing
from dashboard.components.text import Text, box
from dashboard.components.webhook_delivery import DeliveryDialog, Redeliver
from dashboard.session import Visit
from dashboard.shapes.webhooks import WebhookDelivery, WebhookEndpoint
from dashboard.webhook_words import bare, called, event_words, last_answer, status_badge, tries

COLUMNS: tuple[Column, ...] = (
    {"name": "event", "label": "Event"},
    {"name": "endpoint", "label": "Endpoint"},
    {"name": "status", "label": "Status"},
    {"name": "answer", "label": "Answer", "wide": True},
    {"name": "acts", "label": "Actions", "align": "right"},
)
CHOICES = {"All": None, "Waiting": "PENDING", "Delivered": "DELIVERED", "Failed": "FAILED"}
EVERY = ""


class Deliveries:
    """Built where it stands; `load` asks for what is shown."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.may_write = visit.is_super_admin
        self.status: str | None = None
        self.dialog: DeliveryDialog | None = None
        with box("t-card t-deliveries", "section").props('aria-label="Deliveries"'):
            with box("t-card__head"):
                Text("Deliveries", "t-h2", tag="h2")
                box("t-space")
                self.endpoint = choice_field("Endpoint", {EVERY: "All endpoints"}, self.narrow, value=EVERY)
                Chips("Which deliveries", list(CHOICES), "All", self.choose)
            self.listing: Listing[WebhookDelivery] = Listing(
                "messages", COLUMNS, ask=self.ask, row=self.row, empty=self.empty, expire=visit.expire, act=self.act
            )
            self.shelf = box("")

    def offer(self, endpoints: list[WebhookEndpoint]) -> None:
        """Those of which the deliveries may be asked for; what was chosen stays so."""
        options = {EVERY: "All endpoints"} | {endpoint["id"]: called(endpoint) for endpoint in endpoints}
        if self.endpoint.value not in options:
            options[self.endpoint.value] = self.endpoint.options[self.endpoint.value]
        if options != self.endpoint.options:
            self.endpoint.set_options(options, value=self.endpoint.value)

    async def choose(self, name: str) -> None:
        """Of one status, or all."""
        self.status = CHOICES[name]
        await self.listing.start_over()

    async def narrow(self) -> None:
        """To one endpoint, or all."""
        await self.listing.start_over()

    async def load(self) -> None:
        """The page that is shown, and the delivery that is looked at."""
        await self.listing.load()
        if self.dialog is not None and self.dialog.is_open:
            await self.dialog.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page."""
        given: dict[str, Any] = {"first": first, "after": after, "status": self.status}
        if self.endpoint.value == EVERY:
            return (await self.visit.api.send("WebhookDeliveries", **given))["webhookDeliveries"]
        found = (await self.visit.api.send("WebhookDeliveriesTo", id=self.endpoint.value, **given))["node"]
        return found["deliveries"]

    def row(self, delivery: WebhookDelivery) -> Row:
        """What is said of one."""
        manner, words = self.visit.manner, event_words(delivery["eventType"])
        which = f"{words} of {manner.moment(delivery['createdAt'])} to {called(delivery['endpoint'])}"
        acts: list[Act] = [{"name": "look", "words": "Details", "label": f"Details: {which}"}]
        if self.may_write:
            acts.append({"name": "again", "words": "Redeliver", "label": f"Redeliver: {which}"})
        where = bare(delivery["endpoint"]["url"]) if delivery["endpoint"]["description"] else ""
        tone = "danger" if delivery["status"] == "FAILED" else ""
        return {
            "id": delivery["id"],
            "cells": {
                "event": {"text": words, "sub": manner.moment(delivery["createdAt"])},
                "endpoint": {"text": called(delivery["endpoint"]), "sub": where},
                "status": {"text": "", "badges": [status_badge(delivery)]},
                "answer": {"text": last_answer(delivery), "sub": tries(delivery, manner), "tone": tone},
                "acts": {"text": "", "acts": acts},
            },
        }

    def empty(self) -> None:
        """Nothing of the kind."""
        if self.status is None and self.endpoint.value == EVERY:
            states.empty("Nothing was sent yet", "What is sent to endpoints is listed here for 30 days.")
        else:
            states.empty("None of these", "Choose another status or endpoint.")

    async def act(self, delivery_id: str, name: str) -> None:
        """One of them is looked at, or sent again."""
        found = next((one for one in self.listing.items if one["id"] == delivery_id), None)
        if found is None:
            return
        with self.shelf:
            if name == "look":
                self.dialog = DeliveryDialog(self.visit, found)
            else:
                await Redeliver(self.visit, found, self.load).ask()
