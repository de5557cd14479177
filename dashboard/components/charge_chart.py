"""What each service cost, month by month: bars to look at, with a legend, and a table to hear."""

from collections.abc import Sequence

from nicegui.element import Element

from dashboard.totals import SCALE, Bar, Series, Tick


class ChargeChart(Element, component="charge_chart.js"):
    """Services are told apart by their patterns too, not by their colours alone."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props |= {"label": label, "bars": [], "series": [], "ticks": [], "scale": SCALE}

    def show(self, bars: Sequence[Bar], series: Sequence[Series], ticks: Sequence[Tick]) -> None:
        """Draws these, oldest first."""
        shown = {"bars": list(bars), "series": list(series), "ticks": list(ticks)}
        if any(self._props[name] != given for name, given in shown.items()):
            self._props |= shown
            self.update()
