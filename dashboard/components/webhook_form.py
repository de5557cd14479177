"""Adding a webhook endpoint: where it is, of what and of whom it hears."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from nicegui import ui

from dashboard.components.action import Action
from dashboard.components.fields import check_field, choice_field, text_field
from dashboard.components.secret_once import show_secret
from dashboard.components.tenant_picker import TenantPicker
from dashboard.components.text import box
from dashboard.session import Visit
from dashboard.webhook_words import called, event_words, hears_then

After = Callable[[], Awaitable[None]]
SCOPES = {"all": "All tenants", "one": "One tenant"}


class EventPicker:
    """All events, or some of those that there are. `changed` hears of each choice."""

    def __init__(self, kinds: list[str], chosen: list[str], changed: Callable[[], Awaitable[None]]) -> None:
        self.changed = changed
        with box("t-events").props('role=group aria-label="Events"'):
            self.all = check_field("All events, also those that are yet to come", self.turned, value=not chosen)
            self.some = {kind: check_field(event_words(kind), changed, value=kind in chosen) for kind in kinds}
        self.turn()

    async def turned(self) -> None:
        """All of them, or not."""
        self.turn()
        await self.changed()

    def turn(self) -> None:
        """With all of them there is nothing to choose."""
        for field in self.some.values():
            field.set_visibility(not self.all.value)

    def chosen(self) -> list[str] | None:
        """Empty for all; None while none is chosen."""
        if self.all.value:
            return []
        return [kind for kind, field in self.some.items() if field.value] or None


class NewEndpoint(Action):
    """One opening is one endpoint. Its secret is shown once it is made, this once."""

    title: ClassVar[str] = "New webhook endpoint"
    verb: ClassVar[str] = "Add endpoint"
    document: ClassVar[str] = "CreateWebhookEndpoint"
    success: ClassVar[str] = "WebhookSecretPayload"
    makes_another: ClassVar[bool] = True

    def __init__(self, visit: Visit, kinds: list[str], after: After, shelf: ui.element) -> None:
        self.kinds = kinds
        self.after = after
        self.shelf = shelf
        super().__init__(visit)

    def fields(self) -> None:
        """Where to, and of what and of whom."""
        self.url = text_field("URL, beginning with https://", self.ask, props="maxlength=2000 type=url autofocus")
        self.description = text_field("Description, such as the program's name", self.ask, props="maxlength=200")
        self.scope = choice_field("Hears of", SCOPES, self.turned, value="all")
        self.tenant = TenantPicker("Tenant: name or external id", self.visit, self.ask)
        self.tenant.set_visibility(False)
        self.events = EventPicker(self.kinds, [], self.ask)

    async def turned(self) -> None:
        """One tenant is asked for."""
        self.tenant.set_visibility(self.scope.value == "one")
        await self.ask()

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until there is a URL, a tenant where one is wanted, and an event."""
        url, events, picked = (self.url.value or "").strip(), self.events.chosen(), self.tenant.picked
        if not url or events is None or (self.scope.value == "one" and picked is None):
            return None
        tenant_id = picked["id"] if picked and self.scope.value == "one" else None
        description = (self.description.value or "").strip()
        given = {"url": url, "description": description, "tenantId": tenant_id, "eventTypes": events}
        return {"input": {**given, "dryRun": dry_run}}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What it will hear."""
        assert result is not None
        self.line(hears_then(result["endpoint"]))
        self.line("Then its secret is shown, once: the receiver needs it to know that messages are ours.")

    def announce(self, result: dict[str, Any]) -> str:
        """That it hears."""
        return f"{called(result['endpoint'])} hears of events now."

    async def done(self, result: dict[str, Any]) -> None:
        """The secret, and the list."""
        with self.shelf:
            show_secret(called(result["endpoint"]), result["secret"])
        await self.after()
