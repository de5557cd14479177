"""How far a billing run is."""

from dashboard.billing_words import run_percent, run_progress
from dashboard.components.progress import Progress
from dashboard.components.text import Text, box
from dashboard.counting import counted
from dashboard.format import month_name
from dashboard.shapes.billing import BillingRun


class RunCard:
    """A bar that fills; with `link` it leads to the run's own page."""

    def __init__(self, run: BillingRun, *, link: bool) -> None:
        name = f"Billing {month_name(run['month'])}"
        with box("t-card t-run", "section") as self.element:
            self.element.props["aria-label"] = name
            with box("t-card__head"):
                with box("t-h2", "h2"):
                    if link:
                        with box("t-link t-h2", "a").props(f"href=/billing/runs/{run['id']}"):
                            Text(name)
                    else:
                        Text(name)
                self.words = Text("", "t-sub")
            self.bar = Progress(name)
        self.show(run)

    def show(self, run: BillingRun) -> None:
        """As far as it is now."""
        invoices = counted(run["invoiceCount"], "invoice")
        self.words.show(f"{run_progress(run)}, {invoices}")
        self.bar.show(run_percent(run), 100, run_progress(run))
