"""Lines of a log as rows, each of which opens the operation that it belongs to."""

from collections.abc import Mapping, Sequence

from dashboard.components.data_table import Cell, Column, DataTable, Row
from dashboard.format import Currency, Manner
from dashboard.lines import TYPES, line_note, line_title, moved
from dashboard.shapes.ledger import LogLine

COLUMNS: list[Column] = [
    {"name": "what", "label": "Description", "wide": True},
    {"name": "type", "label": "Type"},
    {"name": "when", "label": "Time"},
    {"name": "amount", "label": "Amount", "align": "right"},
    {"name": "balance", "label": "Balance after", "align": "right"},
]


class LogTable(DataTable, component="data_table.js"):
    """Lines of the log."""

    def __init__(self) -> None:
        super().__init__("Transactions", COLUMNS)


def join(rows: Sequence[Row], lines: Sequence[LogLine]) -> None:
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
        "href": f"/operation/{line['operationId']}",
        "turn": 1 if fresh else 0,
        "cells": {
            "what": {
                "text": line_title(line, currency, manner),
                "sub": line_note(line, names, currency, manner),
            },
            "type": {"text": "", "badges": [{"text": word, "tone": tone}]},
            "when": {"text": manner.day(line["createdAt"]), "sub": manner.minute(line["createdAt"])},
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
