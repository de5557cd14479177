"""Finds a person by name or phone: a field, what it finds, and the one that was picked."""

from collections.abc import Awaitable, Callable, Sequence

from dashboard.client import ApiError
from dashboard.components.fields import text_field
from dashboard.components.text import Text, box
from dashboard.session import Visit
from dashboard.shapes.lists import nodes

SHORTEST = 2
Person = tuple[str, str, str]
"""An id, a name, and what it is told apart by."""


class PersonPicker:
    """`changed` hears of each picking, and of the field being emptied. `always`: who is offered before anything is
    typed."""

    def __init__(
        self, label: str, visit: Visit, changed: Callable[[], Awaitable[None]], *, always: Sequence[Person] = ()
    ) -> None:
        self.visit = visit
        self.changed = changed
        self.always = always
        self.picked: Person | None = None
        self.asked = 0
        with box("t-pick"):
            self.field = text_field(label, self.look, props="dense clearable")
            self.found = box("t-picker t-picker--over").props('role=group aria-label="People found" aria-live=polite')

    async def look(self) -> None:
        """Asks for what is typed; what was picked before is so no more."""
        self.asked += 1
        question, text = self.asked, (self.field.value or "").strip()
        if self.picked is not None and text == self.picked[1]:
            return
        if self.picked is not None:
            self.picked = None
            await self.changed()
        people = await self.search(text) if len(text) >= SHORTEST else []
        if question == self.asked and not self.found.is_deleted:
            self.show(people, text)

    async def search(self, text: str) -> list[Person]:
        """The first few, after those who are always there and are called so."""
        try:
            found = nodes((await self.visit.api.send("PeopleFound", search=text))["users"])
        except ApiError:
            found = []
        people: list[Person] = [(one["id"], one["name"], one["phone"]) for one in found]
        return [one for one in self.always if text.lower() in one[1].lower()] + people

    def show(self, people: Sequence[Person], text: str) -> None:
        """To pick from, or that there is none."""
        self.found.clear()
        with self.found:
            for person in people:
                with box("t-picker__one", "button").props("type=button").on("click", self.presser(person)):
                    Text(person[1], "t-picker__name")
                    Text(person[2], "t-picker__sub")
            if not people and len(text) >= SHORTEST:
                Text("Nobody is called so.", "t-sub", tag="p")

    def presser(self, person: Person) -> Callable[[], Awaitable[None]]:
        """What pressing one of them does."""

        async def press() -> None:
            self.pick(person)
            await self.changed()

        return press

    def pick(self, person: Person) -> None:
        """Takes this one."""
        self.picked = person
        self.field.value = person[1]
        self.found.clear()
