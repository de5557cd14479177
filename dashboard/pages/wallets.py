"""Finance → Wallet Management: every wallet, filtered, each row changing by itself."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.buttons import action, link
from dashboard.components.data_table import Row
from dashboard.components.listing import Listing
from dashboard.components.text import Text, box
from dashboard.components.transfer_between import TransferBetween
from dashboard.components.wallet_filters import WalletFilters
from dashboard.components.wallet_table import COLUMNS, wallet_row
from dashboard.format import Currency
from dashboard.live import Feed
from dashboard.nav import ADMINS
from dashboard.page import Page, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.wallets import Wallet


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/wallet", title="Wallet Management · Tijori")
    async def wallets(request: Request) -> Response | None:
        query = dict(request.query_params)
        return await shown(
            desk, request, active="/wallet", make=lambda visit, banner: WalletsPage(visit, banner, query), roles=ADMINS
        )


class WalletsPage(Page):
    """Asks for a page of wallets, and puts what changes of them into its rows at once."""

    kinds = ("TENANTS", "USERS")

    def __init__(self, visit: Visit, banner: Banner, query: dict[str, str]) -> None:
        super().__init__(visit, banner)
        self.turns: dict[str, tuple[int, int]] = {}
        """Of each row: the version that is shown, and how often it has changed under the viewer's eyes."""
        self.heard: dict[str, object] = {}
        """What the feed listens to."""
        self.heading()
        self.place = box("t-card")
        with self.place:
            self.filters = WalletFilters(query, self.start_over)
            self.listing: Listing[Wallet] = Listing(
                "wallets",
                COLUMNS,
                ask=self.ask,
                row=self.row,
                empty=self.explain_emptiness,
                expire=visit.expire,
                loaded=self.listen,
            )
        self.wallets = Feed(visit.api, "WalletsChanged", variables=self.on_screen, receive=self.moved, status=self.tell)

    def heading(self) -> None:
        """What the page is, and what is done to several wallets."""
        with box("t-title"):
            with box("t-title__words"):
                Text("Wallet Management", "t-h1", tag="h1")
                Text("Prepaid balances of every tenant and user, as they change.", "t-sub", tag="p")
            if self.visit.may_move_money:
                with box("t-actions t-actions--few"):
                    link("Bulk top-up", "/wallet/bulk", "upload")
                    action("Transfer", "transfer", self.transfer)

    def transfer(self) -> None:
        """Opens the dialog."""
        with self.place:
            TransferBetween(self.visit)

    async def begin(self) -> None:
        """The first picture waits for nothing that it can do without."""
        self.until_left(self.wallets.stop)
        if self.filters.needs_currencies:
            await self.learn_currencies()
        await super().begin()
        self.painter.request()

    async def learn_currencies(self) -> None:
        """Without them there is no filter by amount, and nothing else is amiss."""
        try:
            answer = await self.visit.api.send("Currencies")
        except ApiError:
            return
        self.filters.know([Currency(one["currency"], one["currencyExponent"]) for one in answer["overview"]])

    async def refresh(self) -> None:
        """The page that is looked at, anew; after the first of them, what else it can be asked for."""
        await self.listing.load()
        if not self.filters.currencies:
            await self.learn_currencies()

    def listen(self) -> None:
        """To those on the screen."""
        if (shown := self.on_screen()) != self.heard:
            self.heard = shown
            self.wallets.start()

    def on_screen(self) -> dict[str, object]:
        """The wallets that are shown; where there are none, whatever comes to match."""
        if self.listing.items:
            return {"ids": [wallet["id"] for wallet in self.listing.items]}
        return {"filter": self.filters.criteria()}

    async def moved(self, data: dict[str, Any]) -> None:
        """An empty list says that the feed is live: what happened before it is asked for now."""
        changed: dict[str, Wallet] = {wallet["id"]: wallet for wallet in data["walletsChanged"]}
        if not changed or not self.listing.items:
            self.painter.request()
            return
        self.listing.items = newest(self.listing.items, changed)
        self.listing.draw()

    async def start_over(self) -> None:
        """The first page of another list."""
        show_address("/wallet", self.filters.asked())
        await self.listing.start_over()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of wallets. Of those that are not shown any more no turns are kept."""
        answer = (await self.visit.api.send("Wallets", first=first, after=after, filter=self.filters.criteria()))[
            "wallets"
        ]
        # What has been heard while the answer was on its way is newer than the answer.
        shown = {wallet["id"]: wallet for wallet in self.listing.items}
        self.turns = {wallet_id: turn for wallet_id, turn in self.turns.items() if wallet_id in shown}
        return {**answer, "edges": [{"node": wallet} for wallet in newest(nodes(answer), shown)]}

    def row(self, wallet: Wallet) -> Row:
        """One wallet: a change of it is highlighted, a first sight is not."""
        version, turn = self.turns.get(wallet["id"], (wallet["version"], 0))
        turn += wallet["version"] > version
        self.turns[wallet["id"]] = wallet["version"], turn
        return wallet_row(wallet, self.visit.manner, turn)

    def explain_emptiness(self) -> None:
        """Nothing matches, or there is nothing yet."""
        filters = self.filters
        if filters.search:
            states.empty("No wallet matches", f"Nobody is called “{filters.search}” or has it in a phone number.")
        elif filters.available_below is not None and filters.currency is not None:
            least = self.visit.manner.money(filters.available_below, filters.currency)
            states.empty("No wallet has so little", f"Everyone has {least} or more available.")
        elif filters.chip == "Locked":
            states.empty("No wallet is locked", "A wallet locks when an invoice is not covered, or by hand.")
        elif filters.chip == "Due":
            states.empty("Nobody owes anything", "An invoice that is not covered shows up here until it is paid.")
        else:
            states.empty("No wallets yet", "Create a tenant or a user: its wallet comes with it.")


def newest(wallets: list[Wallet], others: Mapping[str, Wallet]) -> list[Wallet]:
    """The same wallets, each as it was last: messages and answers may cross."""
    pairs = ((wallet, others.get(wallet["id"], wallet)) for wallet in wallets)
    return [other if other["version"] > wallet["version"] else wallet for wallet, other in pairs]
