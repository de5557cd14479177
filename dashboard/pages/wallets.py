"""Finance → Wallet Management: every wallet, searchable, each row changing by itself."""

from typing import Any
from urllib.parse import quote, urlencode

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.chips import Chips
from dashboard.components.frame import frame
from dashboard.components.pager import Pager
from dashboard.components.search import SearchBox
from dashboard.components.text import Text, box
from dashboard.components.wallet_table import WalletTable, wallet_row
from dashboard.live import Feed
from dashboard.session import Desk, Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.wallets import Wallet

PAGE_SIZE = 25
CHIPS: dict[str, dict[str, object]] = {"All": {}, "Locked": {"locked": True}, "Due": {"due": True}}


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/wallet", title="Wallet Management · Tijori")
    async def wallets(request: Request, search: str = "", chip: str = "All") -> Response | None:
        visit = await desk.arrive(request)
        if isinstance(visit, Response):
            return visit
        with frame(visit, active="/wallet") as banner:
            if visit.problem is not None:
                with box("t-card"):
                    states.failed(visit.problem, visit.again)
                return None
            page = WalletsPage(visit, banner, search=search, chip=chip if chip in CHIPS else "All")
        if await visit.settle():
            await page.begin()
        return None


class WalletsPage:
    """What is asked for (search, chip, cursor), what was answered, and the feed that keeps it current."""

    def __init__(self, visit: Visit, banner: Banner, *, search: str, chip: str) -> None:
        self.visit = visit
        self.banner = banner
        self.search = search
        self.chip = chip
        self.cursors: list[str | None] = [None]
        self.asked = 0
        self.wallets: dict[str, Wallet] = {}
        self.turns: dict[str, int] = {}
        self.listened_to: list[str] = []
        self.feed = Feed(
            visit.api, "WalletsChanged", variables=self.feed_variables, receive=self.receive, status=self.tell
        )
        self.build()

    def build(self) -> None:
        """The page's sections."""
        with box("t-title"), box("t-title__words"):
            Text("Wallet Management", "t-h1", tag="h1")
            Text("Prepaid balances of every tenant and user, as they change.", "t-sub", tag="p")
        with box("t-card"):
            with box("t-toolbar"):
                SearchBox("Search name or phone", self.search, self.look_for)
                Chips("Which wallets", list(CHIPS), self.chip, self.choose)
            self.body = box("t-card__body")
            with self.body:
                states.skeleton(8)
            self.pager = Pager("wallets", older=self.next_page, newer=self.previous_page)
        self.table: WalletTable | None = None

    async def begin(self) -> None:
        """Loads the first page and keeps it current until the browser leaves."""
        ui.context.client.on_delete(self.feed.stop)
        await self.load()

    async def look_for(self, search: str) -> None:
        """Another search begins at its first page."""
        self.search = search.strip()
        await self.start_over()

    async def choose(self, chip: str) -> None:
        """So does another chip."""
        self.chip = chip
        await self.start_over()

    async def start_over(self) -> None:
        """The first page of another list, which the address bar names, so that going back finds it again."""
        self.cursors = [None]
        asked = {"search": self.search, "chip": self.chip if self.chip != "All" else ""}
        given = urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)
        ui.navigate.history.replace(f"/wallet?{given}" if given else "/wallet")
        await self.load()

    async def next_page(self) -> None:
        """On to the next page; the cursors passed lead back."""
        if self.pager.end_cursor is not None:
            self.cursors.append(self.pager.end_cursor)
            await self.load()

    async def previous_page(self) -> None:
        """Back to the page before."""
        if len(self.cursors) > 1:
            self.cursors.pop()
            await self.load()

    async def load(self) -> None:
        """Queries the page that is asked for, shows it, and listens to its wallets."""
        if await self.query() and self.feed_is_behind():
            self.listened_to = list(self.wallets)
            self.feed.start()

    async def query(self) -> bool:
        """Asks once; an answer that has been overtaken by another question is dropped."""
        self.asked += 1
        question = self.asked
        try:
            answer = await self.visit.api.send("Wallets", first=PAGE_SIZE, after=self.cursors[-1], filter=self.filter())
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return False
        if question != self.asked:
            return False
        self.accept(answer["wallets"])
        return True

    def filter(self) -> dict[str, object]:
        """The API's filter for search and chip."""
        return {**CHIPS[self.chip], **({"search": self.search} if self.search else {})}

    def accept(self, answer: Any) -> None:
        """Shows a page of wallets."""
        fresh: list[Wallet] = nodes(answer)
        self.turns = {wallet["id"]: self.turn_of(wallet) for wallet in fresh}
        self.wallets = {wallet["id"]: wallet for wallet in fresh}
        self.pager.show(len(self.cursors) - 1, PAGE_SIZE, len(fresh), answer)
        self.draw()

    def turn_of(self, wallet: Wallet) -> int:
        """How often a row has changed under the viewer's eyes: a change is highlighted, a first sight is not."""
        known = self.wallets.get(wallet["id"])
        changed = known is not None and known["version"] < wallet["version"]
        return self.turns.get(wallet["id"], 0) + (1 if changed else 0)

    def draw(self) -> None:
        """Rows, or why there are none."""
        if not self.wallets:
            self.table = None
            self.body.clear()
            with self.body:
                self.explain_emptiness()
            return
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = WalletTable()
        rows = [wallet_row(wallet, self.visit.manner, self.turns[wallet["id"]]) for wallet in self.wallets.values()]
        self.table.show(rows)

    def explain_emptiness(self) -> None:
        """Nothing matches, or there is nothing yet."""
        if self.search:
            states.empty("No wallet matches", f"Nobody is called “{self.search}” or has it in a phone number.")
        elif self.chip == "Locked":
            states.empty("No wallet is locked", "A wallet locks when an invoice is not covered, or by hand.")
        elif self.chip == "Due":
            states.empty("Nobody owes anything", "An invoice that is not covered shows up here until it is paid.")
        else:
            states.empty("No wallets yet", "Create a tenant or a user through the API: its wallet comes with it.")

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or to try again."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
            return
        self.table = None
        self.pager.hide()
        self.body.clear()
        with self.body:
            states.failed(error, self.load)

    def feed_is_behind(self) -> bool:
        """Whether the feed listens to other wallets than those on the screen."""
        return self.feed.task is None or set(self.listened_to) != set(self.wallets)

    def feed_variables(self) -> dict[str, object]:
        """The page's wallets; where there are none, whatever comes to match."""
        return {"ids": self.listened_to} if self.listened_to else {"filter": self.filter()}

    async def receive(self, data: dict[str, Any]) -> None:
        """An empty list says that the feed is live: what happened before it is asked for now."""
        changed: list[Wallet] = data["walletsChanged"]
        if not changed or not self.wallets:
            await self.load()
            return
        for wallet in changed:
            known = self.wallets.get(wallet["id"])
            if known is not None and known["version"] <= wallet["version"]:
                self.turns[wallet["id"]] = self.turn_of(wallet)
                self.wallets[wallet["id"]] = wallet
        self.draw()

    def tell(self, error: ApiError | None) -> None:
        """What the feed says about its connection."""
        if error is not None and error.code == "UNAUTHENTICATED":
            self.visit.expire()
        else:
            self.banner.tell(error)
