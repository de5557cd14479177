"""Lists that are paged by key: they ask, show what came or why there is nothing, and turn their pages."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, NotRequired, Protocol, TypedDict, TypeVar, Unpack

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.pager import Pager
from dashboard.components.text import box
from dashboard.shapes.lists import nodes

T = TypeVar("T")
PAGE_SIZE = 25


class Asked(TypedDict):
    """What every such list is told besides its noun."""

    ask: Callable[[int, str | None], Awaitable[Any]]
    empty: Callable[[], None]
    expire: Callable[[], None]
    page_size: NotRequired[int]
    loaded: NotRequired[Callable[[], None]]


class PagedList(Generic[T]):
    """Built inside a card. What it shows stays where asking for it again fails: that is for the page to tell.

    `ask` answers a connection for (first, after), and may raise ApiError. `loaded` hears of each page that has come.
    """

    def __init__(
        self,
        noun: str,
        *,
        ask: Callable[[int, str | None], Awaitable[Any]],
        empty: Callable[[], None],
        expire: Callable[[], None],
        page_size: int = PAGE_SIZE,
        loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self.noun = noun
        self.ask = ask
        self.empty = empty
        self.expire = expire
        self.page_size = page_size
        self.loaded = loaded
        self.cursors: list[str | None] = [None]
        self.asked = 0
        self.items: list[T] = []
        self.is_shown = False
        """Whether what is there is the page that is asked for."""
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
        """What there is, or why there is nothing."""
        if self.items:
            self.draw_items()
        else:
            self.begin_anew()
            with self.body:
                self.empty()

    def draw_items(self) -> None:
        """What there is."""
        raise NotImplementedError

    def begin_anew(self) -> None:
        """Nothing of what was drawn is there any more."""
        self.body.clear()

    def fail(self, error: ApiError) -> None:
        """No answer: to sign in again, or to try again."""
        if error.code == "UNAUTHENTICATED":
            self.expire()
            return
        self.items = []
        self.pager.hide()
        self.begin_anew()
        with self.body:
            states.failed(error, self.load)


class Listing(PagedList[T]):
    """Rows of a table. `act` hears of buttons in them: the row's id, the button's name."""

    def __init__(
        self,
        noun: str,
        columns: Sequence[Column],
        *,
        row: Callable[[T], Row],
        act: Callable[[str, str], Awaitable[None]] | None = None,
        **asked: Unpack[Asked],
    ) -> None:
        self.columns = columns
        self.row = row
        self.act = act
        self.table: DataTable | None = None
        super().__init__(noun, **asked)

    def draw_items(self) -> None:
        """Other rows in the same table."""
        if self.table is None:
            self.begin_anew()
            with self.body:
                self.table = DataTable(self.noun.capitalize(), self.columns)
                if self.act is not None:
                    self.table.on_act(self.act)
        self.table.show([self.row(item) for item in self.items])

    def begin_anew(self) -> None:
        """Without the table."""
        self.table = None
        super().begin_anew()


class Line(Protocol):
    """What stands for one item, and can show it as it is later."""

    def show(self, item: Any, /) -> None:
        """As it is now."""


class LineList(PagedList[T]):
    """Lines that `line` builds. The same items are shown in the same lines: a menu that is open stays open."""

    def __init__(self, noun: str, *, label: str, line: Callable[[T], Line], **asked: Unpack[Asked]) -> None:
        self.label = label
        self.line = line
        self.lines: dict[str, Line] = {}
        super().__init__(noun, **asked)

    def draw_items(self) -> None:
        """Each in its line."""
        items: dict[str, T] = {item["id"]: item for item in self.items}  # type: ignore[index]  # whatever is listed has one
        if list(items) != list(self.lines):
            self.begin_anew()
            with self.body, box("t-rules", "ul") as element:
                element.props["aria-label"] = self.label
                self.lines = {item_id: self.line(item) for item_id, item in items.items()}
        else:
            for item_id, item in items.items():
                self.lines[item_id].show(item)

    def begin_anew(self) -> None:
        """Without the lines."""
        self.lines = {}
        super().begin_anew()
