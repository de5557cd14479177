"""What was used day by day in a month, as bars."""

from collections.abc import Sequence
from typing import TypedDict

from nicegui.element import Element


class Day(TypedDict):
    """A bar: `share` of the highest in percent; `tick` under it where there is room for one."""

    label: str
    tick: str
    text: str
    share: int


class UsageBars(Element, component="usage_bars.js"):
    """Every day has a bar, also one on which nothing was used."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props["label"] = label
        self._props["days"] = []

    def show(self, days: Sequence[Day]) -> None:
        """Draws these."""
        if days != self._props["days"]:
            self._props["days"] = list(days)
            self.update()
