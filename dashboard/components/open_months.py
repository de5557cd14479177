"""Months that are not billed yet, with the lines that an invoice would have now."""

from dashboard.components.compact_table import CompactTable
from dashboard.components.data_table import Column, Row
from dashboard.components.invoices import invoice_line
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.billing import OpenMonth

COLUMNS: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "charge", "label": "Charge so far", "align": "right"},
]


class OpenMonths(CompactTable, component="data_table.js"):
    """Each unfolds its lines, where they were asked for."""

    def __init__(self) -> None:
        super().__init__("Months not billed yet", COLUMNS, "All months are billed.")

    def fill(self, months: list[OpenMonth], currency: Currency, manner: Manner) -> None:
        """As they are answered: newest first."""
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
    if lines := month.get("lines"):
        row["details"] = [invoice_line(line, month["month"], currency, manner) for line in lines]
    return row
