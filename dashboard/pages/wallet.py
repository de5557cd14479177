"""One wallet: balances, lock, history as chart and log, prices, usage, invoices, and moving money by hand."""

import asyncio
from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.book import Book
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.frame import frame
from dashboard.components.lock_dialog import LockDialog
from dashboard.components.money_dialog import Kind, MoneyDialog
from dashboard.components.text import box
from dashboard.lines import actor_name
from dashboard.live import Feed, Painter
from dashboard.pages.wallet_sections import WalletSections
from dashboard.session import Desk, Visit
from dashboard.shapes.wallets import Wallet
from dashboard.whole import Whole

OLDER_LINES = 100
PAINT_SECONDS = 0.15
# Runway, invoices and usage are asked for again after a change, but not after each of a burst.
REFRESH_SECONDS = 1.0


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/wallet/{wallet_id}", title="Wallet · Tijori")
    async def wallet(request: Request, wallet_id: str) -> Response | None:
        visit = await desk.arrive(request)
        if isinstance(visit, Response):
            return visit
        with frame(visit, active="/wallet") as banner:
            if visit.problem is not None:
                with box("t-card"):
                    states.failed(visit.problem, visit.again)
                return None
            page = WalletPage(visit, wallet_id, banner)
        if await visit.settle():
            page.begin()
        return None


class WalletPage:
    """Subscribes first, then asks for the whole, then takes only newer versions."""

    def __init__(self, visit: Visit, wallet_id: str, banner: Banner) -> None:
        self.visit = visit
        self.wallet_id = wallet_id
        self.banner = banner
        self.names: dict[str, str] = {visit.viewer["id"]: visit.viewer["name"]} if visit.viewer else {}
        self.whole = Whole(visit.api, wallet_id)
        self.book: Book | None = None
        self.sections: WalletSections | None = None
        self.dialog: MoneyDialog | LockDialog | None = None
        self.body = box("t-stack")
        with self.body:
            states.skeleton(10)

    def begin(self) -> None:
        """Keeps the page current until the browser leaves."""
        self.feed = Feed(
            self.visit.api, "WalletEvents", variables=self.feed_variables, receive=self.receive, status=self.tell
        )
        self.painter = Painter(self.paint, interval_seconds=PAINT_SECONDS)
        self.refresher = Painter(self.refresh, interval_seconds=REFRESH_SECONDS)
        for part in (self.feed, self.painter, self.refresher):
            ui.context.client.on_delete(part.stop)
        self.feed.start()

    def feed_variables(self) -> dict[str, object]:
        """From the start at first; after a lost connection, from where this page is."""
        return {"id": self.wallet_id, "afterVersion": self.book.version if self.book else None}

    async def receive(self, data: dict[str, Any]) -> None:
        """A snapshot says that the feed is live: the whole is asked for now. Then come changes."""
        event = data["walletEvents"]
        if event["__typename"] == "WalletSnapshot" or self.book is None:
            await self.refresh()
            return
        if not self.book.apply(event["transaction"], event["after"]):
            self.refresher.request()
        elif event["lastOfOperation"]:
            self.painter.request()
            self.refresher.request()

    async def refresh(self) -> None:
        """Asks for the whole and shows it."""
        try:
            wallet = await self.whole.ask()
        except ApiError as error:
            self.fail(error)
            return
        if wallet is None:
            self.fail(ApiError("NOT_FOUND", "There is no such wallet."))
        elif self.book is None:
            self.book = Book(wallet)
        else:
            self.book.accept(wallet)
        if self.book is not None:
            await self.learn_names()
            await self.paint()

    async def learn_names(self) -> None:
        """Finds out the names of the people in the log; whom the viewer may not see keeps a short id."""
        actors = {line["actor"] for line in self.book.lines.values()} if self.book else set()
        unknown = sorted(actor for actor in actors if actor.startswith("usr_") and actor not in self.names)[:20]
        self.names |= dict(zip(unknown, await asyncio.gather(*map(self.name_of, unknown)), strict=True))

    async def name_of(self, actor: str) -> str:
        """The name of one person."""
        try:
            person = (await self.visit.api.send("Person", id=actor))["user"]
        except ApiError:
            person = None
        return person["name"] if person is not None else actor_name(actor, {})

    async def paint(self) -> None:
        """Shows what the book holds."""
        if self.book is None:
            return
        if self.sections is None:
            self.body.clear()
            with self.body:
                ui.page_title(f"{self.book.wallet['owner']['name']} · Tijori")
                self.sections = WalletSections(self.visit, self.book.wallet, self)
        self.sections.show(self.book, self.names, self.whole.hold_page)
        if self.dialog is not None:
            await self.dialog.moved()

    async def more(self, count: int) -> None:
        """Has so many lines of the log at hand, if there are so many, and shows it again."""
        if self.book is not None and self.book.older is not None and len(self.book.lines) < count:
            await self.read_older(self.book)
        await self.paint()

    async def read_older(self, book: Book) -> None:
        """Reads the next older lines of the log."""
        try:
            answer = await self.visit.api.send("WalletLog", id=self.wallet_id, first=OLDER_LINES, after=book.older)
        except ApiError as error:
            ui.notify(str(error), type="negative", position="bottom")
            return
        book.extend(answer["wallet"]["transactions"])
        await self.learn_names()

    async def turn_holds(self, by: int) -> None:
        """Shows the next page of the open holds, or the one before."""
        self.whole.turn_holds(by)
        await self.refresh()

    def open_money(self, kind: Kind) -> None:
        """Opens the dialog for one way of moving money."""
        with self.body:
            self.dialog = MoneyDialog(kind, self.visit, self.current)

    def open_lock(self, lock: bool) -> None:
        """Opens the dialog for locking or unlocking."""
        with self.body:
            self.dialog = LockDialog(self.visit, self.current, lock=lock)

    def current(self) -> Wallet:
        """The wallet as it is held now."""
        assert self.book is not None
        return self.book.wallet

    def tell(self, error: ApiError | None) -> None:
        """What the feed says about its connection; back again, the whole is asked for too."""
        if error is None:
            self.banner.tell(None)
            if self.book is not None:
                self.refresher.request()
        elif error.code in ("NOT_FOUND", "FORBIDDEN", "BAD_USER_INPUT", "UNAUTHENTICATED") or self.book is None:
            self.fail(error)
        else:
            self.banner.tell(error)

    def fail(self, error: ApiError) -> None:
        """To sign in again; or nothing to show; or what is shown may be old."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif self.book is not None and error.code == "UNAVAILABLE":
            self.banner.tell(error)
        else:
            self.give_up(error)

    def give_up(self, error: ApiError) -> None:
        """Shows why there is no wallet to show."""
        self.book = self.sections = None
        self.banner.rest()
        self.body.clear()
        with self.body, box("t-card"):
            if error.code == "NOT_FOUND":
                states.missing("wallet", "All wallets", "/wallet")
            else:
                states.failed(error, self.feed.start)
