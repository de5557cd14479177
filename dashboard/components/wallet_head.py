"""Whose wallet it is, and what can be done to it."""

from collections.abc import Callable, Mapping

from dashboard.components.buttons import action, copied_id
from dashboard.components.crumbs import crumbs
from dashboard.components.frame import initials
from dashboard.components.menu import Entry, Menu
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import owner_line
from dashboard.shapes.wallets import Wallet

Acts = Mapping[str, Callable[[], object]]
"""By name: top_up transfer add subtract set hold lock unlock."""
OWNERS = {"Tenant": "tenants", "User": "users"}


class WalletHead:
    """Name, id, and the actions: the common ones as buttons, the others in a menu. None for those who only look."""

    def __init__(self, wallet: Wallet, acts: Acts | None, *, sees_all: bool) -> None:
        self.acts = acts
        if sees_all:
            crumbs(("Wallets", "/wallet"), here=wallet["owner"]["name"])
        with box("t-title"):
            Text(initials(wallet["owner"]["name"]), "t-avatar t-avatar--large").props("aria-hidden=true")
            with box("t-title__words"):
                Text(wallet["owner"]["name"], "t-h1", tag="h1")
                self.identity(wallet, sees_all=sees_all)
            if acts is not None:
                with box("t-actions t-actions--few"):
                    action("Top up", "topup", acts["top_up"]).classes("t-btn--primary")
                    action("Transfer", "transfer", acts["transfer"])
                    self.menu = Menu("More", [])

    def identity(self, wallet: Wallet, *, sees_all: bool) -> None:
        """What kind of owner, where they are shown, and the wallet's id, which can be copied."""
        owner = wallet["owner"]
        with box("t-sub t-identity", "p"):
            if sees_all:
                with box("t-link", "a").props(f"href=/{OWNERS[owner['__typename']]}/{owner['id']}"):
                    Text(owner_line(owner))
            else:
                Text(owner_line(owner))
            copied_id("wallet", wallet["id"])

    def show(self, wallet: Wallet) -> None:
        """Offers locking or unlocking, whichever there is to do."""
        if self.acts is None:
            return
        by_hand = "MANUAL" in wallet["lock"]["reasons"]
        lock = Entry("Unlock", "unlock", self.acts["unlock"]) if by_hand else Entry("Lock", "lock", self.acts["lock"])
        self.menu.show(
            [
                Entry("Add to the balance", "plus", self.acts["add"]),
                Entry("Subtract from the balance", "minus", self.acts["subtract"]),
                Entry("Set the balance", "equal", self.acts["set"]),
                Entry("Place a hold", "calendar", self.acts["hold"]),
                lock,
            ]
        )
