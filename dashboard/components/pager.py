"""Back and forth through a list that is paged by cursors."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


class Pager:
    """Says which part of the list is shown and leads to its neighbours."""

    def __init__(
        self, noun: str, *, older: Callable[[], Awaitable[None]], newer: Callable[[], Awaitable[None]]
    ) -> None:
        self.noun = noun
        self.end_cursor: str | None = None
        with box("t-pager") as self.element:
            self.words = Text("", "t-pager__words").props("aria-live=polite")
            box("t-space")
            with box("t-btn t-btn--small", "button").props("type=button").on("click", newer) as self.back:
                Icon("left")
                Text("Previous")
            with box("t-btn t-btn--small", "button").props("type=button").on("click", older) as self.on:
                Text("Next")
                Icon("right")
        self.hide()

    def hide(self) -> None:
        """There is no list to go through."""
        self.end_cursor = None
        self.element.set_visibility(False)

    def show(self, page: int, page_size: int, count: int, answer: dict[str, Any]) -> None:
        """Where in the list this page of so many entries is; a total is named where the API counted."""
        self.end_cursor = answer["pageInfo"]["endCursor"]
        has_more = answer["pageInfo"]["hasNextPage"]
        self.element.set_visibility(bool(count) or page > 0)
        self.words.show(self.position(page * page_size + 1, count, answer["totalCount"]) if count else "")
        self.allow(back=page > 0, on=has_more)
        for button in (self.back, self.on):
            button.set_visibility(page > 0 or has_more)

    def position(self, first: int, count: int, total: int | None) -> str:
        """Which entries of how many these are."""
        if total == count:
            return f"{count} {self.noun if count > 1 else self.noun.removesuffix('s')}"
        of_all = f" of {total:,}" if total is not None else ""
        return f"{first}–{first + count - 1}{of_all} {self.noun}"

    def allow(self, *, back: bool, on: bool) -> None:
        """Which neighbours there are."""
        for button, allowed in ((self.back, back), (self.on, on)):
            button.props["disabled"] = not allowed
            button.update()
