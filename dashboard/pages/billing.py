"""Finance → Billing: months, invoices and runs over all tenants; a tenant's own people see their own invoices."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.billing_actions import RunBilling
from dashboard.components.billing_lists import MonthsPanel, RunsPanel
from dashboard.components.invoice_list import InvoiceList, Wanted
from dashboard.components.open_months import OpenMonths
from dashboard.components.run_card import RunCard
from dashboard.components.tabs import Tabs
from dashboard.components.text import box
from dashboard.page import Page, shown, title
from dashboard.session import Desk, Visit
from dashboard.shapes.billing import BillingRun, OpenMonth
from dashboard.shapes.lists import nodes
from dashboard.shapes.wallets import currency_of

MONTHS, INVOICES, RUNS = "months", "invoices", "runs"
TABS = {MONTHS: "Months", INVOICES: "Invoices", RUNS: "Runs"}


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/billing", title="Billing · Tijori")
    async def billing(
        request: Request, tab: str = MONTHS, status: str = "", month: str = "", search: str = "", tenant: str = ""
    ) -> Response | None:
        wanted = Wanted(status, month, search, tenant)

        def make(visit: Visit, banner: Banner) -> Page:
            if visit.sees_all:
                return BillingPage(visit, banner, tab if tab in TABS else MONTHS, wanted)
            return OwnBillingPage(visit, banner, wanted)

        return await shown(desk, request, active="/billing", make=make)


class BillingPage(Page):
    """One tab at a time, above it the runs that are under way."""

    kinds = ("INVOICES", "BILLING", "TENANTS")

    def __init__(self, visit: Visit, banner: Banner, tab: str, wanted: Wanted) -> None:
        super().__init__(visit, banner)
        self.tab = tab
        self.wanted = wanted
        self.running: dict[str, RunCard] = {}
        title("Billing", "Months are closed tenant by tenant; each comes to an invoice, or to none.")
        self.above = box("t-stack")
        self.above.set_visibility(False)
        self.tabs = Tabs("Parts of billing", TABS, tab, self.turn)
        self.build()

    def build(self) -> None:
        """The chosen tab's panel."""
        self.tabs.panel.clear()
        self.panel: MonthsPanel | RunsPanel | InvoiceList
        with self.tabs.panel:
            if self.tab == MONTHS:
                self.panel = MonthsPanel(self.visit, self.run)
            elif self.tab == RUNS:
                self.panel = RunsPanel(self.visit)
            else:
                self.panel = InvoiceList(self.visit, self.wanted, self.rename, of_all=True)

    async def begin(self) -> None:
        """The tenant that the address names has a name."""
        await super().begin()
        await self.name_tenant()

    async def name_tenant(self) -> None:
        """Over its invoices."""
        if isinstance(self.panel, InvoiceList):
            await self.panel.name_tenant()

    async def turn(self, tab: str) -> None:
        """Shows another tab, which the address names too."""
        self.tab = tab
        self.rename()
        self.build()
        await self.name_tenant()
        await self.refreshed()

    def rename(self) -> None:
        """So that going back, or opening it anew, finds the same."""
        if self.tab == INVOICES:
            show_address("/billing", {"tab": INVOICES, **self.wanted.asked()})
        else:
            show_address("/billing", {"tab": self.tab if self.tab != MONTHS else ""})

    async def refresh(self) -> None:
        """The tab that is looked at, which says itself where it fails, and what is under way."""
        await self.panel.load()
        runs: list[BillingRun] = nodes((await self.visit.api.send("NewestRuns"))["billingRuns"])
        self.show_running([run for run in runs if run["finishedAt"] is None])

    def show_running(self, runs: list[BillingRun]) -> None:
        """A bar for each; one that is finished has its line among the runs."""
        if [*self.running] != [run["id"] for run in runs]:
            self.above.clear()
            with self.above:
                self.running = {run["id"]: RunCard(run, link=True) for run in runs}
        for run in runs:
            self.running[run["id"]].show(run)
        self.above.set_visibility(bool(runs))

    async def run(self, month: str) -> None:
        """Opens the dialog that bills a month."""
        with self.tabs.panel:
            await RunBilling(self.visit, month).ask()


class OwnBillingPage(Page):
    """A tenant's own invoices, and its months that are not billed yet."""

    kinds = ("INVOICES", "USAGE", "PRICES", "TENANTS")

    def __init__(self, visit: Visit, banner: Banner, wanted: Wanted) -> None:
        super().__init__(visit, banner)
        self.wanted = wanted
        wanted.tenant = ""
        self.tenant = visit.viewer["tenant"] if visit.viewer else None
        title("Billing", "Your invoices, and what the months that are not billed yet come to so far.")
        if self.tenant is None:
            with box("t-card"):
                states.empty("No invoices here", "Invoices are a tenant's, and you belong to none.")
            return
        self.months = OpenMonths()
        self.list = InvoiceList(visit, wanted, self.rename, of_all=False)

    async def refresh(self) -> None:
        """Both anew."""
        if self.tenant is None:
            return
        found: Any = (await self.visit.api.send("OpenMonths", id=self.tenant["id"]))["tenant"]
        if found is not None:
            months: list[OpenMonth] = found["unbilledMonths"]
            self.months.fill(months, currency_of(found["wallet"]), self.visit.manner)
        await self.list.load()

    def rename(self) -> None:
        """The address names the filters."""
        show_address("/billing", self.wanted.asked())
