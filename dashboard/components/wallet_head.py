"""Whose wallet it is, and what can be done to it."""

from collections.abc import Callable

from nicegui import ui

from dashboard.components.frame import initials
from dashboard.components.icon import Icon
from dashboard.components.money_dialog import ADD, SET, SUBTRACT, TOP_UP, Kind
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import owner_line
from dashboard.shapes.wallets import Wallet


class WalletHead:
    """Name, id, lock, and the buttons for those who may."""

    def __init__(
        self, wallet: Wallet, *, may_move: bool, money: Callable[[Kind], None], lock: Callable[[bool], None]
    ) -> None:
        with box("t-crumbs", "nav").props('aria-label="Where this is"'):
            with box("", "a").props("href=/wallet"):
                Text("Wallets")
            Icon("right")
            Text(wallet["owner"]["name"])
        with box("t-title"):
            Text(initials(wallet["owner"]["name"]), "t-avatar t-avatar--large").props("aria-hidden=true")
            with box("t-title__words"):
                Text(wallet["owner"]["name"], "t-h1", tag="h1")
                self.identity(wallet)
            if may_move:
                self.actions(money, lock)

    def identity(self, wallet: Wallet) -> None:
        """What kind of owner, and the wallet's id, which can be copied."""
        with box("t-sub t-identity", "p"):
            Text(owner_line(wallet["owner"]))
            copy = "() => tijori.copy(document.querySelector('[data-wallet-id]').dataset.walletId)"
            with box("t-copy", "button").props('type=button title="Copy the wallet\'s id"') as button:
                button.props["data-wallet-id"] = wallet["id"]
                Text(wallet["id"], "t-mono")
                Icon("copy")
            button.on("click", js_handler=copy)

    def actions(self, money: Callable[[Kind], None], lock: Callable[[bool], None]) -> None:
        """The buttons."""
        with box("t-actions"):
            action("Top up", "topup", lambda: money(TOP_UP)).classes("t-btn--primary")
            action("Add", "plus", lambda: money(ADD))
            action("Subtract", "minus", lambda: money(SUBTRACT))
            action("Set", "equal", lambda: money(SET))
            self.lock = action("Lock", "lock", lambda: lock(True))
            self.unlock = action("Unlock", "unlock", lambda: lock(False))

    def show(self, wallet: Wallet) -> None:
        """Offers locking or unlocking, whichever there is to do."""
        if hasattr(self, "lock"):
            by_hand = "MANUAL" in wallet["lock"]["reasons"]
            self.lock.set_visibility(not by_hand)
            self.unlock.set_visibility(by_hand)


def action(words: str, icon: str, act: Callable[[], None]) -> ui.element:
    """A button with a drawing and a word."""
    with box("t-btn", "button").props("type=button").on("click", lambda: act()) as button:
        Icon(icon)
        Text(words)
    return button
