"""Whether the wallet is locked, and what unlocks it."""

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box
from dashboard.format import Manner
from dashboard.shapes.wallets import Wallet, currency_of
from dashboard.words import lock_advice, lock_title


class LockCallout:
    """A strip that is red while locked, amber while something is due, and else not there."""

    def __init__(self) -> None:
        with box("t-callout").props('role=status aria-label="Lock"') as self.element:
            Icon("lock")
            with box("t-callout__words"):
                self.title = Text("", "t-callout__title")
                self.advice = Text("")
        self.element.set_visibility(False)

    def show(self, wallet: Wallet, manner: Manner) -> None:
        """Says how it stands."""
        lock = wallet["lock"]
        title = lock_title(lock, manner)
        self.title.show(f"{title}." if lock["locked"] else "An invoice is due.")
        self.advice.show(lock_advice(lock, currency_of(wallet), manner))
        self.element.classes(
            add="t-callout--danger" if lock["locked"] else "t-callout--warn",
            remove="t-callout--warn" if lock["locked"] else "t-callout--danger",
        )
        self.element.set_visibility(lock["locked"] or lock["amountDue"] > 0)
