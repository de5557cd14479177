"""What was held as each of the last days ended: a line to look at, and a table to hear."""

from collections.abc import Sequence

from nicegui.element import Element

from dashboard.totals import SCALE, Day, Tick


class DayChart(Element, component="day_chart.js"):
    """An SVG of our own, given heights on a scale and amounts already put into words."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props |= {"label": label, "days": [], "ticks": [], "scale": SCALE}

    def show(self, days: Sequence[Day], ticks: Sequence[Tick]) -> None:
        """Draws these, oldest first."""
        if days != self._props["days"] or ticks != self._props["ticks"]:
            self._props |= {"days": list(days), "ticks": list(ticks)}
            self.update()
