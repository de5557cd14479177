"""A list that is paged by key: it asks, shows rows or why there are none, and turns its pages."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.pager import Pager
from dashboard.components.text import box
from dashboard.shapes.lists import nodes

T = TypeVar("T")
PAGE_SIZE = 25


class Listing(Generic[T]):
    """Built inside a card. What it shows stays where asking for it again fails: that is for the page to tell.

    `ask` answers a connection for (first, after), and may raise ApiError.

    `act` hears of buttons in its rows: the row's id, the button's name. `loaded` hears of each page that has come.
    """

    def __init__(
        self,
        noun: str,
        columns: Sequence[Column],
        *,
        ask: Callable[[int, str | None], Awaitable[Any]],
        row: Callable[[T], Row],
        empty: Callable[[], None],
        expire: Callable[[], None],
        page_size: int = PAGE_SIZE,
        act: Callable[[str, str], Awaitable[None]] | None = None,
        loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self.noun = noun
        self.columns = columns
        self.ask = ask
        self.row = row
        self.empty = empty
        self.expire = expire
        self.page_size = page_size
        self.act = act
        self.loaded = loaded
        self.cursors: list[str | None] = [None]
        self.asked = 0
        self.items: list[T] = []
        self.is_shown = False
        """Whether what is there is the page that is asked for."""
        self.table: DataTable | None = None
        self.body = box("t-card__body")
        with self.body:
            states.skeleton(8)
        self.pager = Pager(noun, older=self.next_page, newer=self.previous_page)

    async def start_over(self) -> bool:
        """The first page: another list is asked for."""
        self.cursors = [None]
        return await self.turn()

    async def next_page(self) -> None:
        """On to the next page; the cursors passed lead back."""
        if self.pager.end_cursor is not None:
            self.cursors.append(self.pager.end_cursor)
            await self.turn()

    async def previous_page(self) -> None:
        """Back to the page before."""
        if len(self.cursors) > 1:
            self.cursors.pop()
            await self.turn()

    async def turn(self) -> bool:
        """Loads another page than the one that is shown; where that fails it is said here."""
        self.is_shown = False
        return await self.load()

    async def load(self) -> bool:
        """Asks for the page and shows it; False where it failed, or where another question overtook this one.

        Raises ApiError where the page that is shown could not be asked for again.
        """
        self.asked += 1
        question = self.asked
        try:
            answer = await self.ask(self.page_size, self.cursors[-1])
        except ApiError as error:
            if question == self.asked:
                if self.is_shown and error.code != "UNAUTHENTICATED":
                    raise
                self.fail(error)
            return False
        if question != self.asked:
            return False
        self.items = nodes(answer)
        self.pager.show(len(self.cursors) - 1, self.page_size, len(self.items), answer)
        self.is_shown = True
        self.draw()
        self.loaded()
        return True

    def draw(self) -> None:
        """Rows, or why there are none."""
        if not self.items:
            self.table = None
            self.body.clear()
            with self.body:
                self.empty()
            return
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = DataTable(self.noun.capitalize(), self.columns)
                if self.act is not None:
                    self.table.on_act(self.act)
        self.table.show([self.row(item) for item in self.items])

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or to try again."""
        if error.code == "UNAUTHENTICATED":
            self.expire()
            return
        self.items, self.table = [], None
        self.pager.hide()
        self.body.clear()
        with self.body:
            states.failed(error, self.load)
