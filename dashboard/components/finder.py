"""The search box in the header: finds what somebody has a name, a number or an id of, and leads there."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from dashboard.client import ApiError
from dashboard.found import Group, groups
from dashboard.session import Visit
from dashboard.theme import ASSETS

MOST = 20
MOST_RECENT = 6
LONGEST = 200
RECENT = "Opened lately"
AWAY = "The server cannot be reached. Try again in a moment."
NOUNS = {"SUPER_ADMIN": "Users, tenants, wallets, invoices…", "SUPPORT": "Users, tenants, wallets, invoices…"}
ONES_OWN = "What is yours"


class Finder(Element, component="finder.js"):
    """Asks for each text that the browser sends; which answer is still wanted is known there."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self.newest = 0
        self._props["viewer"] = visit.viewer["id"] if visit.viewer else ""
        self._props["sheet"] = f"{ASSETS}/icons.svg"
        self._props["placeholder"] = NOUNS.get(visit.viewer["role"], ONES_OWN) if visit.viewer else ONES_OWN
        self.on("look", self.look)
        self.on("recall", self.recall)

    async def look(self, event: GenericEventArguments) -> None:
        """What somebody types."""
        match event.args:
            case {"question": int(question), "text": str(text)}:
                await self.answer(question, "Search", "search", text=text[:LONGEST], first=MOST)

    async def recall(self, event: GenericEventArguments) -> None:
        """What they have opened from here before; what is gone is left out."""
        match event.args:
            case {"question": int(question), "ids": [*ids]}:
                known = [one[:LONGEST] for one in ids if isinstance(one, str)][:MOST_RECENT]
                await self.answer(question, "Recalled", "nodes", ids=known)

    async def answer(self, question: int, document: str, field: str, **variables: object) -> None:
        """Has it shown, unless another question was asked meanwhile."""
        self.newest = question
        found: Sequence[Mapping[str, Any] | None] = []
        problem = ""
        try:
            found = (await self.visit.api.send(document, **variables))[field]
        except ApiError as error:
            if error.code == "UNAUTHENTICATED":
                self.visit.expire()
            problem = AWAY if error.code == "UNAVAILABLE" else str(error)
        if question == self.newest and not self.is_deleted:
            told = groups([one for one in found if one is not None], self.visit)
            self.run_method("show", question, lately(told) if field == "nodes" else told, problem)


def lately(found: Sequence[Group]) -> list[Group]:
    """All under one heading."""
    results = [one for group in found for one in group["results"]]
    return [{"title": RECENT, "results": results}] if results else []
