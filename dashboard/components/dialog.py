"""A dialog: a title, what is asked, what went wrong, and two buttons."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from dashboard.components.icon import Icon
from dashboard.components.text import Text, box

UNSEEN = "You pressed before this was shown. Look, and confirm again."
CLICK = "(event) => emit(event.currentTarget.dataset.shown, true)"
# In a line of text. What was typed last is told before it.
ENTER = """(event) => {
  if (!event.target.matches("input:not([role=combobox])")) return;
  const button = event.currentTarget.parentElement.querySelector("[data-shown]");
  const shown = button.dataset.shown, offered = !button.disabled;
  event.target.dispatchEvent(new Event("change"));
  setTimeout(() => emit(shown, offered));
}"""


class Dialog:
    """Built when opened, taken away when closed, so that nothing of one opening is left in the next.

    Pressing the button, or Enter, confirms what stood there when it was pressed. What has come since, even if it is
    whole, the person has not seen.
    """

    def __init__(self, title: str, confirm: Callable[[], Awaitable[None]]) -> None:
        self.act = confirm
        self.busy = False
        self.ready = False
        self.is_open = True
        self.shown = 0
        """Which state of it is the newest: a press says which one it was made on."""
        self.after: Callable[[], Awaitable[None]] | None = None
        self.dialog = ui.dialog().on("hide", self.gone)
        self.dialog.props["aria-label"] = title
        with self.dialog, box("t-dialog"):
            with box("t-dialog__head"):
                Text(title, "t-h2", tag="h2")
                with box("t-iconbtn", "button").props('type=button aria-label="Close"').on("click", self.close):
                    Icon("close")
            self.body = box("t-dialog__body").on("keydown.enter", self.press, js_handler=ENTER)
            self.problem = Text("", "t-callout t-callout--danger", tag="p").props("role=alert")
            with box("t-dialog__foot"):
                with box("t-btn", "button").props("type=button").on("click", self.close):
                    self.leave = Text("Cancel")
                with box("t-btn t-btn--primary", "button").props("type=button") as self.button:
                    self.verb = Text("")
                self.button.on("click", self.press, js_handler=CLICK)
        self.say(None)
        self.allow(False)

    def open(self) -> None:
        """Shows it."""
        self.dialog.open()

    def close(self) -> None:
        """Hides it, and by that takes it away. What is pressed before the browser has heard of it is too late."""
        self.is_open = False
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

    async def press(self, event: GenericEventArguments) -> None:
        """Confirms, unless what is shown is no longer what was."""
        shown, offered = event.args
        if self.busy or not self.is_open:
            return
        if shown == str(self.shown):
            if self.ready:
                await self.act()
        elif offered:
            self.say(UNSEEN)

    def allow(self, ready: bool) -> None:
        """Whether it may be confirmed now; where not, what was shown until now counts no longer."""
        self.ready = ready
        self.shown += not ready
        self.button.props["data-shown"] = self.shown
        self.button.props["disabled"] = not ready or self.busy
        self.button.update()

    def work(self, busy: bool) -> None:
        """While it works nothing can be confirmed again."""
        self.busy = busy
        self.button.props["aria-busy"] = "true" if busy else "false"
        self.allow(self.ready)
