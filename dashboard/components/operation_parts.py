"""The cards of an operation's page: what it did to each wallet, the invoices that it is about, what mended it."""

from collections.abc import Mapping, Sequence

from dashboard.components.data_table import Column, DataTable, Row
from dashboard.components.icon import Icon
from dashboard.components.invoices import invoice_badge, invoice_line
from dashboard.components.log_table import LogTable, log_row
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, month_name
from dashboard.operation_words import took_back
from dashboard.shapes.billing import Invoice
from dashboard.shapes.lists import goes_on, nodes
from dashboard.shapes.operations import OperationLine
from dashboard.shapes.wallets import currency_of

BILLED: list[Column] = [
    {"name": "what", "label": "For", "wide": True},
    {"name": "amount", "label": "Amount", "align": "right"},
]


def side(lines: Sequence[OperationLine], names: Mapping[str, str], manner: Manner) -> None:
    """What it did to one wallet, which is a click away."""
    wallet = lines[0]["wallet"]
    currency = currency_of(wallet)
    with box("t-card", "section") as card:
        card.props["aria-label"] = f"In the wallet of {wallet['owner']['name']}"
        with box("t-card__head"):
            with box("t-h2", "h2"), box("t-link t-h2", "a").props(f"href=/wallet/{wallet['id']}"):
                Text(wallet["owner"]["name"])
            Text(f"{len(lines)} transaction{'' if len(lines) == 1 else 's'} in this wallet", "t-sub")
        with box("t-card__body"):
            table = LogTable()
    rows = [log_row(line, names, currency, manner, fresh=False) for line in lines]
    for row in rows:
        del row["href"]  # to where one is already
    table.show(rows)


def bill(invoice: Invoice, currency: Currency, manner: Manner) -> None:
    """An invoice with its lines and its total."""
    with box("t-card", "section") as card:
        card.props["aria-label"] = f"Invoice {invoice['number']}"
        with box("t-card__head"):
            with box("t-h2", "h2"), box("t-link t-h2", "a").props(f"href=/invoice/{invoice['id']}"):
                Text(f"Invoice {invoice['number']} for {month_name(invoice['month'])}")
            Text(f"{manner.money(invoice['totalMinor'], currency)} · {invoice_badge(invoice)['text']}", "t-sub")
        with box("t-card__body"):
            DataTable(f"Lines of invoice {invoice['number']}", BILLED, compact=True).show(
                billed(invoice, currency, manner)
            )


def billed(invoice: Invoice, currency: Currency, manner: Manner) -> list[Row]:
    """Its lines, and what they come to."""
    details = [invoice_line(line, invoice["month"], currency, manner) for line in invoice["lines"]]
    rows: list[Row] = [
        {
            "id": str(place),
            "cells": {"what": {"text": line["text"], "sub": line["sub"]}, "amount": {"text": line["figure"]}},
        }
        for place, line in enumerate(details)
    ]
    total = manner.money(invoice["totalMinor"], currency)
    cells: Row = {
        "id": "total",
        "cells": {"what": {"text": "Total", "tone": "strong"}, "amount": {"text": total, "tone": "strong"}},
    }
    return [*rows, cells]


def reversals(lines: Sequence[OperationLine], manner: Manner) -> None:
    """What takes back, and what was taken back, each a link to the operation that did it: both sides were by one."""
    found: dict[str, str] = {}
    for line in lines:
        if line["origin"] is not None:
            found.setdefault(line["origin"]["operationId"], "Takes back an earlier operation")
        for reversal in nodes(line["reversals"]):
            words = took_back(line, reversal["amountMinor"], reversal["createdAt"], manner)
            found.setdefault(reversal["operationId"], words)
    for operation_id, words in found.items():
        link(words, operation_id)
    if any(goes_on(line["reversals"]) for line in lines):
        Text("There are more: the log of the wallet has them all.", "t-sub", tag="p")


def link(words: str, operation_id: str) -> None:
    """A line that leads to another operation."""
    with box("t-callout t-callout--info", "p"):
        Icon("back")
        with box("t-link", "a").props(f"href=/operation/{operation_id}"):
            Text(words)
