"""What would happen: the balances before and after, what it settles, and whether it unlocks."""

from typing import Any

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.wallets import Balance
from dashboard.words import lock_advice, lock_title

ROWS = (("Total", "total"), ("Locked", "locked"), ("Available", "available"))


def outcome(result: dict[str, Any], currency: Currency, manner: Manner) -> None:
    """The balances before and after, the invoices that are paid by it, and what becomes of the lock."""
    before, after = result["wallet"], result["after"]
    balances(before["balance"], after["balance"], currency, manner)
    for invoice in result.get("settledInvoices", ()):
        consequence(
            f"Pays invoice {invoice['number']} ({month_name(invoice['month'])}): "
            f"{manner.money(invoice['totalMinor'], currency)}"
        )
    if before["lock"]["locked"] and not after["lock"]["locked"]:
        consequence("Unlocks the wallet")
    elif after["lock"]["locked"]:
        consequence(
            f"{lock_title(after['lock'], manner)}. {lock_advice(after['lock'], currency, manner)}", warning=True
        )


def balances(before: Balance, after: Balance, currency: Currency, manner: Manner) -> None:
    """Each balance that is there, before and after."""
    with box("t-preview__rows", "dl"):
        for label, name in ROWS:
            old, new = before[name], after[name]  # type: ignore[literal-required]  # the three names above
            if name != "locked" or old or new:
                figures(label, manner.money(old, currency), manner.money(new, currency))


def figures(label: str, before: str, after: str) -> None:
    """One figure before and after, within a list of them."""
    Text(label, tag="dt")
    with box("", "dd"):
        Text(before, "t-preview__before")
        Icon("arrow")
        Text(after, "t-preview__after")


def consequence(words: str, *, warning: bool = False) -> None:
    """What else it does."""
    with box("t-preview__line" + (" t-tone--warn" if warning else " t-tone--positive"), "p"):
        Icon("alert" if warning else "check")
        Text(words)
