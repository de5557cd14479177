"""A batch at a glance: how far it is, what it comes to per currency, and what can be done with it."""

from collections.abc import Callable, Mapping

from dashboard.bulk_batch import Batch, Stage
from dashboard.bulk_lines import State
from dashboard.bulk_words import consequences, how_far, sums, warnings
from dashboard.components.buttons import action, download, link
from dashboard.components.icon import Icon
from dashboard.components.preview import consequence
from dashboard.components.progress import Progress
from dashboard.components.text import Text, box
from dashboard.counting import counted
from dashboard.format import Currency, Manner

Acts = Mapping[str, Callable[[], object]]
"""By name: confirm go_on stop rename anew."""
Figures = list[tuple[str, list[tuple[Currency, str, str]]]]
GROUPS = (("To do", (State.READY, State.UNSURE)), ("Done", (State.DONE,)), ("Done already", (State.ALREADY,)))


class BulkSummary:
    """Built once for a batch; `show` draws what has changed."""

    def __init__(self, batch: Batch, manner: Manner, acts: Acts) -> None:
        self.batch = batch
        self.manner = manner
        self.acts = acts
        self.drawn: object = None
        self.offered: object = None
        with box("t-card"):
            with box("t-card__head"):
                with box("t-bulk__title"):
                    Text("Batch", "t-h2", tag="h2")
                    Text(batch.name, "t-mono")
                with box("t-link", "button").props("type=button").on("click", lambda: acts["rename"]()):
                    Text("Change the name…")
            self.progress = Progress("Progress")
            self.words = Text("", "t-bulk__words", tag="p").props("aria-live=polite")
            self.facts = box("t-bulk__facts")
            self.actions = box("t-bulk__actions")
        self.show()

    def show(self) -> None:
        """How far it is now."""
        batch = self.batch
        self.words.show(how_far(batch))
        self.measure()
        figures = [(name, sums(batch, states, self.manner)) for name, states in GROUPS]
        drawing = (batch.stage, figures, consequences(batch), warnings(batch), batch.count()[State.ALREADY])
        if drawing != self.drawn:
            self.drawn = drawing
            self.facts.clear()
            with self.facts:
                self.draw_facts(figures)
        # Buttons stay under the finger while figures change.
        if self.buttons() != self.offered:
            self.offered = self.buttons()
            self.actions.clear()
            with self.actions:
                self.draw_actions()

    def measure(self) -> None:
        """The bar, while something goes on."""
        self.progress.bar.set_visibility(self.batch.is_busy)
        self.progress.show(self.batch.attempted, max(self.batch.goal, 1))

    def draw_facts(self, figures: Figures) -> None:
        """Sums and what they mean."""
        if any(rows for _, rows in figures):
            with box("t-bulk__sums", "dl"):
                for name, rows in figures:
                    for _, wallets, money in rows:
                        Text(name, tag="dt")
                        with box("", "dd"):
                            Text(money, "t-tone--strong")
                            Text(wallets, "t-sub")
        if self.batch.stage in (Stage.READY, Stage.STOPPED):
            for words in consequences(self.batch):
                consequence(words)
        if self.batch.stage is not Stage.CHECKING:
            for words in warnings(self.batch):
                consequence(words, warning=True)
        if self.batch.count()[State.ALREADY] and not self.batch.is_busy:
            self.draw_repeat()

    def draw_repeat(self) -> None:
        """What has been done before is not done again, unless that is meant."""
        done = counted(self.batch.count()[State.ALREADY], "line")
        with box("t-callout t-callout--info", "p"):
            Icon("check")
            with box("t-callout__words", "span"):
                Text(f"{done} of this batch had been paid before, and will not be paid again.")
                with box("t-link", "button").props("type=button").on("click", lambda: self.acts["anew"]()):
                    Text("Pay all of it once more, as a new batch")

    def buttons(self) -> tuple[object, ...]:
        """What the buttons depend on."""
        counts, batch = self.batch.count(), self.batch
        if batch.is_busy:
            return (batch.stage,)
        return batch.stage, len(batch.left), batch.was_run, counts[State.MISTAKE] + counts[State.REFUSED] > 0

    def draw_actions(self) -> None:
        """What can be done now."""
        batch, left = self.batch, len(self.batch.left)
        if batch.stage is Stage.READY and left:
            action(f"Top up {counted(left, 'wallet')}…", "topup", self.acts["confirm"]).classes("t-btn--primary")
        if batch.stage is Stage.STOPPED:
            action("Go on", "play", self.acts["go_on"]).classes("t-btn--primary")
        if batch.is_busy:
            action("Stop", "close", self.acts["stop"])
            return
        if batch.was_run:
            download("Results", f"/wallet/bulk/{batch.name}/results.csv")
        if self.buttons()[-1]:
            download("What was not done", f"/wallet/bulk/{batch.name}/rest.csv")
        link("Another file", "/wallet/bulk", "upload")
