"""What is happening, newest first: new entries come in at the top, and wait while one reads further down."""

from collections.abc import Sequence

from nicegui.element import Element

from dashboard.overview_words import Happening
from dashboard.theme import ASSETS


class LiveFeed(Element, component="live_feed.js"):
    """As many entries as it is given, and as many again where they come while one reads: it does not grow."""

    def __init__(self, label: str, nothing: str) -> None:
        super().__init__()
        self._props |= {"label": label, "nothing": nothing, "items": [], "sheet": f"{ASSETS}/icons.svg"}

    def show(self, items: Sequence[Happening]) -> None:
        """Puts these in."""
        if items != self._props["items"]:
            self._props["items"] = list(items)
            self.update()
