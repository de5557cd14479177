"""One webhook delivery: its message and each attempt at it, kept current; and sending it again."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import orjson
from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.webhooks import WebhookDelivery
from dashboard.webhook_words import answer, called, event_words, status_badge, tries


class DeliveryDialog:
    """Open until it is closed; `load` shows what has become of it."""

    def __init__(self, visit: Visit, delivery: WebhookDelivery) -> None:
        self.visit = visit
        self.delivery = delivery
        self.is_open = True
        title = event_words(delivery["eventType"])
        self.dialog = ui.dialog().on("hide", self.gone)
        self.dialog.props["aria-label"] = title
        with self.dialog, box("t-dialog t-dialog--wide"):
            with box("t-dialog__head"):
                Text(title, "t-h2", tag="h2")
                with box("t-iconbtn", "button").props('type=button aria-label="Close"').on("click", self.dialog.close):
                    Icon("close")
            with box("t-dialog__body"):
                self.status = box("t-delivery__status").props("aria-live=polite")
                Text(delivery["endpoint"]["url"], "t-sub t-url", tag="p")
                Text("Attempts", "t-delivery__title", tag="h3")
                self.attempts = box("t-attempts", "ol")
                Text("Message", "t-delivery__title", tag="h3")
                Text(f"webhook-id: {delivery['id']}", "t-sub t-url", tag="p")
                shown = orjson.dumps(delivery["payload"], option=orjson.OPT_INDENT_2).decode()
                Text(shown, "t-payload", tag="pre").props('tabindex=0 role=region aria-label="Payload"')
            with box("t-dialog__foot"), box("t-btn", "button").props("type=button").on("click", self.dialog.close):
                Text("Close")
        self.draw()
        self.dialog.open()

    def gone(self) -> None:
        """It is out of sight now."""
        self.is_open = False
        self.dialog.delete()

    async def load(self) -> None:
        """As it is now; without an answer what was shown stays."""
        try:
            found = (await self.visit.api.send("WebhookDelivery", id=self.delivery["id"]))["node"]
        except ApiError:
            return
        if found and self.is_open and found != self.delivery:
            self.delivery = found
            self.draw()

    def draw(self) -> None:
        """How far it has come, and each attempt."""
        delivery, manner = self.delivery, self.visit.manner
        badge = status_badge(delivery)
        self.status.clear()
        with self.status:
            Text(badge["text"], f"t-badge t-badge--{badge['tone']}")
            Text(tries(delivery, manner) or "Not sent yet", "t-sub")
        self.attempts.clear()
        with self.attempts:
            for attempt in reversed(delivery["attempts"]):
                with box("t-attempt", "li"):
                    Text(manner.moment(attempt["time"]), "t-attempt__time")
                    tone = "danger" if attempt["error"] is not None else "positive"
                    Text(answer(attempt), f"t-tone--{tone}")


class Redeliver(Action):
    """The same message again."""

    title: ClassVar[str] = "Redeliver"
    verb: ClassVar[str] = "Send again"
    document: ClassVar[str] = "RedeliverWebhook"
    success: ClassVar[str] = "WebhookDeliveryPayload"

    def __init__(self, visit: Visit, delivery: WebhookDelivery, after: Callable[[], Awaitable[None]]) -> None:
        self.delivery = delivery
        self.after = after
        super().__init__(visit)

    def fields(self) -> None:
        """Which one."""
        Text(f"{event_words(self.delivery['eventType'])} → {self.delivery['endpoint']['url']}", "t-sub t-url", tag="p")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The delivery."""
        return {"id": self.delivery["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is sent."""
        self.line("The same message is sent again at once, by the same webhook-id.")
        if self.delivery["deliveredAt"]:
            taken = self.visit.manner.moment(self.delivery["deliveredAt"])
            self.line(f"It was taken on {taken}: a receiver that remembers ids takes it for a copy.", "warn")

    def announce(self, result: dict[str, Any]) -> str:
        """That it is on its way."""
        return f"It is on its way to {called(self.delivery['endpoint'])} again."

    async def done(self, result: dict[str, Any]) -> None:
        """The log shows it."""
        await self.after()
