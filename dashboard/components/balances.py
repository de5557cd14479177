"""The three balances, large, and how long the money lasts."""

from dashboard.components.figure import Figure
from dashboard.components.text import Text, box
from dashboard.format import Manner, runway
from dashboard.shapes.wallets import Wallet, currency_of


class Balances:
    """Figures that change in place; their new values are read out once per operation."""

    def __init__(self) -> None:
        with box("t-card t-balances", "section").props('aria-label="Balances"'):
            self.available = Figure("Available", main=True)
            self.total = Figure("Total")
            self.locked = Figure("Locked")
            self.lasts = Figure("Lasts")
        self.spoken = Text("", "t-unseen").props("aria-live=polite")

    def show(self, wallet: Wallet, manner: Manner, *, first: bool) -> None:
        """Puts the figures in."""
        balance, currency = wallet["balance"], currency_of(wallet)
        monthly = manner.money(wallet["monthlyCharge"], currency)
        charged = wallet["monthsRemaining"] is not None
        held = "Held for invoices and holds" if balance["locked"] else "Nothing is held"
        for figure, text, words in (
            (self.available, manner.money(balance["available"], currency), "Total less what is locked"),
            (self.total, manner.money(balance["total"], currency), currency.code),
            (self.locked, manner.money(balance["locked"], currency), held),
            (self.lasts, runway(wallet["monthsRemaining"]), f"{monthly} / month" if charged else "Nothing is charged"),
        ):
            figure.show(text, words, quietly=first)
        if not first:
            self.spoken.show(
                f"Total {manner.money(balance['total'], currency)}, "
                f"available {manner.money(balance['available'], currency)}"
            )
