"""Locking and unlocking by hand, with a reason that goes into the log."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.dialog import Dialog
from dashboard.components.text import Text
from dashboard.session import Visit
from dashboard.shapes.wallets import State, Wallet, currency_of
from dashboard.words import lock_advice, lock_title

LOCKING = "While it is locked: no new usage, no new holds, nothing taken out by hand. Top-ups and billing go on."


class LockDialog:
    """Says what would be, then does it."""

    def __init__(self, visit: Visit, wallet: Callable[[], Wallet], *, lock: bool) -> None:
        self.visit = visit
        self.wallet = wallet
        self.operation = "LockWallet" if lock else "UnlockWallet"
        self.verb = "Lock" if lock else "Unlock"
        self.dialog = Dialog(f"{self.verb} the wallet by hand", self.confirm)
        self.dialog.verb.show(self.verb)
        with self.dialog.body:
            Text(wallet()["owner"]["name"], "t-sub", tag="p")
            self.reason = ui.input("Reason").props("outlined debounce=300 autocomplete=off autofocus maxlength=500")
            self.reason.classes("t-field").on_value_change(self.ask).on("keydown.enter", self.confirm)
            self.outcome = Text(LOCKING if lock else "", "t-preview__hint", tag="p").props("aria-live=polite")
        self.dialog.open()

    async def moved(self) -> None:
        """The wallet has changed: what would be is asked for again."""
        if self.dialog.is_open and not self.dialog.busy:
            await self.ask()

    async def ask(self) -> None:
        """Asks what would be."""
        self.dialog.allow(False)
        if not self.typed():
            return
        result = await self.send(dry_run=True)
        if result is not None and self.dialog.is_open:
            self.outcome.show(self.outlook(result["after"]))
            self.dialog.allow(True)

    def outlook(self, after: State) -> str:
        """How it would stand afterwards."""
        title = lock_title({**after["lock"], "since": None}, self.visit.manner)
        advice = lock_advice(after["lock"], currency_of(self.wallet()), self.visit.manner)
        return f"Afterwards: {title.lower()}. {LOCKING if self.verb == 'Lock' else advice}"

    def typed(self) -> str:
        """The reason given."""
        return (self.reason.value or "").strip()

    async def confirm(self) -> None:
        """Does it."""
        if self.dialog.busy or not self.dialog.ready or not self.typed():
            return
        self.dialog.work(True)
        result = await self.send(dry_run=False)
        self.dialog.work(False)
        if result is not None:
            self.dialog.close()
            ui.notify(f"The wallet is {self.verb.lower()}ed by hand.", type="positive", position="bottom")

    async def send(self, *, dry_run: bool) -> dict[str, Any] | None:
        """Asks for it; None where it was refused, which is then said."""
        try:
            answer = await self.visit.api.send(
                self.operation, id=self.wallet()["id"], reason=self.typed(), dryRun=dry_run
            )
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            self.dialog.say(str(error))
            return None
        result: dict[str, Any] = answer["result"]
        if result["__typename"] == "WalletPayload":
            self.dialog.say(None)
            return result
        self.dialog.say(result["message"])
        return None
