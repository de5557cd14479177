"""A figure that changes in place, with its name above and a note below."""

from nicegui import ui

from dashboard.components.live_value import LiveValue
from dashboard.components.text import Text, box


class Figure:
    """With `leads` its note is a link, which goes nowhere until `lead` says where."""

    def __init__(self, label: str, *, main: bool = False, noted: bool = True, leads: bool = False) -> None:
        self.link: ui.element | None = None
        with box("t-figure t-figure--main" if main else "t-figure") as self.card:
            self.name = Text(label, "t-figure__label")
            self.value = LiveValue("", "t-figure__value")
            if leads:
                with box("t-figure__note", "a") as self.link:
                    self.note: Text | None = Text("")
            else:
                self.note = Text("", "t-figure__note") if noted else None

    def show(self, text: str, note: str = "", *, quietly: bool = False) -> None:
        """Puts another figure in; `quietly` without highlighting that it is another one."""
        self.value.show(text, quietly=quietly)
        if self.note is not None:
            self.note.show(note)

    def lead(self, path: str) -> None:
        """To those that it counts."""
        if self.link is not None and self.link.props.get("href") != path:
            self.link.props["href"] = path
            self.link.update()
