"""The running log, page by page: its newest page is live, an older one or a filtered one stays as it is read."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.book import Book
from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.log_filters import LogFilters
from dashboard.components.log_table import LogTable, join, log_row
from dashboard.components.pager import Pager
from dashboard.components.text import Text, box
from dashboard.log_filter import LogFilter
from dashboard.names import Names
from dashboard.session import Visit
from dashboard.shapes.ledger import LogLine
from dashboard.shapes.lists import Connection, nodes
from dashboard.shapes.wallets import currency_of

PAGE_SIZE = 25


class LogPanel:
    """A card. `tell` hears what belongs into the address bar; `place` is a page's one cursor, after or before."""

    def __init__(
        self,
        visit: Visit,
        book: Callable[[], Book],
        names: Names,
        query: Mapping[str, str],
        tell: Callable[[dict[str, str]], None],
    ) -> None:
        self.visit = visit
        self.book = book
        self.names = names
        self.tell = tell
        self.filter = LogFilter.read(query)
        self.place = {name: query[name] for name in ("after", "before") if query.get(name)}
        self.answer: Connection[LogLine] | None = None
        self.entered = book().version
        self.asked = 0
        self.table: LogTable | None = None
        with box("t-card", "section").props('aria-label="Log"'):
            with box("t-card__head"):
                Text("Log", "t-h2", tag="h2")
                Text("Every change, newest first", "t-sub")
            LogFilters(visit, book().wallet["id"], self.filter, self.choose)
            self.body = box("t-card__body")
            self.pager = Pager("transactions", older=self.older, newer=self.newer)

    @property
    def is_live(self) -> bool:
        """Whether this is the newest page of all lines, which the book holds."""
        return not self.filter.query and not self.place

    async def refresh(self) -> None:
        """The wallet has changed, or the page is opened. A page that one has gone back to does not move."""
        if self.is_live:
            self.answer = None
            await self.draw()
        elif not self.place or self.answer is None:
            await self.ask()

    async def choose(self, chosen: LogFilter) -> None:
        """Other lines begin at their newest."""
        self.filter = chosen
        await self.go({})

    async def older(self) -> None:
        """The page below."""
        if self.answer is not None:
            cursor = self.answer["pageInfo"]["endCursor"]
        else:
            # A line that has only just come has no cursor yet: a page that overlaps is better than none.
            known = self.book().cursors
            cursor = next((known[line["version"]] for line in reversed(self.shown()) if line["version"] in known), None)
        if cursor:
            await self.go({"after": cursor})

    async def newer(self) -> None:
        """The page above; where less than a page is above, the newest one."""
        cursor = self.answer["pageInfo"].get("startCursor") if self.answer is not None else None
        await self.go({"before": cursor} if cursor else {})
        if self.answer is not None and self.place and not self.answer["pageInfo"].get("hasPreviousPage"):
            await self.go({})

    async def go(self, place: dict[str, str]) -> None:
        """To a page, which the address bar then names."""
        self.place = place
        self.tell(self.filter.query | place)
        if not self.is_live:
            await self.ask()
            return
        self.answer, self.entered = None, self.book().version
        await self.draw()

    async def ask(self) -> None:
        """Asks for the page; an answer that was overtaken is dropped."""
        self.asked += 1
        question = self.asked
        size: dict[str, Any] = {"last": PAGE_SIZE} if "before" in self.place else {"first": PAGE_SIZE}
        try:
            answer = await self.visit.api.send(
                "WalletLog",
                id=self.book().wallet["id"],
                filter=self.filter.variables(self.visit.manner),
                **size,
                **self.place,
            )
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question == self.asked and answer["wallet"] is not None and not self.body.is_deleted:
            self.answer = answer["wallet"]["transactions"]
            await self.draw()

    def fail(self, error: ApiError) -> None:
        """Why not."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.body.is_deleted:
            self.table = None
            self.pager.hide()
            self.body.clear()
            with self.body:
                states.failed(error, self.ask)

    def shown(self) -> list[LogLine]:
        """The lines of the page. What comes while it is read makes it longer, so that nothing leaves at its end."""
        if self.answer is not None:
            return nodes(self.answer)
        lines = self.book().newest_first()
        return lines[: PAGE_SIZE + sum(line["version"] > self.entered for line in lines)]

    async def draw(self) -> None:
        """Rows, or why there are none; names as soon as they are known."""
        await self.names.learn(line["actor"] for line in self.shown())
        if self.body.is_deleted:
            return
        lines = self.shown()
        self.turn_pages(lines)
        if not lines:
            self.table = None
            self.body.clear()
            with self.body:
                self.explain_emptiness()
            return
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = LogTable()
        book, manner = self.book(), self.visit.manner
        currency = currency_of(book.wallet)
        rows = [
            log_row(line, self.names, currency, manner, fresh=self.is_live and book.is_fresh(line)) for line in lines
        ]
        join(rows, lines)
        self.table.show(rows)

    def explain_emptiness(self) -> None:
        """Nothing matches, or nothing has happened yet."""
        if self.filter.query:
            states.empty("No transaction matches", "Nothing of this kind happened in these days.")
        else:
            states.empty("No transactions yet", "The first top-up will appear here by itself.")

    def turn_pages(self, lines: list[LogLine]) -> None:
        """Which neighbours there are, and which versions are shown."""
        book = self.book()
        info = self.answer["pageInfo"] if self.answer is not None else None
        on = info["hasNextPage"] if info else book.goes_on or len(book.lines) > len(lines)
        back = bool(self.place)
        words = f"{lines[-1]['version']:,}–{lines[0]['version']:,} of {book.version:,}" if lines else ""
        self.pager.element.set_visibility(back or on)
        self.pager.words.show("" if self.filter.query else f"Transactions {words}")
        self.pager.allow(back=back, on=on)
