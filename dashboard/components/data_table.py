"""A table that becomes cards where it is narrow, and shows which of its rows have changed."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from nicegui.element import Element

from dashboard.theme import ASSETS


class Column(TypedDict):
    """A column; `wide` ones take what room is left."""

    name: str
    label: str
    align: NotRequired[str]
    wide: NotRequired[bool]


class Badge(TypedDict):
    """A word in a coloured pill."""

    text: str
    tone: str
    icon: NotRequired[str]


class Cell(TypedDict):
    """What stands in a cell: text, a smaller line under it, pills."""

    text: str
    sub: NotRequired[str]
    tone: NotRequired[str]
    badges: NotRequired[list[Badge]]


class Detail(TypedDict):
    """A line that a row unfolds: words, smaller ones under them, and a figure."""

    text: str
    sub: str
    figure: str


class Row(TypedDict):
    """A row. `turn` counts its changes: a new turn is highlighted; 0 is not. Its details are folded away at first."""

    id: str
    cells: dict[str, Cell]
    href: NotRequired[str]
    turn: NotRequired[int]
    group: NotRequired[Literal["joined", "last"]]
    details: NotRequired[list[Detail]]


class DataTable(Element, component="data_table.js"):
    """Rows of plain data; all text is escaped by Vue."""

    def __init__(self, label: str, columns: Sequence[Column], *, compact: bool = False) -> None:
        super().__init__()
        self._props["label"] = label
        self._props["columns"] = list(columns)
        self._props["rows"] = []
        self._props["compact"] = compact
        self._props["sheet"] = f"{ASSETS}/icons.svg"

    def show(self, rows: Sequence[Row]) -> None:
        """Puts other rows in."""
        if rows != self._props["rows"]:
            self._props["rows"] = list(rows)
            self.update()
