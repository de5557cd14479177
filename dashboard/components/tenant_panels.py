"""What a tenant's wallet pays for: its invoices, its usage month by month, and its pricing timeline."""

from dashboard.components.data_table import Badge, Column, DataTable, Row
from dashboard.components.price_timeline import PriceTimeline
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes import Invoice, MonthlyUsage, Price

INVOICES: list[Column] = [
    {"name": "number", "label": "Invoice", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "total", "label": "Total", "align": "right"},
]
USAGE: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "quantity", "label": "Quantity", "align": "right"},
    {"name": "charge", "label": "Charge", "align": "right"},
]
FEW = 6
STATUS_TONES = {"PENDING": "info", "PAID": "positive", "DUE": "warn", "VOID": "muted"}


class CompactTable(DataTable, component="data_table.js"):
    """A narrow table in a side card, or words where it is empty."""

    def __init__(self, title: str, columns: list[Column], nothing: str) -> None:
        with box("t-card", "section") as card:
            card.props["aria-label"] = title
            with box("t-card__head"):
                Text(title, "t-h2", tag="h2")
            self.nothing = Text(nothing, "t-card__nothing", tag="p")
            super().__init__(title, columns, compact=True)
            self.foot = box("t-pager")
            with self.foot, box("t-btn t-btn--small", "button").props("type=button").on("click", self.unfold):
                self.more = Text("")
        self.unfolded = False
        self.all_rows: list[Row] = []
        self.put([])

    def put(self, rows: list[Row]) -> None:
        """Shows the first few of these, or all once that was asked for."""
        self.all_rows = rows
        self.nothing.set_visibility(not rows)
        self.set_visibility(bool(rows))
        self.more.show(f"Show all {len(rows)}")
        self.foot.set_visibility(len(rows) > FEW and not self.unfolded)
        self.show(rows if self.unfolded else rows[:FEW])

    def unfold(self) -> None:
        """Shows all."""
        self.unfolded = True
        self.put(self.all_rows)


class Invoices(CompactTable, component="data_table.js"):
    """Newest first."""

    def __init__(self) -> None:
        super().__init__("Invoices", INVOICES, "No month has been billed yet.")

    def fill(self, invoices: list[Invoice], currency: Currency, manner: Manner) -> None:
        """Puts these in."""
        self.put(
            [
                {
                    "id": invoice["id"],
                    "cells": {
                        "number": {"text": month_name(invoice["month"]), "sub": invoice["number"]},
                        "status": {"text": "", "badges": [invoice_badge(invoice)]},
                        "total": {
                            "text": manner.money(invoice["totalMinor"], currency),
                            "sub": invoice_note(invoice, currency, manner),
                        },
                    },
                }
                for invoice in invoices
            ]
        )


def invoice_badge(invoice: Invoice) -> Badge:
    """Its status as a pill."""
    return {"text": invoice["status"].capitalize(), "tone": STATUS_TONES[invoice["status"]]}


def invoice_note(invoice: Invoice, currency: Currency, manner: Manner) -> str:
    """What happened to it last."""
    if invoice["amountDueMinor"]:
        return f"{manner.money(invoice['amountDueMinor'], currency)} due"
    if invoice["paidAt"]:
        return f"paid {manner.day(invoice['paidAt'])}"
    return f"issued {manner.day(invoice['issuedAt'])}"


class Usage(CompactTable, component="data_table.js"):
    """Newest month first."""

    def __init__(self) -> None:
        super().__init__("Usage", USAGE, "No usage has been recorded yet.")

    def fill(self, usage: list[MonthlyUsage], currency: Currency, manner: Manner) -> None:
        """Puts these in."""
        self.put(
            [
                {
                    "id": f"{month['service']} {month['month']}",
                    "cells": {
                        "month": {"text": month_name(month["month"]), "sub": month["service"]},
                        "quantity": {"text": manner.quantity(month["quantity"]), "sub": events_note(month, manner)},
                        "charge": {"text": manner.money(month["chargeMinor"], currency)},
                    },
                }
                for month in usage
            ]
        )


def events_note(month: MonthlyUsage, manner: Manner) -> str:
    """How many events it was, and how much of it came late."""
    count = f"{month['events']:,} event{'' if month['events'] == 1 else 's'}"
    late = manner.quantity(month["lateQuantity"])
    return count if late == "0" else f"{count}, {late} late"


class Pricing:
    """The timeline in its card."""

    def __init__(self) -> None:
        with box("t-card", "section").props('aria-label="Pricing"'):
            with box("t-card__head"):
                Text("Pricing", "t-h2", tag="h2")
                Text("The price in force when usage happened is the price it is billed at", "t-sub")
            self.nothing = Text("No price has been set: usage would be refused.", "t-card__nothing", tag="p")
            self.timeline = PriceTimeline()

    def fill(self, prices: list[Price], currency: Currency, manner: Manner) -> None:
        """Draws these stretches."""
        self.nothing.set_visibility(not prices)
        self.timeline.set_visibility(bool(prices))
        self.timeline.show(prices, currency, manner)
