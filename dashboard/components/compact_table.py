"""A narrow table in a side card: the first few rows, and the others when asked for."""

from collections.abc import Sequence

from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.text import Text, box

FEW = 6


class CompactTable(DataTable, component="data_table.js"):
    """Words where it is empty."""

    def __init__(self, title: str, columns: Sequence[Column], nothing: str) -> None:
        with box("t-card", "section") as card:
            card.props["aria-label"] = title
            with box("t-card__head"):
                Text(title, "t-h2", tag="h2")
            self.nothing = Text(nothing, "t-card__nothing", tag="p")
            super().__init__(title, columns, compact=True)
            self.foot = box("t-pager")
            with self.foot, box("t-btn t-btn--small", "button").props("type=button").on("click", self.unfold):
                self.more = Text("")
        self.unfolded = False
        self.all_rows: list[Row] = []
        self.put([])

    def put(self, rows: list[Row], *, has_more: bool = False) -> None:
        """Shows the first few of these, or all once that was asked for. There may be more than these."""
        self.all_rows = rows
        self.nothing.set_visibility(not rows)
        self.set_visibility(bool(rows))
        self.more.show(f"Show the newest {len(rows)}" if has_more else f"Show all {len(rows)}")
        self.foot.set_visibility(len(rows) > FEW and not self.unfolded)
        self.show(rows if self.unfolded else rows[:FEW])

    def unfold(self) -> None:
        """Shows all."""
        self.unfolded = True
        self.put(self.all_rows)
