"""A dialog: a title, what is asked, what went wrong, and two buttons."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box


class Dialog:
    """Built when opened, taken away when closed, so that nothing of one opening is left in the next."""

    def __init__(self, title: str, confirm: Callable[[], Awaitable[None]]) -> None:
        self.busy = False
        self.ready = False
        self.is_open = True
        self.after: Callable[[], Awaitable[None]] | None = None
        self.dialog = ui.dialog().on("hide", self.gone)
        self.dialog.props["aria-label"] = title
        with self.dialog, box("t-dialog"):
            with box("t-dialog__head"):
                Text(title, "t-h2", tag="h2")
                with box("t-iconbtn", "button").props('type=button aria-label="Close"').on("click", self.close):
                    Icon("close")
            self.body = box("t-dialog__body")
            self.problem = Text("", "t-callout t-callout--danger", tag="p").props("role=alert")
            with box("t-dialog__foot"):
                with box("t-btn", "button").props("type=button").on("click", self.close):
                    self.leave = Text("Cancel")
                with box("t-btn t-btn--primary", "button").props("type=button").on("click", confirm) as self.button:
                    self.verb = Text("")
        self.say(None)
        self.allow(False)

    def open(self) -> None:
        """Shows it."""
        self.dialog.open()

    def close(self) -> None:
        """Hides it, and by that takes it away."""
        self.dialog.close()

    async def gone(self) -> None:
        """It is out of sight now; `after` hears of it."""
        self.is_open = False
        self.dialog.delete()
        if self.after is not None:
            await self.after()

    def say(self, problem: str | None) -> None:
        """Shows what went wrong; None hides it."""
        self.problem.show(problem or "")
        self.problem.set_visibility(problem is not None)

    def allow(self, ready: bool) -> None:
        """Whether it may be confirmed now."""
        self.ready = ready
        self.button.props["disabled"] = not ready or self.busy
        self.button.update()

    def work(self, busy: bool) -> None:
        """While it works nothing can be confirmed again."""
        self.busy = busy
        self.button.props["aria-busy"] = "true" if busy else "false"
        self.allow(self.ready)
