"""A page that is a list: searched by name, filtered by standing, and named whole in the address."""

from typing import Any, ClassVar, Generic, TypeVar

from dashboard.address import show_address
from dashboard.components.banner import Banner
from dashboard.components.chips import Chips
from dashboard.components.data_table import Column, Row
from dashboard.components.listing import Listing
from dashboard.components.search import SearchBox
from dashboard.components.text import box
from dashboard.live import Feed
from dashboard.page import Page
from dashboard.session import Visit

Item = TypeVar("Item")
CHIPS: dict[str, dict[str, object]] = {"All": {}, "Active": {"active": True}, "Suspended": {"active": False}}
EVERY = "All"


class SearchedPage(Page, Generic[Item]):
    """What is asked for (search, chip), and the list that answers it: `noun` is its name in path and answer.

    The wallets that are shown in it are followed.
    """

    noun: ClassVar[str]
    document: ClassVar[str]
    hint: ClassVar[str]
    columns: list[Column]

    def __init__(self, visit: Visit, banner: Banner, search: str, chip: str) -> None:
        super().__init__(visit, banner)
        self.search = search
        self.chip = chip if chip in CHIPS else EVERY
        self.heard: list[str] = []
        """The wallets that the feed listens to."""
        self.wallets = Feed(visit.api, "WalletsChanged", variables=self.on_screen, receive=self.moved, status=self.tell)
        self.heading()
        self.place = box("t-card")
        with self.place:
            with box("t-toolbar"):
                SearchBox(self.hint, search, self.look_for)
                Chips(f"Which {self.noun}", list(CHIPS), self.chip, self.choose)
            self.listing: Listing[Item] = Listing(
                self.noun,
                self.columns,
                ask=self.ask,
                row=self.row,
                empty=self.explain_emptiness,
                expire=visit.expire,
                loaded=self.listen,
            )

    def heading(self) -> None:
        """What the page is, and the way to one more."""
        raise NotImplementedError

    def row(self, item: Item) -> Row:
        """One of the list."""
        raise NotImplementedError

    def explain_emptiness(self) -> None:
        """None matches, or there is none."""
        raise NotImplementedError

    def wallet_of(self, item: Item) -> str | None:
        """The wallet whose state its row shows."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Wallets are followed once it is known which."""
        self.until_left(self.wallets.stop)
        await super().begin()

    def listen(self) -> None:
        """To the wallets of those that are shown."""
        shown = [wallet_id for item in self.listing.items if (wallet_id := self.wallet_of(item))]
        if shown != self.heard:
            self.heard = shown
            if shown:
                self.wallets.start()
            else:
                self.wallets.stop()

    def on_screen(self) -> dict[str, object]:
        """What is listened to."""
        return {"ids": self.heard}

    async def moved(self, _: dict[str, Any]) -> None:
        """Balances and locks of those shown have changed, or the feed is live: what happened before it is asked for."""
        self.painter.request()

    async def refresh(self) -> None:
        """The page that is looked at, anew."""
        await self.listing.load()

    async def ask(self, first: int, after: str | None) -> Any:
        """A page of them."""
        given = {**CHIPS[self.chip], **({"search": self.search} if self.search else {})}
        return (await self.visit.api.send(self.document, first=first, after=after, **given))[self.noun]

    async def look_for(self, search: str) -> None:
        """Another search begins at its first page."""
        self.search = search.strip()
        await self.start_over()

    async def choose(self, chip: str) -> None:
        """So does another chip."""
        self.chip = chip
        await self.start_over()

    async def start_over(self) -> None:
        """The address bar names what is asked for."""
        show_address(f"/{self.noun}", {"search": self.search, "chip": self.chip if self.chip != EVERY else ""})
        await self.listing.start_over()
