"""Says that what is on the screen may be old, while the live connection is away."""

from dashboard.client import ApiError
from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


class Banner:
    """Hidden while the connection stands."""

    def __init__(self) -> None:
        with box("t-banner").props("role=status aria-live=polite") as self.element:
            Icon("offline")
            self.words = Text("")
        self.element.set_visibility(False)

    def tell(self, error: ApiError | None) -> None:
        """Shows what is wrong; None hides it."""
        if error is not None:
            reason = "The connection was lost." if error.code == "UNAVAILABLE" else str(error)
            self.words.show(f"{reason} Figures may be out of date. Reconnecting…")
        self.element.set_visibility(error is not None)
