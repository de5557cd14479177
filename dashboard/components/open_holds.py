"""Money that is promised: the open holds, newest first, page by page. Not there while nothing is held."""

from collections.abc import Awaitable, Callable

from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.pager import Pager
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.shapes.ledger import Hold
from dashboard.shapes.lists import Connection, nodes
from dashboard.whole import HOLDS_ON_A_PAGE

COLUMNS: list[Column] = [
    {"name": "what", "label": "Held for", "wide": True},
    {"name": "amount", "label": "Amount", "align": "right"},
]


class HoldTable(DataTable, component="data_table.js"):
    """Open holds."""

    def __init__(self) -> None:
        super().__init__("Open holds", COLUMNS, compact=True)


class OpenHolds:
    """The card. `turn` leads to the next or the previous page and has it shown."""

    def __init__(self, turn: Callable[[int], Awaitable[None]]) -> None:
        with box("t-card", "section").props('aria-label="Open holds"') as self.card:
            with box("t-card__head"):
                Text("Open holds", "t-h2", tag="h2")
                Text("Promised, hence not available", "t-sub")
            self.table = HoldTable()
            self.pager = Pager("holds", older=lambda: turn(1), newer=lambda: turn(-1))
        self.card.set_visibility(False)

    def show(self, holds: Connection[Hold], page: int, currency: Currency, manner: Manner) -> None:
        """Puts a page of them in."""
        shown = nodes(holds)
        self.card.set_visibility(bool(shown))
        self.table.show([hold_row(hold, currency, manner) for hold in shown])
        self.pager.show(page, HOLDS_ON_A_PAGE, len(shown), dict(holds))
        self.pager.element.set_visibility(page > 0 or holds["pageInfo"]["hasNextPage"])


def hold_row(hold: Hold, currency: Currency, manner: Manner) -> Row:
    """What for, until when, how much."""
    invoice = hold["invoice"]
    what = f"Invoice {invoice['number']}" if invoice else hold["description"] or "No reason given"
    ends = f"expires {manner.moment(hold['expiresAt'])}" if hold["expiresAt"] else "until it is collected"
    sub = f"{month_name(invoice['month'])}, {ends}" if invoice else ends
    return {
        "id": hold["id"],
        "cells": {
            "what": {"text": what, "sub": sub},
            "amount": {"text": manner.money(hold["amountMinor"], currency), "tone": "strong"},
        },
    }
