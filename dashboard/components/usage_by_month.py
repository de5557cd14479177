"""What a tenant used, service by service and month by month."""

from dashboard.components.compact_table import CompactTable
from dashboard.components.data_table import Column, Row
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.billing import MonthlyUsage

MONTHS: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "service", "label": "Service"},
    {"name": "quantity", "label": "Quantity", "align": "right"},
    {"name": "charge", "label": "Charge", "align": "right"},
]


class UsageByMonth(CompactTable, component="data_table.js"):
    """Newest first."""

    def __init__(self) -> None:
        super().__init__("Usage by month", MONTHS, "No usage has been recorded yet.")

    def fill(self, usage: list[MonthlyUsage], currency: Currency, manner: Manner, *, has_more: bool) -> None:
        """Puts these in."""
        self.put([month_row(one, currency, manner) for one in usage], has_more=has_more)


def month_row(month: MonthlyUsage, currency: Currency, manner: Manner) -> Row:
    """A service in a month."""
    return {
        "id": f"{month['service']} {month['month']}",
        "cells": {
            "month": {"text": month_name(month["month"])},
            "service": {"text": month["service"]},
            "quantity": {"text": manner.quantity(month["quantity"]), "sub": events_note(month, manner)},
            "charge": {"text": manner.money(month["chargeMinor"], currency)},
        },
    }


def events_note(month: MonthlyUsage, manner: Manner) -> str:
    """How many events it was, and how much of it came late."""
    count = f"{month['events']:,} event{'' if month['events'] == 1 else 's'}"
    late = manner.quantity(month["lateQuantity"])
    return count if late == "0" else f"{count}, {late} late"
