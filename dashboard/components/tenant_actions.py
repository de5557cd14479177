"""Making a tenant, changing its terms, suspending and deleting it."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from dashboard.components.action import Action
from dashboard.components.fields import text_field
from dashboard.components.text import box
from dashboard.session import Visit
from dashboard.shapes.tenants import Tenant
from dashboard.terms import changes, terms

Then = Callable[[], Awaitable[None]]
NUMBERS = {
    "graceDays": "Grace, in days",
    "finalizationDays": "Held before collection, in days",
    "billingDelayHours": "Billed after, in hours",
}


class TenantFields:
    """Name, zone, and the three numbers."""

    def __init__(self, action: Action, tenant: Tenant | None) -> None:
        heard = action.ask
        self.name = text_field("Name", heard, value=tenant["name"] if tenant else "", props="maxlength=200 autofocus")
        self.zone = text_field("Time zone in which its months end", heard, value=zone_of(action.visit, tenant))
        with box("t-form__three"):
            numbers = tenant or {"graceDays": 0, "finalizationDays": 0, "billingDelayHours": 1}
            self.numbers = {
                name: text_field(label, heard, value=str(numbers[name]), props="inputmode=numeric maxlength=4")  # type: ignore[literal-required]  # the three names above
                for name, label in NUMBERS.items()
            }

    def typed(self) -> dict[str, object] | None:
        """None while something is missing, with words at its field."""
        given: dict[str, object] = {
            "name": (self.name.value or "").strip(),
            "billingZone": (self.zone.value or "").strip(),
        }
        for name, field in self.numbers.items():
            number = (field.value or "").strip()
            field.error = None if number.isascii() and number.isdigit() else "Type a whole number."
            if field.error:
                return None
            given[name] = int(number)
        return given if given["name"] and given["billingZone"] else None


def zone_of(visit: Visit, tenant: Tenant | None) -> str:
    """The tenant's own; for a new one the viewer's, which is most often right."""
    return tenant["billingZone"] if tenant else str(visit.manner.zone)


class CreateTenant(Action):
    """Its wallet comes with it; its page is opened then."""

    title = "Create tenant"
    verb = "Create tenant"
    document = "CreateTenant"
    success = "TenantPayload"
    makes_another = True

    def fields(self) -> None:
        """Its terms, and what never changes: its currency, and the client's own name for it."""
        self.terms = TenantFields(self, None)
        with box("t-form__two"):
            self.currency = text_field("Currency, for good", self.ask, value="INR", props="maxlength=3")
            self.external = text_field("Your own id for it (optional)", self.ask, props="maxlength=255")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Once there is a name."""
        typed = self.terms.typed()
        code = (self.currency.value or "").strip().upper()
        if typed is None or len(code) != 3:
            return None
        external = (self.external.value or "").strip() or None
        return {"input": {**typed, "currency": code, "externalId": external, "dryRun": dry_run}}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Its terms in words."""
        assert result is not None
        tenant: Tenant = result["tenant"]
        self.line(f"{tenant['name']} and its wallet in {tenant['currency']}, with a balance of 0.", "strong")
        for name, words in terms(tenant).items():
            self.line(f"{name}: {words}.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{result['tenant']['name']} is created."

    async def done(self, result: dict[str, Any]) -> None:
        """On to its page."""
        ui.navigate.to(f"/tenants/{result['tenant']['id']}")


class TenantAction(Action):
    """About one tenant; `then` shows the page anew."""

    success = "TenantPayload"

    def __init__(self, visit: Visit, tenant: Tenant, then: Then) -> None:
        self.tenant = tenant
        self.then = then
        super().__init__(visit)

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows it."""
        await self.then()


class EditTenant(TenantAction):
    """Its name and terms."""

    title = "Settings"
    verb = "Save changes"
    document = "UpdateTenant"

    def fields(self) -> None:
        """As they are now."""
        self.terms = TenantFields(self, self.tenant)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """What differs; None while nothing does."""
        typed = self.terms.typed() or {}
        given = {name: value for name, value in typed.items() if value != self.tenant.get(name)}
        return {"id": self.tenant["id"], "input": given, "dryRun": dry_run} if given else None

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What will be different."""
        assert result is not None
        for words in changes(self.tenant, result["tenant"]):
            self.line(words, "strong")
        self.line("Invoices that are issued already keep the terms that they were issued under.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return "The settings are saved."


class SuspendTenant(TenantAction):
    """Ends what its people entered with; billing goes on."""

    title = "Suspend this tenant"
    verb = "Suspend"
    document = "UpdateTenant"
    is_dangerous = True

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Not active any more."""
        return {"id": self.tenant["id"], "input": {"active": False}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What ends, and what goes on."""
        self.line(f"All people and tokens of {self.tenant['name']} are refused within seconds.", "strong")
        self.line("Its wallet, usage and billing go on: to stop usage, lock the wallet.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.tenant['name']} is suspended."


class ActivateTenant(TenantAction):
    """Lets its people in again."""

    title = "Let this tenant in again"
    verb = "Activate"
    document = "UpdateTenant"

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Active again."""
        return {"id": self.tenant["id"], "input": {"active": True}, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """Who may enter."""
        self.line(f"People and tokens of {self.tenant['name']} may enter again.", "strong")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.tenant['name']} is let in again."


class DeleteTenant(TenantAction):
    """Closes it and its people; the API refuses while there is money, debt or unbilled usage."""

    title = "Delete this tenant"
    verb = "Delete"
    document = "DeleteTenant"
    is_dangerous = True

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Which one."""
        return {"id": self.tenant["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What goes and what stays."""
        self.line(f"{self.tenant['name']}, all its people and its wallet are closed. For good.", "strong")
        self.line("Its history stays: transactions, invoices and the audit.")

    def announce(self, result: dict[str, Any]) -> str:
        """Done."""
        return f"{self.tenant['name']} is deleted."
