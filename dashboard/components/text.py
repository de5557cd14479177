"""Words in an element of the right kind, and boxes for other elements."""

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Text(TextElement):
    """Text in an HTML element: a heading, a paragraph, a span."""

    def __init__(self, text: str, classes: str = "", *, tag: str = "span") -> None:
        super().__init__(text=text, tag=tag)
        self.classes(classes)

    def show(self, text: str) -> None:
        """Puts other words in."""
        if text != self.text:
            self.text = text


def box(classes: str, tag: str = "div") -> ui.element:
    """An element that holds others."""
    return ui.element(tag).classes(classes)
