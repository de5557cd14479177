"""Finds one of many by what is typed: a field, what it finds, and the one that was picked."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.fields import text_field
from dashboard.components.text import Text, box
from dashboard.session import Visit

SHORTEST = 2
T = TypeVar("T")


class Picker(Generic[T]):
    """`changed` hears of each picking, and of the picked one being typed over. Subclasses say what there is to find."""

    noun: ClassVar[str]
    """In the plural, as a heading."""

    def __init__(self, label: str, visit: Visit, changed: Callable[[], Awaitable[None]], *, props: str = "") -> None:
        self.visit = visit
        self.changed = changed
        self.picked: T | None = None
        self.asked = 0
        self.field = text_field(label, self.look, props=props)
        self.found = box("t-picker").props("role=group aria-live=polite")
        self.found.props["aria-label"] = f"{self.noun} found"

    async def search(self, text: str) -> Sequence[T]:
        """The first few that match. May raise ApiError."""
        raise NotImplementedError

    def describe(self, one: T) -> None:
        """What is said of one, in its button."""
        raise NotImplementedError

    def nobody(self) -> str:
        """That there is none."""
        raise NotImplementedError

    def is_picked(self, text: str) -> bool:
        """Whether this is what the picked one is called; where its name is not in the field nothing is."""
        return False

    async def look(self) -> None:
        """Asks for what is typed; what was picked before is so no more."""
        self.asked += 1
        question, text = self.asked, (self.field.value or "").strip()
        if self.is_picked(text):
            return
        if self.picked is not None:
            self.picked = None
            await self.changed()
        self.field.error = None
        try:
            found = await self.search(text) if len(text) >= SHORTEST else []
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question == self.asked and not self.found.is_deleted:
            self.show(found, text)

    def fail(self, error: ApiError) -> None:
        """No answer, which is not the same as nobody."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.found.is_deleted:
            self.found.clear()
            self.field.error = str(error)

    def show(self, found: Sequence[T], text: str) -> None:
        """Each as a button; or that there is none."""
        self.found.clear()
        with self.found:
            for one in found:
                self.offer(one)
            if not found and len(text) >= SHORTEST:
                Text(self.nobody(), "t-preview__hint", tag="p")

    def offer(self, one: T) -> ui.element:
        """A button that picks it."""

        async def press() -> None:
            self.pick(one)
            await self.changed()

        with box("t-picker__one", "button").props("type=button").on("click", press) as button:
            self.describe(one)
        return button

    def pick(self, one: T) -> None:
        """Takes this one, and shows it alone."""
        self.picked = one
        self.found.clear()
        with self.found:
            self.offer(one).classes("t-picker__one--picked").props("aria-pressed=true")
