"""A drawing from static/icons.svg, in the colour of the text around it."""

from nicegui.element import Element

from dashboard.theme import ASSETS


class Icon(Element, component="icon.js"):
    """Decorative: what it means is said in words beside it."""

    def __init__(self, name: str, classes: str = "") -> None:
        super().__init__()
        self._props["sheet"] = f"{ASSETS}/icons.svg"
        self._props["name"] = name
        self.classes(f"t-icon {classes}")
