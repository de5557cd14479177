"""A bar that fills."""

from dashboard.components.text import box


class Progress:
    """`label`: what goes on."""

    def __init__(self, label: str) -> None:
        with box("t-progress").props("role=progressbar aria-valuemin=0") as self.bar:
            self.bar.props["aria-label"] = label
            self.filling = box("t-progress__done")
        self.shown: object = None

    def show(self, done: int, count: int, words: str = "") -> None:
        """So many of so many; `words` say it where the bar is read out."""
        if (done, count, words) == self.shown:
            return
        self.shown = (done, count, words)
        self.bar.props["aria-valuenow"] = done
        self.bar.props["aria-valuemax"] = count
        if words:
            self.bar.props["aria-valuetext"] = words
        self.bar.update()
        self.filling.style(f"width: {100 * done / max(1, count):.1f}%")
