"""A log as CSV for spreadsheets: exact figures, in minor units and in major ones, and no text that is a formula."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from dashboard.format import Currency
from dashboard.lines import actor_name
from dashboard.shapes.ledger import LogLine

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "id", "version", "createdAt", "type", "reason", "currency",
    "amount", "amountMinor", "lockedAmount", "lockedAmountMinor", "dueAmount", "dueAmountMinor",
    "balanceAfter", "balanceAfterMinor", "lockedAfter", "lockedAfterMinor", "dueAfter", "dueAfterMinor",
    "description", "actor", "actorName", "counterparty", "invoice", "invoiceMonth", "hold", "reversesId", "operationId",
)  # fmt: skip
FIGURES = ("amount", "lockedAmount", "dueAmount", "balanceAfter", "lockedAfter", "dueAfter")


def header() -> str:
    """The names of the columns."""
    return as_row(COLUMNS)


def csv_row(line: LogLine, currency: Currency, names: Mapping[str, str]) -> str:
    """A line of the log, in the columns' order."""
    about = {
        "id": line["id"],
        "version": line["version"],
        "createdAt": line["createdAt"],
        "type": line["type"],
        "reason": line["reason"],
        "currency": currency.code,
        "description": line["description"],
        "actor": line["actor"],
        "actorName": actor_name(line["actor"], names),
        "counterparty": line["counterparty"]["name"] if line["counterparty"] else "",
        "invoice": line["invoice"]["number"] if line["invoice"] else "",
        "invoiceMonth": line["invoice"]["month"] if line["invoice"] else "",
        "hold": line["hold"]["id"] if line["hold"] else "",
        "reversesId": line["reverses"]["id"] if line["reverses"] else "",
        "operationId": line["operationId"],
    }
    values = {name: defused(value) if isinstance(value, str) else value for name, value in about.items()}
    for name in FIGURES:
        minor: int = line[f"{name}Minor"]  # type: ignore[literal-required]  # the names above are its fields
        values |= {name: major(minor, currency), f"{name}Minor": minor}
    return as_row([values[name] for name in COLUMNS])


def major(minor: int, currency: Currency) -> str:
    """An amount in major units, exactly: -1234.50, without separators, for programs to read."""
    return f"{Decimal(minor).scaleb(-currency.exponent):f}"


def defused(text: str) -> str:
    """What a spreadsheet would take for a formula begins with an apostrophe, which it then shows as text."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text


def as_row(values: Sequence[object]) -> str:
    """RFC 4180."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
