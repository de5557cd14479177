"""Finds a tenant by its name or external id."""

from dashboard.components.picker import Picker
from dashboard.components.text import Text
from dashboard.shapes.alerts import FoundTenant
from dashboard.shapes.lists import nodes


class TenantPicker(Picker[FoundTenant]):
    """With its currency."""

    noun = "Tenants"

    def set_visibility(self, visible: bool) -> None:
        """Shown or hidden, with what it has found."""
        self.field.set_visibility(visible)
        self.found.set_visibility(visible)

    async def search(self, text: str) -> list[FoundTenant]:
        """The first ten. May raise ApiError."""
        found: list[FoundTenant] = nodes((await self.visit.api.send("TenantsFound", search=text))["tenants"])
        return found

    def describe(self, one: FoundTenant) -> None:
        """Its name and its currency."""
        Text(one["name"])
        Text(one["currency"], "t-sub")

    def nobody(self) -> str:
        """That there is none."""
        return "No tenant is called that."
