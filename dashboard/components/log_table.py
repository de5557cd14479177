"""The running log: every change of the wallet, newest first."""

from collections.abc import Awaitable, Callable, Mapping

from dashboard.book import Book
from dashboard.components import states
from dashboard.components.data_table import Cell, Column, DataTable, Row
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner
from dashboard.lines import TYPES, line_note, line_title, moved
from dashboard.shapes.ledger import LogLine
from dashboard.shapes.wallets import currency_of

COLUMNS: list[Column] = [
    {"name": "what", "label": "Description", "wide": True},
    {"name": "type", "label": "Type"},
    {"name": "when", "label": "Time"},
    {"name": "amount", "label": "Amount", "align": "right"},
    {"name": "balance", "label": "Balance after", "align": "right"},
]

STEP = 25


class LogTable(DataTable, component="data_table.js"):
    """Lines of the log."""

    def __init__(self) -> None:
        super().__init__("Transactions", COLUMNS)


class LogSection:
    """The log as a card. `more` is asked to have so many lines at hand, and to show the log again."""

    def __init__(self, more: Callable[[int], Awaitable[None]]) -> None:
        self.more = more
        self.shown = STEP
        with box("t-card", "section").props('aria-label="Log"'):
            with box("t-card__head"):
                Text("Log", "t-h2", tag="h2")
                Text("Every change, newest first", "t-sub")
            self.body = box("t-card__body")
            self.foot = box("t-pager")
            with self.foot, box("t-btn t-btn--small", "button").props("type=button").on("click", self.older):
                Text("Show older")
        self.foot.set_visibility(False)
        self.table: LogTable | None = None

    def show(self, book: Book, names: Mapping[str, str], manner: Manner) -> None:
        """Puts the lines in."""
        self.foot.set_visibility(book.older is not None or len(book.lines) > self.shown)
        if not book.lines:
            self.body.clear()
            with self.body:
                states.empty("No transactions yet", "The first top-up will appear here by itself.")
            self.table = None
            return
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = LogTable()
        currency, lines = currency_of(book.wallet), book.newest_first()
        rows = [log_row(line, names, currency, manner, fresh=book.is_fresh(line)) for line in lines[: self.shown]]
        join(rows, lines)
        self.table.show(rows)

    async def older(self) -> None:
        """Shows some more lines."""
        self.shown += STEP
        await self.more(self.shown)


def join(rows: list[Row], lines: list[LogLine]) -> None:
    """Marks the rows of one operation, which stand together: each but the lowest is joined to the one below it."""
    for place, row in enumerate(rows):
        operation = lines[place]["operationId"]
        above = place > 0 and lines[place - 1]["operationId"] == operation
        below = place + 1 < len(lines) and lines[place + 1]["operationId"] == operation
        if above or below:
            row["group"] = "joined" if below else "last"


def log_row(line: LogLine, names: Mapping[str, str], currency: Currency, manner: Manner, *, fresh: bool) -> Row:
    """One line in words."""
    word, tone = TYPES[line["type"]]
    return {
        "id": line["id"],
        "turn": 1 if fresh else 0,
        "cells": {
            "what": {
                "text": line_title(line, currency, manner),
                "sub": line_note(line, names, currency, manner),
            },
            "type": {"text": "", "badges": [{"text": word, "tone": tone}]},
            "when": {"text": manner.day(line["createdAt"]), "sub": f"{manner.local(line['createdAt']):%H:%M}"},
            "amount": amount_cell(line, currency, manner),
            "balance": {"text": manner.money(line["balanceAfterMinor"], currency), "tone": "strong"},
        },
    }


def amount_cell(line: LogLine, currency: Currency, manner: Manner) -> Cell:
    """What moved, green where it came in."""
    text, of_what = moved(line, currency, manner)
    cell: Cell = {"text": text}
    if of_what:
        cell["sub"] = of_what
    if line["amountMinor"] > 0:
        cell["tone"] = "positive"
    elif not line["amountMinor"]:
        cell["tone"] = "muted"
    return cell
