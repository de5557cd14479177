"""From one figure to another as a waterfall: a table whose middle column is drawn, so that it is read as it is seen."""

from collections.abc import Sequence

from nicegui.element import Element

from dashboard.explanation import SCALE, Bar


class Waterfall(Element, component="waterfall.js"):
    """Each row's bar begins where the one above it ends."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props["label"] = label
        self._props["bars"] = []
        self._props["scale"] = SCALE

    def show(self, bars: Sequence[Bar]) -> None:
        """Draws these."""
        if bars != self._props["bars"]:
            self._props["bars"] = list(bars)
            self.update()
