"""Where in the dashboard a thing is shown, by its id."""

import re

BELONGING = re.compile(r"(?:txn|hld)_([0-9a-f]{32})_\d+")
PAGES = {
    "usr": "/users/{}",
    "ten": "/tenants/{}",
    "wal": "/wallet/{}",
    "opr": "/operation/{}",
    "inv": "/invoice/{}",
    "alr": "/alerts",
    "alt": "/alerts",
    "tok": "/access",
    "run": "/billing/runs/{}",
}


def place(thing_id: str) -> str | None:
    """The path of its page; what belongs to a wallet is on the wallet's; None for what no page shows."""
    if (belonging := BELONGING.fullmatch(thing_id)) is not None:
        return f"/wallet/wal_{belonging[1]}"
    page = PAGES.get(thing_id.partition("_")[0])
    return page.format(thing_id) if page else None
