"""What a tenant's wallet pays for: its usage month by month, and its pricing timeline."""

from dashboard.components.compact_table import CompactTable
from dashboard.components.data_table import Column
from dashboard.components.price_timeline import PriceTimeline
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.billing import MonthlyUsage
from dashboard.shapes.pricing import Price

USAGE: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "quantity", "label": "Quantity", "align": "right"},
    {"name": "charge", "label": "Charge", "align": "right"},
]


class Usage(CompactTable, component="data_table.js"):
    """Newest month first."""

    def __init__(self) -> None:
        super().__init__("Usage", USAGE, "No usage has been recorded yet.")

    def fill(self, usage: list[MonthlyUsage], currency: Currency, manner: Manner, *, has_more: bool) -> None:
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
            ],
            has_more=has_more,
        )


def events_note(month: MonthlyUsage, manner: Manner) -> str:
    """How many events it was, and how much of it came late."""
    count = f"{month['events']:,} event{'' if month['events'] == 1 else 's'}"
    late = manner.quantity(month["lateQuantity"])
    return count if late == "0" else f"{count}, {late} late"


class Pricing:
    """The timeline in its card."""

    def __init__(self) -> None:
        with box("t-card t-card--open", "section").props('aria-label="Pricing"'):
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
