"""What would happen: the balances before and after, what it settles, and whether it unlocks."""

from typing import Any

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.wallets import Balance
from dashboard.words import lock_advice, lock_title

ROWS = (("Total", "total"), ("Locked", "locked"), ("Available", "available"))


class Preview:
    """A dry run's answer, or an invitation to type an amount."""

    def __init__(self, currency: Currency, manner: Manner) -> None:
        self.currency = currency
        self.manner = manner
        self.shown = False
        self.element = box("t-preview").props("aria-live=polite")
        self.clear()

    def clear(self) -> None:
        """Nothing to show yet."""
        self.shown = False
        self.element.clear()
        with self.element:
            Text("The result is shown here before anything is done.", "t-preview__hint", tag="p")

    def show(self, result: dict[str, Any]) -> None:
        """Shows what a dry run answered."""
        self.shown = True
        self.element.clear()
        before, after = result["wallet"], result["after"]
        with self.element:
            self.balances(before["balance"], after["balance"])
            for invoice in result["settledInvoices"]:
                self.line(
                    f"Pays invoice {invoice['number']} ({month_name(invoice['month'])}): "
                    f"{self.manner.money(invoice['totalMinor'], self.currency)}"
                )
            if before["lock"]["locked"] and not after["lock"]["locked"]:
                self.line("Unlocks the wallet")
            elif after["lock"]["locked"]:
                advice = lock_advice(after["lock"], self.currency, self.manner)
                self.line(f"{lock_title(after['lock'], self.manner)}. {advice}", warning=True)

    def balances(self, before: Balance, after: Balance) -> None:
        """Each balance that is there, before and after."""
        with box("t-preview__rows", "dl"):
            for label, name in ROWS:
                old, new = before[name], after[name]  # type: ignore[literal-required]  # the three names above
                if name == "locked" and not old and not new:
                    continue
                Text(label, tag="dt")
                with box("", "dd"):
                    Text(self.manner.money(old, self.currency), "t-preview__before")
                    Icon("arrow")
                    Text(self.manner.money(new, self.currency), "t-preview__after")

    def line(self, words: str, *, warning: bool = False) -> None:
        """One consequence."""
        with box("t-preview__line" + (" t-tone--warn" if warning else " t-tone--positive"), "p"):
            Icon("alert" if warning else "check")
            Text(words)
