"""The side bar has what is there for whoever looks at it, and nothing else."""

from typing import Any

import pytest

from dashboard.nav import own_wallet, sections
from dashboard.shapes.people import Viewer

TENANT = {"id": "ten_1", "name": "Morning Star", "wallet": {"id": "wal_1"}}
EVERYTHING = ["/", "/users", "/wallet", "/tenants", "/pricing", "/billing", "/alerts", "/access", "/audit"]
SEEN: dict[str, list[str]] = {
    "SUPER_ADMIN": EVERYTHING,
    "SUPPORT": EVERYTHING,
    "TENANT_ADMIN": ["/wallet/wal_1", "/users", "/pricing", "/billing", "/alerts", "/access"],
    "MEMBER": ["/wallet/wal_1", "/pricing", "/billing", "/alerts", "/access"],
    "MEMBER of no tenant": ["/wallet/wal_2", "/access"],
}


def viewer(role: str, tenant: Any, wallet: Any) -> Viewer:
    return {"id": "usr_1", "name": "Asha", "phone": "+91", "role": role, "tenant": tenant, "wallet": wallet}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("who", SEEN)
def test_each_finds_in_the_side_bar_what_is_theirs(who: str) -> None:
    role, _, alone = who.partition(" ")
    is_of_one = role in ("TENANT_ADMIN", "MEMBER") and not alone
    shown = viewer(role, TENANT if is_of_one else None, {"id": "wal_2"})
    assert [entry.path for _, entries in sections(shown) for entry in entries] == SEEN[who]


def test_who_has_no_wallet_begins_with_what_is_everybodys() -> None:
    assert own_wallet(viewer("MEMBER", None, None)) == "/access"
