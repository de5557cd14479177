"""How far a billing run is."""

from dashboard.billing_words import counted, run_percent, run_progress
from dashboard.components.text import Text, box
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
            with box("t-progress").props("role=progressbar aria-valuemin=0 aria-valuemax=100") as self.bar:
                self.bar.props["aria-label"] = name
                self.filling = box("t-progress__done")
        self.show(run)

    def show(self, run: BillingRun) -> None:
        """As far as it is now."""
        percent = run_percent(run)
        invoices = counted(run["invoiceCount"], "invoice")
        self.words.show(f"{run_progress(run)}, {invoices}")
        if self.bar.props.get("aria-valuenow") != percent:
            self.bar.props["aria-valuenow"] = percent
            self.bar.props["aria-valuetext"] = run_progress(run)
            self.bar.update()
            self.filling.style(f"width: {percent}%")
