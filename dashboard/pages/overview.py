"""Overview, what an administrator looks at each morning: what is held and owed, what is happening, who locks next."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.components.banner import Banner
from dashboard.components.chips import Chips
from dashboard.components.first_steps import FirstSteps
from dashboard.components.overview_parts import OverviewParts
from dashboard.components.text import box
from dashboard.live import Painter
from dashboard.names import Names
from dashboard.nav import ADMINS, own_wallet
from dashboard.page import WholePage, shown, title
from dashboard.session import Desk, Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.overview import Charts, NewOperation, Overview, currency_of

# Of a burst of changes: the figures as often as they are worked out, the feed five times a second, the board twice, the
# drawings once.
FEED_SECONDS = 0.2
BOARD_SECONDS = 0.5
CHARTS_SECONDS = 1.0
# So that the figures and the board, of one change, come first.
CHARTS_LATER_SECONDS = 0.1


def register(desk: Desk) -> None:
    """Makes the page known. Whoever does not see all is led to their own wallet."""

    @ui.page("/", title="Overview · Tijori")
    async def overview(request: Request, currency: str = "") -> Response | None:
        make = partial(OverviewPage, currency=currency)
        return await shown(desk, request, active="/", make=make, roles=ADMINS, elsewhere=own_wallet)


class OverviewPage(WholePage):
    """Each part is asked for by itself: sums over all wallets take longer than what has just happened."""

    kinds: ClassVar = ("TENANTS", "USERS", "PRICES", "USAGE", "INVOICES", "FORECASTS")

    def __init__(self, visit: Visit, banner: Banner, *, currency: str) -> None:
        with box("t-title"):
            title("Overview", "What is held and owed, what is happening, and who locks next.")
            self.choice = box("t-choice")
        super().__init__(visit, banner)
        self.chosen = currency
        self.overviews: dict[str, Overview] = {}
        self.operations: list[NewOperation] = []
        self.charts: dict[str, Charts] = {}
        viewer = visit.viewer
        self.names = Names(visit.api, {viewer["id"]: viewer["name"]} if viewer else {})
        self.steps: FirstSteps | None = None
        self.parts: OverviewParts | None = None
        self.offered: list[str] = []

    async def begin(self) -> None:
        """Shows what there is at once, also where the live connection is slow to come."""
        self.feed_painter = self.painter_of(self.refresh_feed, FEED_SECONDS)
        self.board_painter = self.painter_of(self.refresh_board, BOARD_SECONDS)
        self.charts_painter = self.painter_of(self.refresh_charts, CHARTS_SECONDS)
        await self.refreshed()
        await super().begin()
        self.follow("WalletsMoved", dict, self.hear_wallets)

    def painter_of(self, refresh: Callable[[], Awaitable[None]], interval_seconds: float) -> Painter:
        """Draws a part of the page, until the browser leaves."""
        painter = Painter(partial(self.attempt, refresh), interval_seconds=interval_seconds)
        self.until_left(painter.stop)
        return painter

    async def hear(self, data: dict[str, Any]) -> None:
        """Anything that is shown may have changed."""
        self.request()

    async def hear_wallets(self, data: dict[str, Any]) -> None:
        """Money has moved."""
        self.request()
        if self.parts is not None:
            await self.parts.board.moved({wallet["id"] for wallet in data["walletsChanged"]})

    def request(self) -> None:
        """All of it, soon."""
        for painter in (self.feed_painter, self.painter, self.board_painter, self.charts_painter):
            painter.request()

    async def refresh(self) -> None:
        """The figures; in an empty store, what to do first."""
        answer = await self.visit.api.send("Overview")
        self.overviews = {one["currency"]: one for one in answer["overview"]}
        if self.parts is None:
            await self.load_operations()
            if is_empty(self.overviews, self.operations):
                await self.lead()
                return
            self.parts = self.build()
            self.parts.tell(self.operations, self.names)
        self.offer()
        self.parts.show(self.overviews[self.current])

    async def refresh_feed(self) -> None:
        """What is happening."""
        if self.parts is not None:
            await self.load_operations()
            self.parts.tell(self.operations, self.names)

    async def load_operations(self) -> None:
        """The newest, and who they are by."""
        self.operations = nodes((await self.visit.api.send("NewestOperations"))["operations"])
        await self.names.learn(operation["actor"] for operation in self.operations)

    async def lead(self) -> None:
        """The first steps."""
        tenants = nodes((await self.visit.api.send("FirstSteps"))["tenants"])
        if self.steps is None:
            self.body.clear()
            with self.body:
                self.steps = FirstSteps()
        self.steps.show(tenants[0] if tenants else None)

    def build(self) -> OverviewParts:
        """The page's parts, in place of what stood there."""
        self.steps = None
        self.body.clear()
        self.board_painter.request()
        self.charts_painter.request()
        with self.body:
            return OverviewParts(self.visit, lambda: currency_of(self.overviews[self.current]), self.fail)

    @property
    def current(self) -> str:
        """The currency that is shown: the one asked for, else the one that most wallets have."""
        if self.chosen in self.overviews:
            return self.chosen
        return max(self.overviews, key=lambda code: self.overviews[code]["wallets"])

    def offer(self) -> None:
        """The currencies to choose from, where there are several: unlike ones are never added."""
        codes = sorted(self.overviews)
        if codes != self.offered:
            self.offered = codes
            self.choice.clear()
            if len(codes) > 1:
                with self.choice:
                    Chips("Currency", codes, self.current, self.choose)

    async def choose(self, currency: str) -> None:
        """Another currency, which the address bar names, so that going back finds it again."""
        self.chosen = currency
        show_address("/", {"currency": currency})
        self.draw()
        await self.refreshed()
        if self.parts is not None:
            await self.parts.board.start_over()

    async def refresh_board(self) -> None:
        """Who locks next."""
        if self.parts is not None:
            await self.parts.board.refresh()

    async def refresh_charts(self) -> None:
        """What is drawn."""
        await asyncio.sleep(CHARTS_LATER_SECONDS)
        if self.parts is not None:
            answer = await self.visit.api.send("OverviewCharts")
            self.charts = {one["currency"]: one for one in answer["overview"]}
            self.draw()

    def draw(self) -> None:
        """What is known of the currency that is shown."""
        if self.parts is not None and self.current in self.charts:
            self.parts.draw(self.charts[self.current])

    def ask_again(self) -> None:
        """Whichever of them had no answer."""
        if not self.has_left:
            self.request()


def is_empty(overviews: dict[str, Overview], operations: list[NewOperation]) -> bool:
    """Whether nothing has been paid in or used yet."""
    charged = [(one["chargeThisMonthMinor"], one["chargeLastMonthMinor"]) for one in overviews.values()]
    return not operations and not any(Decimal(amount) for both in charged for amount in both)
