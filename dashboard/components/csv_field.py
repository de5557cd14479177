"""Takes a CSV file from the browser: chosen, dropped or pasted."""

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from dashboard.theme import ASSETS


class CsvField(Element, component="csv_field.js"):
    """Posts it to the address `to`, which answers JSON: a `batch`, of which `taken` hears, or a `problem`."""

    def __init__(
        self, to: str, *, most_bytes: int, hint: str, example: str, taken: Callable[[str], Awaitable[None]]
    ) -> None:
        super().__init__()
        self._props["to"] = to
        self._props["most"] = most_bytes
        self._props["hint"] = hint
        self._props["example"] = example
        self._props["sheet"] = f"{ASSETS}/icons.svg"

        async def heard(event: GenericEventArguments) -> None:
            match event.args:
                case str(name):
                    await taken(name)

        self.on("taken", heard)
