"""A table that becomes cards where it is narrow, and shows which of its rows have changed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, NotRequired, TypedDict

from nicegui.element import Element
from nicegui.events import GenericEventArguments

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


class Act(TypedDict):
    """A button in a row: its name for `on_act`, its word, and a label that says of which row it is; or a link."""

    name: str
    words: str
    label: str
    danger: NotRequired[bool]
    href: NotRequired[str]


class Cell(TypedDict):
    """What stands in a cell: text, a smaller line under it, pills, buttons."""

    text: str
    sub: NotRequired[str]
    tone: NotRequired[str]
    badges: NotRequired[list[Badge]]
    acts: NotRequired[list[Act]]


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

    def on_act(self, act: Callable[[str, str], Awaitable[None]]) -> None:
        """Has a row's button heard: by the row's id and the button's name, if both are shown."""

        async def heard(event: GenericEventArguments) -> None:
            match event.args:
                case {"row": str(row), "name": str(name)} if (row, name) in self.offered():
                    await act(row, name)

        self.on("act", heard)

    def offered(self) -> set[tuple[str, str]]:
        """The buttons that there are."""
        rows: list[Row] = self._props["rows"]
        return {
            (row["id"], act["name"]) for row in rows for cell in row["cells"].values() for act in cell.get("acts", ())
        }
