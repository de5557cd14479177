"""Says that what is on the screen may be old, while the live connection is away."""

from dashboard.client import ApiError
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


class LiveLight:
    """A small lamp in the header: whether the page follows what happens."""

    def __init__(self) -> None:
        with box("t-light") as self.element:
            self.words = Text("")
        self.element.set_visibility(False)

    def show(self, live: bool) -> None:
        """Live, or not for the moment."""
        self.words.show("Live" if live else "Reconnecting")
        self.element.classes(remove="t-light--off") if live else self.element.classes("t-light--off")
        self.element.set_visibility(True)


class Banner:
    """Hidden while the connection stands."""

    def __init__(self, light: LiveLight) -> None:
        self.light = light
        with box("t-banner").props("role=status aria-live=polite") as self.element:
            Icon("offline")
            self.words = Text("")
        self.element.set_visibility(False)

    def rest(self) -> None:
        """There is nothing to follow."""
        self.element.set_visibility(False)
        self.light.element.set_visibility(False)

    def tell(self, error: ApiError | None) -> None:
        """Shows what is wrong; None hides it."""
        if error is not None:
            reason = "The connection was lost." if error.code == "UNAVAILABLE" else str(error)
            self.words.show(f"{reason} Figures may be out of date. Reconnecting…")
        self.element.set_visibility(error is not None)
        self.light.show(error is None)
