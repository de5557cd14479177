"""All that a wallet's page shows, asked for at once: the wallet and its log, its holds, and what it pays for."""

import asyncio
from typing import Any

from dashboard.client import Api
from dashboard.shapes.ledger import Hold
from dashboard.shapes.lists import Connection, nodes
from dashboard.shapes.people import Owner
from dashboard.shapes.pricing import Price
from dashboard.shapes.wallets import Wallet

# As WalletHolds asks for them.
HOLDS_ON_A_PAGE = 5
# What a screen can still show: a tenant with more stretches sees the first of them.
MOST_PRICES = 600


class Whole:
    """Remembers which page of the holds is looked at."""

    def __init__(self, api: Api, wallet_id: str) -> None:
        self.api = api
        self.wallet_id = wallet_id
        self.hold_cursors: list[str | None] = [None]
        self.next_holds: str | None = None

    async def ask(self) -> Wallet | None:
        """The newest of everything; None where there is no such wallet. May raise ApiError."""
        answer, bills, prices, holds = await asyncio.gather(
            self.api.send("Wallet", id=self.wallet_id),
            self.api.send("WalletBills", id=self.wallet_id),
            self.prices(),
            self.holds(),
        )
        wallet: Wallet | None = answer["wallet"]
        if wallet is None or bills["wallet"] is None or holds is None:
            return None
        owner: Owner = {**wallet["owner"], **bills["wallet"]["owner"], "prices": prices}
        wallet["owner"], wallet["holds"] = owner, holds
        return wallet

    async def holds(self) -> Connection[Hold] | None:
        """The page of open holds that is looked at; the first where that one is empty by now."""
        answer = await self.page_of_holds()
        if answer is not None and not answer["edges"] and self.hold_page:
            self.hold_cursors = [None]
            answer = await self.page_of_holds()
        self.next_holds = answer["pageInfo"]["endCursor"] if answer is not None else None
        return answer

    async def page_of_holds(self) -> Connection[Hold] | None:
        """From the newest of the cursors on."""
        after = self.hold_cursors[-1]
        answer = await self.api.send("WalletHolds", id=self.wallet_id, after=after)
        holds: Connection[Hold] | None = answer["wallet"] and answer["wallet"]["holds"]
        return holds

    @property
    def hold_page(self) -> int:
        """Which page of the holds, from 0."""
        return len(self.hold_cursors) - 1

    def turn_holds(self, by: int) -> None:
        """To the next page of the holds, or back."""
        if by > 0 and self.next_holds is not None:
            self.hold_cursors.append(self.next_holds)
        elif by < 0 and self.hold_page:
            self.hold_cursors.pop()

    async def prices(self) -> list[Price]:
        """A tenant's whole timeline, however many stretches it has."""
        found: list[Price] = []
        after: str | None = None
        while len(found) < MOST_PRICES:
            page = await self.page_of_prices(after)
            found += nodes(page)
            if page is None or not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        return found

    async def page_of_prices(self, after: str | None) -> Connection[Price] | None:
        """None for a person, who has none."""
        answer = await self.api.send("WalletPrices", id=self.wallet_id, after=after)
        owner: dict[str, Any] = (answer["wallet"] or {}).get("owner") or {}
        return owner.get("prices")
