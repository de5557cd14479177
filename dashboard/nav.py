"""Which sections there are, and who sees which: the API decides, this only hides what it would refuse."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.shapes.people import Viewer

ADMINS = ("SUPER_ADMIN", "SUPPORT")
STAFF = (*ADMINS, "TENANT_ADMIN")
ALL = (*STAFF, "MEMBER")


@dataclass(frozen=True)
class Entry:
    """A page in the side bar."""

    name: str
    path: str
    icon: str
    roles: Sequence[str] = ADMINS
    of_tenants: bool = False
    """Whether there is nothing on it for a person without a tenant."""


SECTIONS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("Overview", "/", "overview"),)),
    ("Users", (Entry("User Management", "/users", "users", STAFF),)),
    (
        "Finance",
        (
            Entry("Wallet Management", "/wallet", "wallet"),
            Entry("Tenants", "/tenants", "tenant"),
            Entry("Pricing", "/pricing", "price", ALL, of_tenants=True),
            Entry("Billing", "/billing", "invoice", ALL, of_tenants=True),
        ),
    ),
    ("", (Entry("Alerts", "/alerts", "bell", ALL, of_tenants=True),)),
    ("", (Entry("Access", "/access", "key", ALL), Entry("Audit", "/audit", "audit"))),
)


def sections(viewer: Viewer) -> list[tuple[str, list[Entry]]]:
    """What this viewer finds in the side bar."""
    mine = [("", [Entry("My wallet", path, "wallet")])] if (path := own_wallet(viewer)) else []
    return mine + [
        (title, shown)
        for title, entries in SECTIONS
        if (shown := [entry for entry in entries if is_for(entry, viewer)])
    ]


def is_for(entry: Entry, viewer: Viewer) -> bool:
    """Whether there is something on it for this viewer."""
    is_at_home = viewer["role"] in ADMINS or viewer["tenant"] is not None
    return viewer["role"] in entry.roles and (is_at_home or not entry.of_tenants)


def own_wallet(viewer: Viewer) -> str | None:
    """The first page of somebody who does not see all: their tenant's wallet, or their own."""
    if viewer["role"] in ADMINS:
        return None
    owner = viewer["tenant"] or viewer
    return f"/wallet/{owner['wallet']['id']}" if owner["wallet"] else "/access"
