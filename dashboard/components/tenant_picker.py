"""Finds a tenant by its name or external id."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.fields import text_field
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.alerts import Watchable
from dashboard.shapes.lists import nodes

SHORTEST = 2


class TenantPicker:
    """A field, what it finds, and the one that was picked. `changed` hears of each picking."""

    def __init__(self, label: str, visit: Visit, changed: Callable[[], Awaitable[None]]) -> None:
        self.visit = visit
        self.changed = changed
        self.picked: Watchable | None = None
        self.asked = 0
        self.field = text_field(label, self.look)
        self.found = box("t-picker").props('role=group aria-label="Tenants found" aria-live=polite')

    def set_visibility(self, visible: bool) -> None:
        """Shown or hidden, with what it has found."""
        self.field.set_visibility(visible)
        self.found.set_visibility(visible)

    async def look(self) -> None:
        """Asks for what is typed; what was picked before is so no more."""
        self.asked += 1
        question, text = self.asked, (self.field.value or "").strip()
        if self.picked is not None:
            self.picked = None
            await self.changed()
        self.field.error = None
        try:
            tenants = await self.search(text) if len(text) >= SHORTEST else []
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question == self.asked and not self.found.is_deleted:
            self.show(tenants, text)

    def fail(self, error: ApiError) -> None:
        """No answer, which is not the same as nobody."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.found.is_deleted:
            self.found.clear()
            self.field.error = str(error)

    async def search(self, text: str) -> list[Watchable]:
        """The first ten. May raise ApiError."""
        found: list[Watchable] = nodes((await self.visit.api.send("TenantsFound", search=text))["tenants"])
        return found

    def show(self, tenants: list[Watchable], text: str) -> None:
        """Each as a button; or that there is none."""
        self.found.clear()
        with self.found:
            for tenant in tenants:
                self.offer(tenant)
            if not tenants and len(text) >= SHORTEST:
                Text("No tenant is called that.", "t-preview__hint", tag="p")

    def offer(self, tenant: Watchable) -> ui.element:
        """Its name and its currency."""

        async def pick() -> None:
            self.picked = tenant
            self.found.clear()
            with self.found:
                self.offer(tenant).classes("t-picker__one--picked").props("aria-pressed=true")
            await self.changed()

        with box("t-picker__one", "button").props("type=button").on("click", pick) as button:
            Text(tenant["name"])
            Text(tenant["currency"], "t-sub")
        return button
