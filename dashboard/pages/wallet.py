"""One wallet: its balances and lock, live; what happened, why it stands so, what is to come; money moved by hand."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.book import Book
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.activity_panel import ActivityPanel
from dashboard.components.balances import Balances
from dashboard.components.banner import Banner
from dashboard.components.hold_actions import PlaceHold
from dashboard.components.lock_callout import LockCallout
from dashboard.components.lock_dialog import LockByHand, UnlockByHand
from dashboard.components.money_action import MoneyAction
from dashboard.components.money_dialog import Add, SetTotal, Subtract, TopUp
from dashboard.components.tabs import Tabs
from dashboard.components.text import box
from dashboard.components.transfer_dialog import Transfer
from dashboard.components.wallet_head import WalletHead
from dashboard.live import FINAL_CODES, Feed, Painter
from dashboard.names import Names
from dashboard.page import Page, shown
from dashboard.pages.wallet_tabs import ACTIVITY, OF_TENANTS, Panel, build, tabs_of
from dashboard.session import Desk, Visit
from dashboard.shapes.wallets import Wallet

PAINT_SECONDS = 0.15
# What is asked for besides the balances is asked for again after a change, but not after each of a burst.
REFRESH_SECONDS = 1.0


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/wallet/{wallet_id}", title="Wallet · Tijori")
    async def wallet(request: Request, wallet_id: str) -> Response | None:
        query = dict(request.query_params)
        return await shown(
            desk, request, active="/wallet", make=lambda visit, banner: WalletPage(visit, banner, wallet_id, query)
        )


class WalletPage(Page):
    """Subscribes first, then asks for the whole, then takes only newer versions."""

    kinds = ("PRICES", "USAGE", "INVOICES")

    def __init__(self, visit: Visit, banner: Banner, wallet_id: str, query: Mapping[str, str]) -> None:
        super().__init__(visit, banner)
        self.wallet_id = wallet_id
        self.query = query
        viewer = visit.viewer
        self.names = Names(visit.api, {viewer["id"]: viewer["name"]} if viewer else {})
        self.book: Book | None = None
        self.panel: Panel | None = None
        self.charges: Feed | None = None
        self.dialog: MoneyAction | None = None
        self.body = box("t-stack")
        with self.body:
            states.skeleton(10)

    async def begin(self) -> None:
        """Keeps the page current until the browser leaves."""
        self.painter = Painter(self.paint, interval_seconds=PAINT_SECONDS)
        self.refresher = Painter(self.refreshed, interval_seconds=REFRESH_SECONDS)
        for part in (self.painter, self.refresher):
            self.until_left(part.stop)
        self.feed = self.follow("WalletEvents", self.feed_variables, self.receive)

    def feed_variables(self) -> dict[str, object]:
        """From the start at first; after a lost connection, from where this page is."""
        return {"id": self.wallet_id, "afterVersion": self.book.version if self.book else None}

    async def receive(self, data: dict[str, Any]) -> None:
        """A snapshot says that the feed is live: the whole is asked for now. Then come changes."""
        event = data["walletEvents"]
        if event["__typename"] == "WalletSnapshot" or self.book is None:
            await self.refreshed()
            return
        if not self.book.apply(event["transaction"], event["after"]):
            self.refresher.request()
        elif event["lastOfOperation"]:
            self.painter.request()
            self.refresher.request()

    async def hear(self, data: dict[str, Any]) -> None:
        """What a tenant is charged for has changed."""
        self.refresher.request()

    async def refresh(self) -> None:
        """Asks for the whole and shows it."""
        wallet: Wallet | None = (await self.visit.api.send("Wallet", id=self.wallet_id))["wallet"]
        if wallet is None:
            self.fail(ApiError("NOT_FOUND", "There is no such wallet."))
        elif self.book is None:
            self.book = Book(wallet)
            self.build(wallet)
        else:
            self.book.accept(wallet)
        await self.paint()
        if self.panel is not None:
            await self.panel.refresh()

    def build(self, wallet: Wallet) -> None:
        """The page's parts, once it is known whose wallet it is."""
        offered = tabs_of(wallet)
        self.tab = self.query.get("tab", ACTIVITY) if self.query.get("tab") in offered else ACTIVITY
        self.body.clear()
        with self.body:
            ui.page_title(f"{wallet['owner']['name']} · Tijori")
            acts = self.acts() if self.visit.may_move_money else None
            self.head = WalletHead(wallet, acts, sees_all=self.visit.sees_all)
            self.lock = LockCallout()
            self.balances = Balances()
            self.tabs = Tabs("Parts of this wallet", offered, self.tab, self.choose)
        with self.tabs.panel:
            self.panel = build(self, self.tab, self.query)
        self.balances.show(wallet, self.visit.manner, first=True)
        if self.charges is None and set(OF_TENANTS) & set(offered):
            what: dict[str, object] = {"kinds": [*self.kinds], "tenantId": wallet["owner"]["id"]}
            self.charges = self.follow("Changed", lambda: what, self.hear)

    async def choose(self, tab: str) -> None:
        """Another part of the page, which the address bar then names."""
        self.tab = tab
        self.address({})
        self.tabs.panel.clear()
        with self.tabs.panel:
            self.panel = build(self, tab, {})
        await self.panel.refresh()

    def address(self, query: Mapping[str, str]) -> None:
        """Has the address bar name the part of the page and what is looked at in it."""
        show_address(f"/wallet/{self.wallet_id}", {"tab": "" if self.tab == ACTIVITY else self.tab, **query})

    async def paint(self) -> None:
        """Shows what the book holds."""
        if self.book is None:
            return
        wallet, manner = self.book.wallet, self.visit.manner
        self.head.show(wallet)
        self.lock.show(wallet, manner)
        self.balances.show(wallet, manner, first=False)
        if isinstance(self.panel, ActivityPanel):
            await self.panel.paint()
        if self.dialog is not None:
            await self.dialog.moved()

    def acts(self) -> dict[str, Callable[[], object]]:
        """What can be done by hand."""
        return {
            "top_up": self.open_top_up,
            "add": lambda: self.open_action(lambda: Add(self.visit, self.current)),
            "subtract": lambda: self.open_action(lambda: Subtract(self.visit, self.current)),
            "set": lambda: self.open_action(lambda: SetTotal(self.visit, self.current)),
            "transfer": lambda: self.open_action(lambda: Transfer(self.visit, self.current)),
            "hold": lambda: self.open_action(lambda: PlaceHold(self.visit, self.current)),
            "lock": lambda: self.open_action(lambda: LockByHand(self.visit, self.current)),
            "unlock": lambda: self.open_action(lambda: UnlockByHand(self.visit, self.current)),
        }

    async def open_top_up(self, minor: int | None = None) -> None:
        """The dialog, with an amount in it where one is given."""
        await self.open_action(lambda: TopUp(self.visit, self.current, minor))

    async def open_action(self, make: Callable[[], MoneyAction]) -> None:
        """Opens a dialog, and asks what would happen where nothing has to be typed for that."""
        with self.body:
            self.dialog = opened = make()
        await opened.ask()

    def held(self) -> Book:
        """The wallet and its newest lines."""
        assert self.book is not None
        return self.book

    def current(self) -> Wallet:
        """The wallet as it is held now."""
        return self.held().wallet

    def tell(self, error: ApiError | None) -> None:
        """What a feed says about its connection; back again, the whole is asked for too."""
        if error is not None and (error.code in FINAL_CODES or self.book is None):
            self.fail(error)
            return
        super().tell(error)
        if error is None and self.book is not None:
            self.refresher.request()

    def fail(self, error: ApiError) -> None:
        """To sign in again; or nothing to show; or what is shown may be old."""
        if error.code == "UNAUTHENTICATED" or (self.book is not None and error.code not in FINAL_CODES):
            super().fail(error)
        else:
            self.give_up(error)

    def ask_again(self) -> None:
        """For the whole: the painter draws only what is held."""
        self.refresher.request()

    def give_up(self, error: ApiError) -> None:
        """Shows why there is no wallet to show."""
        self.book = self.panel = self.dialog = None
        self.banner.rest()
        self.body.clear()
        with self.body, box("t-card"):
            if error.code == "NOT_FOUND":
                states.missing("wallet", "All wallets", "/wallet")
            else:
                states.failed(error, self.feed.start)
