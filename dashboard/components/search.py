"""A search field that asks when typing pauses."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from dashboard.components.icon import Icon
from dashboard.components.text import box

PAUSE_MILLISECONDS = 100


class SearchBox:
    """Tells what is typed, once it has stood for a moment."""

    def __init__(self, label: str, typed: str, changed: Callable[[str], Awaitable[None]]) -> None:
        async def tell() -> None:
            await changed(self.input.value or "")

        with box("t-search"):
            Icon("search")
            self.input = ui.input(value=typed, placeholder=label)
            self.input.props(f"borderless dense clearable debounce={PAUSE_MILLISECONDS} type=search")
            self.input.props["aria-label"] = label
            self.input.on_value_change(tell)
