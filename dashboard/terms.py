"""A tenant's terms in words: when its months end, when they are billed, and how long it may owe."""

from dashboard.components.data_table import Badge
from dashboard.counting import counted
from dashboard.shapes.tenants import Tenant


def status(tenant: Tenant) -> Badge:
    """Whether its people may sign in."""
    if tenant["closedAt"]:
        return {"text": "Deleted", "tone": "muted"}
    return {"text": "Active", "tone": "positive"} if tenant["active"] else {"text": "Suspended", "tone": "warn"}


def grace(days: int) -> str:
    """How long it may owe."""
    return f"Locks {counted(days, 'day')} after an invoice is not covered" if days else "Locks at once when not covered"


def window(days: int) -> str:
    """Whether a covered invoice waits."""
    if not days:
        return "Invoices are collected when they are issued"
    return f"Invoices wait {counted(days, 'day')}, their amount held, before they are collected"


def delay(hours: int) -> str:
    """When the server bills."""
    return f"A month is billed {counted(hours, 'hour')} after it ends"


def terms(tenant: Tenant) -> dict[str, str]:
    """All of them, by what they are called."""
    return {
        "Months end in": tenant["billingZone"],
        "Billing": delay(tenant["billingDelayHours"]),
        "Collection": window(tenant["finalizationDays"]),
        "Grace": grace(tenant["graceDays"]),
    }


def changes(before: Tenant, after: Tenant) -> list[str]:
    """What is different, in sentences."""
    said = [f"Is called {after['name']} instead of {before['name']}."] if before["name"] != after["name"] else []
    old, new = terms(before), terms(after)
    return said + [f"{name}: {new[name]}, instead of: {old[name]}." for name in new if new[name] != old[name]]
