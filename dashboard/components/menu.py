"""A button that unfolds what is done less often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from dashboard.theme import ASSETS


@dataclass(frozen=True)
class Entry:
    """One thing to do: its word, its icon, and what does it."""

    words: str
    icon: str
    act: Callable[[], object]
    danger: bool = False


class Menu(Element, component="menu.js"):
    """Worked with the mouse and with arrow keys."""

    def __init__(self, label: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._props["label"] = label
        self._props["sheet"] = f"{ASSETS}/icons.svg"
        self.entries: dict[str, Entry] = {}
        self.show(entries)
        self.on("choose", self.choose)

    def show(self, entries: Sequence[Entry]) -> None:
        """Offers these."""
        self.entries = {entry.words: entry for entry in entries}
        offered = [
            {"name": entry.words, "words": entry.words, "icon": entry.icon, "danger": entry.danger} for entry in entries
        ]
        if offered != self._props.get("entries"):
            self._props["entries"] = offered
            self.update()

    async def choose(self, event: GenericEventArguments) -> None:
        """Does what was chosen, if it is offered still."""
        if event.args in self.entries:
            done = self.entries[event.args].act()
            if isawaitable(done):
                await done
