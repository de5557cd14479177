"""Months that are not billed yet, with the lines that an invoice would have now."""

from dashboard.components.compact_table import CompactTable
from dashboard.components.data_table import Row
from dashboard.components.invoices import invoice_line
from dashboard.components.tenant_report import OPEN_MONTHS
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.billing import OpenMonth


class OpenMonthsCard(CompactTable, component="data_table.js"):
    """Each unfolds its lines."""

    def __init__(self) -> None:
        super().__init__("Not billed yet", OPEN_MONTHS, "All months are billed.")

    def fill(self, months: list[OpenMonth], currency: Currency, manner: Manner) -> None:
        """Newest first."""
        self.put([open_row(month, currency, manner) for month in months])


def open_row(month: OpenMonth, currency: Currency, manner: Manner) -> Row:
    """What it comes to so far, and when the server bills it by itself."""
    state = "Runs" if month["running"] else "Over"
    row: Row = {
        "id": month["month"],
        "cells": {
            "month": {"text": month_name(month["month"]), "sub": f"{state}, billed {manner.moment(month['closesAt'])}"},
            "charge": {"text": manner.money(month["chargeMinor"], currency)},
        },
    }
    if month["lines"]:
        row["details"] = [invoice_line(line, month["month"], currency, manner) for line in month["lines"]]
    return row
