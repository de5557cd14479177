"""The list of webhook endpoints: where they are, what they hear, how they do, and what can be done to them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from dashboard.components import states
from dashboard.components.buttons import action
from dashboard.components.icon import Icon
from dashboard.components.listing import LineList
from dashboard.components.menu import Entry, Menu
from dashboard.components.text import Text, box
from dashboard.components.webhook_actions import (
    After,
    DeleteEndpoint,
    EditEndpoint,
    EndpointAction,
    RotateSecret,
    SendTest,
    SwitchEndpoint,
)
from dashboard.components.webhook_form import NewEndpoint
from dashboard.session import Visit
from dashboard.shapes.webhooks import WebhookEndpoint
from dashboard.webhook_words import called, failing_long, hears, state, trouble


class Endpoints:
    """Built where it stands; `load` asks for what is shown. Only a SUPER_ADMIN is offered to change any.

    `listed` hears of the endpoints that are shown, `changed` is called after one was changed.
    """

    def __init__(self, visit: Visit, listed: Callable[[list[WebhookEndpoint]], None], changed: After) -> None:
        self.visit = visit
        self.listed = listed
        self.changed = changed
        self.may_write = visit.is_super_admin
        self.kinds: list[str] = []
        self.now: datetime | None = None
        self.warning = box("t-callout t-callout--danger").props("role=status")
        with self.warning:
            Icon("alert")
            self.failing = Text("", "t-callout__words")
        self.warning.set_visibility(False)
        with box("t-card", "section").props('aria-label="Endpoints"'):
            with box("t-card__head"):
                Text("Endpoints", "t-h2", tag="h2")
                box("t-space")
                if self.may_write:
                    action("New endpoint", "plus", self.make).classes("t-btn--primary")
            self.list: LineList[WebhookEndpoint] = LineList(
                "endpoints",
                label="Webhook endpoints",
                line=lambda endpoint: EndpointLine(visit, endpoint, self.actions),
                ask=self.ask,
                empty=self.empty,
                expire=visit.expire,
                loaded=self.loaded,
            )
            self.shelf = box("")

    def make(self) -> None:
        """A new one."""
        with self.shelf:
            NewEndpoint(self.visit, self.kinds, self.changed, self.shelf)

    async def load(self) -> None:
        """The page that is shown, as it is now."""
        await self.list.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of endpoints; with it come the events that there are, and the time at which to judge them."""
        answer = await self.visit.api.send("WebhookEndpoints", first=first, after=after)
        self.kinds, self.now = answer["webhookEventTypes"], await self.visit.now()
        return answer["webhookEndpoints"]

    def loaded(self) -> None:
        """Those who look at the same endpoints hear of them."""
        self.warn(self.list.items, self.now)
        self.listed(self.list.items)

    def empty(self) -> None:
        """What endpoints are for."""
        advice = "Have your programs told when an alert fires or recovers, by signed messages."
        states.empty("No endpoints yet", advice if self.may_write else "A super admin adds them.")

    def warn(self, endpoints: list[WebhookEndpoint], now: datetime | None) -> None:
        """Of those that have taken nothing for a day and more."""
        failing = [called(one) for one in endpoints if now is not None and failing_long(one, now)]
        verb = "has" if len(failing) == 1 else "have"
        self.failing.show(f"{', '.join(failing)} {verb} taken no message for more than a day.")
        self.warning.set_visibility(bool(failing))

    def actions(self, line: "EndpointLine") -> list[Entry]:
        """What may be done to an endpoint, as it is when it is done."""
        if not self.may_write:
            return []
        is_on = line.endpoint["active"]
        words, icon = ("Switch off", "minus") if is_on else ("Switch on", "play")
        test = [Entry("Send test", "webhook", self.opening(SendTest, line))] if is_on else []
        return [
            *test,
            Entry("Change", "edit", self.opening(self.edit, line)),
            Entry(words, icon, self.opening(SwitchEndpoint, line)),
            Entry("New secret", "key", self.opening(self.rotate, line)),
            Entry("Delete", "trash", self.opening(DeleteEndpoint, line), danger=True),
        ]

    def opening(
        self, make: Callable[[Visit, WebhookEndpoint, After], EndpointAction], line: "EndpointLine"
    ) -> Callable[[], Awaitable[None]]:
        """Opens a dialog beside the list, which may be drawn anew meanwhile."""

        async def open_dialog() -> None:
            with self.shelf:
                await make(self.visit, line.endpoint, self.changed).ask()

        return open_dialog

    def edit(self, visit: Visit, endpoint: WebhookEndpoint, after: After) -> EditEndpoint:
        """With the events that there are."""
        return EditEndpoint(visit, endpoint, self.kinds, after)

    def rotate(self, visit: Visit, endpoint: WebhookEndpoint, after: After) -> RotateSecret:
        """The secret is shown beside the list too."""
        return RotateSecret(visit, endpoint, after, self.shelf)


class EndpointLine:
    """One endpoint."""

    def __init__(
        self, visit: Visit, endpoint: WebhookEndpoint, actions: Callable[["EndpointLine"], list[Entry]]
    ) -> None:
        self.visit = visit
        self.endpoint = endpoint
        self.actions = actions
        with box("t-rule", "li"):
            with box("t-rule__words"):
                self.name = Text("", "t-rule__name")
                self.url = Text("", "t-rule__what t-url")
                self.what = Text("", "t-rule__sub")
                self.more = Text("", "t-rule__sub")
            self.badge = Text("", "t-badge")
            self.menu = Menu("", offered) if (offered := actions(self)) else None
        self.show(endpoint)

    def show(self, endpoint: WebhookEndpoint) -> None:
        """As it is now."""
        self.endpoint = endpoint
        self.name.show(endpoint["description"])
        self.name.set_visibility(bool(endpoint["description"]))
        self.url.show(endpoint["url"])
        self.what.show(hears(endpoint))
        self.more.show(trouble(endpoint, self.visit.manner))
        words, tone = state(endpoint)
        self.badge.show(words)
        self.badge.classes(replace=f"t-badge t-badge--{tone}")
        if self.menu is not None:
            self.menu.show(self.actions(self))
            self.menu._props["label"] = f"What to do with {called(endpoint)}"
            self.menu.update()
