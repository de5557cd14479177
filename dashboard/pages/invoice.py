"""/invoice/{id}: what a month came to, line by line; approved or voided from here, and printed."""

from collections.abc import Callable

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.action import Action
from dashboard.components.banner import Banner
from dashboard.components.buttons import action, link
from dashboard.components.crumbs import crumbs
from dashboard.components.icon import Icon
from dashboard.components.invoice_actions import ApproveInvoice, VoidInvoice
from dashboard.components.invoice_sheet import sheet, standing
from dashboard.components.text import Text, box
from dashboard.format import month_name
from dashboard.page import WholePage, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.billing import WholeInvoice


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/invoice/{invoice_id}", title="Invoice · Tijori")
    async def invoice(request: Request, invoice_id: str) -> Response | None:
        def make(visit: Visit, banner: Banner) -> InvoicePage:
            return InvoicePage(visit, banner, invoice_id, desk.seller)

        return await shown(desk, request, active="/billing", make=make)


class InvoicePage(WholePage):
    """Drawn anew where it is not what is shown; the browser prints the sheet alone."""

    kinds = ("INVOICES",)

    def __init__(self, visit: Visit, banner: Banner, invoice_id: str, seller: str) -> None:
        super().__init__(visit, banner)
        self.invoice_id = invoice_id
        self.seller = seller
        self.drawn: WholeInvoice | None = None

    async def refresh(self) -> None:
        """Asks for it, and shows it."""
        invoice: WholeInvoice | None = (await self.visit.api.send("Invoice", id=self.invoice_id))["invoice"]
        if invoice is None:
            self.drawn = None
            self.say_missing("invoice", "All invoices", "/billing?tab=invoices")
            return
        if invoice == self.drawn:
            return
        self.drawn = invoice
        self.body.clear()
        with self.body:
            self.draw(invoice)

    def draw(self, invoice: WholeInvoice) -> None:
        """The way back, what can be done, and the sheet."""
        ui.page_title(f"Invoice {invoice['number']} · Tijori")
        with box("t-noprint t-stack"):
            crumbs(("Billing", "/billing"), ("Invoices", "/billing?tab=invoices"), here=invoice["number"])
            with box("t-title"):
                with box("t-title__words"):
                    Text(f"Invoice {invoice['number']}", "t-h1", tag="h1")
                    Text(f"{invoice['tenant']['name']}, {month_name(invoice['month'])}", "t-sub", tag="p")
                with box("t-actions t-actions--few"):
                    self.actions(invoice)
            standing(invoice, self.visit.manner)
        sheet(invoice, self.seller, self.visit.manner)

    def actions(self, invoice: WholeInvoice) -> None:
        """Printing for everybody; deciding for those who may."""
        if self.visit.may_move_money and invoice["status"] == "PENDING":
            approve = action("Approve", "check", lambda: self.open(lambda: self.approve(invoice)))
            approve.classes("t-btn--primary")
        with box("t-btn", "button").props("type=button") as button:
            Icon("print")
            Text("Print")
        button.on("click", js_handler="() => print()")
        link("Wallet", f"/wallet/{invoice['tenant']['wallet']['id']}", "wallet")
        if self.visit.sees_all:
            link("Tenant", f"/tenants/{invoice['tenant']['id']}", "tenant")
        if self.visit.may_move_money and invoice["status"] != "VOID" and invoice["totalMinor"]:
            void = action("Void", "trash", lambda: self.open(lambda: self.void(invoice)))
            void.classes("t-btn--danger")

    def approve(self, invoice: WholeInvoice) -> Action:
        """The dialog."""
        return ApproveInvoice(self.visit, invoice, self.refreshed)

    def void(self, invoice: WholeInvoice) -> Action:
        """The dialog."""
        return VoidInvoice(self.visit, invoice, self.refreshed)

    async def open(self, make: Callable[[], Action]) -> None:
        """Opens a dialog beside the page, so that it stays while the page is drawn anew."""
        with self.body.parent_slot or self.body:
            await make().ask()
