"""The three balances, large, and how long the money lasts."""

from dashboard.components.live_value import LiveValue
from dashboard.components.text import Text, box
from dashboard.format import Manner, runway
from dashboard.shapes.wallets import Wallet, currency_of


class Balances:
    """Figures that change in place; their new values are read out once per operation."""

    def __init__(self) -> None:
        with box("t-card t-balances", "section").props('aria-label="Balances"'):
            self.available = self.figure("Available", "t-figure--main")
            self.total = self.figure("Total", "")
            self.locked = self.figure("Locked", "")
            self.lasts = self.figure("Lasts", "")
        self.spoken = Text("", "t-unseen").props("aria-live=polite")
        self.notes: dict[str, Text]

    def figure(self, label: str, classes: str) -> tuple[LiveValue, Text]:
        """One figure with its name above and a note below."""
        with box(f"t-figure {classes}"):
            Text(label, "t-figure__label")
            value = LiveValue("", "t-figure__value")
            note = Text("", "t-figure__note")
        return value, note

    def show(self, wallet: Wallet, manner: Manner, *, first: bool) -> None:
        """Puts the figures in."""
        balance, currency = wallet["balance"], currency_of(wallet)
        monthly = manner.money(wallet["monthlyCharge"], currency)
        charged = wallet["monthsRemaining"] is not None
        held = "Held for invoices and holds" if balance["locked"] else "Nothing is held"
        for (value, note), text, words in (
            (self.available, manner.money(balance["available"], currency), "Total less what is locked"),
            (self.total, manner.money(balance["total"], currency), currency.code),
            (self.locked, manner.money(balance["locked"], currency), held),
            (self.lasts, runway(wallet["monthsRemaining"]), f"{monthly} / month" if charged else "Nothing is charged"),
        ):
            value.show(text, quietly=first)
            note.show(words)
        if not first:
            self.spoken.show(
                f"Total {manner.money(balance['total'], currency)}, "
                f"available {manner.money(balance['available'], currency)}"
            )
