"""What is done to a webhook endpoint: changed, tested, switched off and on, given a new secret, deleted."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from nicegui import ui

from dashboard.components.action import Action
from dashboard.components.fields import text_field
from dashboard.components.secret_once import show_secret
from dashboard.components.text import Text
from dashboard.components.webhook_form import EventPicker
from dashboard.session import Visit
from dashboard.shapes.webhooks import WebhookEndpoint
from dashboard.webhook_words import called, hears_then

After = Callable[[], Awaitable[None]]


class EndpointAction(Action):
    """Of an endpoint that there is. `after` is called once it is done."""

    success: ClassVar[str] = "WebhookEndpointPayload"

    def __init__(self, visit: Visit, endpoint: WebhookEndpoint, after: After) -> None:
        self.endpoint = endpoint
        self.after = after
        super().__init__(visit)

    def fields(self) -> None:
        """There is nothing to say but which one it is."""
        Text(self.endpoint["url"], "t-sub t-url", tag="p")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The endpoint."""
        return {"id": self.endpoint["id"], "dryRun": dry_run}

    async def done(self, result: dict[str, Any]) -> None:
        """The list shows it."""
        await self.after()


class EditEndpoint(EndpointAction):
    """Where to and of what; whom it hears of stays."""

    title = "Change webhook endpoint"
    verb = "Save"
    document = "UpdateWebhookEndpoint"

    def __init__(self, visit: Visit, endpoint: WebhookEndpoint, kinds: list[str], after: After) -> None:
        self.kinds = kinds
        super().__init__(visit, endpoint, after)

    def fields(self) -> None:
        """As they are now."""
        old = self.endpoint
        self.url = text_field("URL", self.ask, value=old["url"], props="maxlength=2000 type=url autofocus")
        self.description = text_field("Description", self.ask, value=old["description"], props="maxlength=200")
        self.events = EventPicker(self.kinds, old["eventTypes"], self.ask)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None while something is missing."""
        url, events = (self.url.value or "").strip(), self.events.chosen()
        if not url or events is None:
            return None
        given = {"url": url, "description": (self.description.value or "").strip(), "eventTypes": events}
        return {"id": self.endpoint["id"], "input": given, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What it hears of then."""
        assert result is not None
        after: WebhookEndpoint = result["endpoint"]
        self.line(hears_then(after))
        if after["url"] != self.endpoint["url"]:
            self.line("What waits is sent to the new URL. The secret stays.", "warn")

    def announce(self, result: dict[str, Any]) -> str:
        """Which one."""
        return f"{called(result['endpoint'])} is saved."


class SwitchEndpoint(EndpointAction):
    """Off where it is on, and on where it is off."""

    title = "Switch webhook endpoint"
    verb = "Switch"
    document = "UpdateWebhookEndpoint"

    def fields(self) -> None:
        """Which one, and which way."""
        super().fields()
        self.dialog.verb.show("Switch off" if self.endpoint["active"] else "Switch on")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """The other way."""
        return {"id": self.endpoint["id"], "input": {"active": not self.endpoint["active"]}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is sent, and what is not."""
        if self.endpoint["active"]:
            self.line("Nothing is sent to it any more, and what happens meanwhile is not kept for it.", "warn")
        else:
            self.line("It is sent what happens from now on, not what happened while it was off.")

    def announce(self, result: dict[str, Any]) -> str:
        """Which it is now."""
        return f"{called(result['endpoint'])} is {'on' if result['endpoint']['active'] else 'off'} now."


class SendTest(EndpointAction):
    """A message that says nothing else."""

    title = "Send a test"
    verb = "Send test"
    document = "TestWebhookEndpoint"
    success = "WebhookDeliveryPayload"

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is sent."""
        self.line("A signed webhook.test is sent at once; the log below shows what becomes of it.")

    def announce(self, result: dict[str, Any]) -> str:
        """That it is on its way."""
        return f"A test is on its way to {called(self.endpoint)}."


class RotateSecret(EndpointAction):
    """A new secret, shown this once."""

    title = "New secret"
    verb = "Make a new secret"
    document = "RotateWebhookSecret"
    success = "WebhookSecretPayload"

    def __init__(self, visit: Visit, endpoint: WebhookEndpoint, after: After, shelf: ui.element) -> None:
        self.shelf = shelf
        super().__init__(visit, endpoint, after)

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Until when the old one is good."""
        assert result is not None
        until = self.visit.manner.moment(result["endpoint"]["oldSecretUntil"])
        self.line(f"Until {until} messages are signed with the secret of today too: give the receiver the new one.")
        if self.endpoint["oldSecretUntil"]:
            self.line("The one before today's, which signs still, ends at once.", "warn")

    def announce(self, result: dict[str, Any]) -> str:
        """Done; it is shown beside it."""
        return f"{called(result['endpoint'])} has a new secret."

    async def done(self, result: dict[str, Any]) -> None:
        """The secret, and the list."""
        with self.shelf:
            show_secret(called(result["endpoint"]), result["secret"])
        await self.after()


class DeleteEndpoint(EndpointAction):
    """For good."""

    title = "Delete webhook endpoint"
    verb = "Delete"
    document = "DeleteWebhookEndpoint"
    is_dangerous = True

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is not sent any more."""
        assert result is not None
        waiting = result["endpoint"]["deliveries"]["totalCount"]
        many = "More than 10,000 messages" if waiting is None else f"{waiting:,} messages"
        told = "No message waits" if waiting == 0 else "1 message that waits" if waiting == 1 else f"{many} that wait"
        self.line(f"{told} for it." if waiting == 0 else f"{told} for it will not be sent.", "danger")
        self.line("Its secret is forgotten. What was sent stays in the log for 30 days.")

    def announce(self, result: dict[str, Any]) -> str:
        """That it is gone."""
        return f"{called(result['endpoint'])} was deleted."
