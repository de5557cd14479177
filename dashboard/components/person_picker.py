"""Finds a person by name or phone."""

from collections.abc import Awaitable, Callable, Sequence

from dashboard.components.picker import Picker
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.lists import nodes

Person = tuple[str, str, str]
"""An id, a name, and what it is told apart by."""


class PersonPicker(Picker[Person]):
    """The picked one's name stays in the field. `always`: who is offered besides, where they are called so."""

    noun = "People"

    def __init__(
        self, label: str, visit: Visit, changed: Callable[[], Awaitable[None]], *, always: Sequence[Person] = ()
    ) -> None:
        with box("t-pick"):
            super().__init__(label, visit, changed, props="dense clearable")
            self.found.classes("t-picker--over")
        self.always = always

    def is_picked(self, text: str) -> bool:
        """By the name that was put there."""
        return self.picked is not None and text == self.picked[1]

    async def search(self, text: str) -> list[Person]:
        """The first few, after those who are always there. May raise ApiError."""
        found = nodes((await self.visit.api.send("PeopleFound", search=text))["users"])
        people: list[Person] = [(one["id"], one["name"], one["phone"]) for one in found]
        return [one for one in self.always if text.lower() in one[1].lower()] + people

    def describe(self, one: Person) -> None:
        """Name and phone."""
        Text(one[1])
        Text(one[2], "t-sub")

    def nobody(self) -> str:
        """That there is none."""
        return "Nobody is called so."

    def pick(self, one: Person) -> None:
        """Takes this one, whose name closes what was found."""
        self.picked = one
        self.field.value = one[1]
        self.found.clear()
