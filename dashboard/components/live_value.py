"""A figure that shows briefly that it has changed."""

from nicegui.element import Element


class LiveValue(Element, component="live_value.js"):
    """A figure; a change of it is highlighted, its first showing is not."""

    def __init__(self, text: str = "", classes: str = "") -> None:
        super().__init__()
        self._props["text"] = text
        self._props["turn"] = 0
        self.classes(classes)

    def show(self, text: str, *, quietly: bool = False) -> None:
        """Puts another figure in."""
        if text == self._props["text"]:
            return
        self._props["text"] = text
        if not quietly:
            self._props["turn"] += 1
        self.update()
