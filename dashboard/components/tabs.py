"""One part of a page at a time, the others a click or an arrow key away."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from dashboard.components.text import box


class TabList(Element, component="tabs.js"):
    """The tabs themselves."""

    def __init__(self, label: str, tabs: Mapping[str, str], chosen: str) -> None:
        super().__init__()
        self._props["label"] = label
        self._props["tabs"] = [{"name": name, "words": words} for name, words in tabs.items()]
        self._props["chosen"] = chosen


class Tabs:
    """A row of tabs, by name and word, and the panel in which `choose` builds the chosen one."""

    def __init__(
        self, label: str, tabs: Mapping[str, str], chosen: str, choose: Callable[[str], Awaitable[None]]
    ) -> None:
        async def heard(event: GenericEventArguments) -> None:
            if event.args in tabs:
                self.mark(event.args)
                await choose(event.args)

        self.list = TabList(label, tabs, chosen).on("choose", heard)
        self.panel = box("t-tabpanel").props("id=tab-panel role=tabpanel")
        self.mark(chosen)

    def mark(self, name: str) -> None:
        """Shows which one is chosen."""
        self.list._props["chosen"] = name
        self.list.update()
        self.panel.props["aria-labelledby"] = f"tab-{name}"
        self.panel.update()
