"""Locking and unlocking by hand, with a reason that goes into the log."""

from typing import Any

from dashboard.components.fields import text_field
from dashboard.components.money_action import MoneyAction, words_of
from dashboard.components.text import Text
from dashboard.shapes.wallets import Lock
from dashboard.words import lock_advice, lock_title

LOCKING = "While it is locked: no new usage, no new holds, nothing taken out by hand. Top-ups and billing go on."


class UnlockByHand(MoneyAction):
    """Says how the wallet would stand, then does it."""

    title = "Unlock the wallet by hand"
    verb = "Unlock"
    document = "UnlockWallet"
    success = "WalletPayload"

    def fields(self) -> None:
        """Why."""
        Text(self.wallet()["owner"]["name"], "t-sub", tag="p")
        self.reason = text_field("Reason", self.ask, props="autofocus maxlength=500")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """None until there is a reason."""
        if not (reason := words_of(self.reason)):
            return None
        return {"id": self.wallet()["id"], "reason": reason, "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """How it would stand afterwards."""
        assert result is not None
        lock: Lock = result["after"]["lock"]
        title = lock_title({**lock, "since": None}, self.visit.manner)
        self.line(f"Afterwards: {title.lower()}. {self.advice(lock)}")

    def advice(self, lock: Lock) -> str:
        """What else is to be known of it."""
        return lock_advice(lock, self.currency, self.visit.manner)

    def announce(self, result: dict[str, Any]) -> str:
        """That it was done."""
        return f"The wallet is {self.verb.lower()}ed by hand."


class LockByHand(UnlockByHand):
    """The other way."""

    title = "Lock the wallet by hand"
    verb = "Lock"
    document = "LockWallet"
    invitation = LOCKING

    def advice(self, lock: Lock) -> str:
        """What it means."""
        return LOCKING
