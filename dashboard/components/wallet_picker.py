"""Finds a wallet by its owner's name or phone, or by its id."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.components.picker import Picker
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import owner_line
from dashboard.format import Currency
from dashboard.session import Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.wallets import Wallet, currency_of

WALLET_ID = "wal_"


class WalletPicker(Picker[Wallet]):
    """`currency`: of this one only. `but`: not the one with this id."""

    noun = "Wallets"

    def __init__(
        self,
        label: str,
        visit: Visit,
        currency: Currency | None,
        changed: Callable[[], Awaitable[None]],
        *,
        but: str | None = None,
    ) -> None:
        super().__init__(label, visit, changed)
        self.currency = currency
        self.but = but

    async def search(self, text: str) -> list[Wallet]:
        """Those of this currency, less the one that the money leaves. May raise ApiError."""
        code = self.currency.code if self.currency else None
        given: dict[str, Any]
        if text.startswith(WALLET_ID):
            given = await self.visit.api.send("WalletToPay", id=text)
            wallets: list[Wallet] = [given["wallet"]] if given["wallet"] else []
        else:
            given = await self.visit.api.send("WalletsToPay", search=text, currency=code)
            wallets = nodes(given["wallets"])
        return [one for one in wallets if one["id"] != self.but and code in (None, one["currency"])]

    def describe(self, one: Wallet) -> None:
        """Whose it is, and what is in it."""
        with box("t-cell"):
            Text(one["owner"]["name"])
            Text(owner_line(one["owner"]), "t-cell__sub")
        Text(self.visit.manner.money(one["balance"]["available"], currency_of(one)), "t-sub")

    def nobody(self) -> str:
        """That there is none."""
        which = f"other {self.currency.code} wallet" if self.currency else "wallet"
        return f"No {which} is called that."
