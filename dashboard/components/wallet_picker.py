"""Finds a wallet by its owner's name or phone, or by its id."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.fields import text_field
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import owner_line
from dashboard.format import Currency
from dashboard.session import Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.wallets import Wallet, currency_of

SHORTEST = 2
WALLET_ID = "wal_"


class WalletPicker:
    """A field, what it finds, and the one that was picked. `changed` hears of each picking.

    `currency`: of this one only. `but`: not the one with this id.
    """

    def __init__(
        self,
        label: str,
        visit: Visit,
        currency: Currency | None,
        changed: Callable[[], Awaitable[None]],
        *,
        but: str | None = None,
    ) -> None:
        self.visit = visit
        self.currency = currency
        self.changed = changed
        self.but = but
        self.picked: Wallet | None = None
        self.asked = 0
        self.field = text_field(label, self.look)
        self.found = box("t-picker").props('role=group aria-label="Wallets found" aria-live=polite')

    async def look(self) -> None:
        """Asks for what is typed; what was picked before is so no more."""
        self.asked += 1
        question, text = self.asked, (self.field.value or "").strip()
        if self.picked is not None:
            self.picked = None
            await self.changed()
        wallets = await self.search(text) if len(text) >= SHORTEST else []
        if question == self.asked and not self.found.is_deleted:
            self.show(wallets, text)

    async def search(self, text: str) -> list[Wallet]:
        """Those of this currency, less the one that the money leaves."""
        code = self.currency.code if self.currency else None
        given: dict[str, Any]
        try:
            if text.startswith(WALLET_ID):
                given = await self.visit.api.send("WalletToPay", id=text)
                wallets: list[Wallet] = [given["wallet"]] if given["wallet"] else []
            else:
                given = await self.visit.api.send("WalletsToPay", search=text, currency=code)
                wallets = nodes(given["wallets"])
        except ApiError:
            return []
        return [one for one in wallets if one["id"] != self.but and code in (None, one["currency"])]

    def show(self, wallets: list[Wallet], text: str) -> None:
        """Each as a button; or that there is none."""
        self.found.clear()
        with self.found:
            for wallet in wallets:
                self.offer(wallet)
            if not wallets and len(text) >= SHORTEST:
                which = f"other {self.currency.code} wallet" if self.currency else "wallet"
                Text(f"No {which} is called that.", "t-preview__hint", tag="p")

    def offer(self, wallet: Wallet) -> ui.element:
        """Whose it is, and what is in it."""

        async def pick() -> None:
            self.picked = wallet
            self.found.clear()
            with self.found:
                self.offer(wallet).classes("t-picker__one--picked").props("aria-pressed=true")
            await self.changed()

        with box("t-picker__one", "button").props("type=button").on("click", pick) as button:
            with box("t-cell"):
                Text(wallet["owner"]["name"])
                Text(owner_line(wallet["owner"]), "t-cell__sub")
            Text(self.visit.manner.money(wallet["balance"]["available"], currency_of(wallet)), "t-sub")
        return button
