"""Invoices as rows, each with the lines that make its total."""

from decimal import ROUND_HALF_UP, Decimal

from dashboard.billing_words import STATUS_BADGES
from dashboard.components.data_table import Badge, Column, Detail, Row
from dashboard.format import Currency, Manner, at, month_name
from dashboard.shapes.billing import Invoice, InvoiceHead, InvoiceLine

COLUMNS: list[Column] = [
    {"name": "number", "label": "Invoice", "wide": True},
    {"name": "status", "label": "Status"},
    {"name": "total", "label": "Total", "align": "right"},
]
KINDS = {"FLAT": "monthly fee", "MINIMUM": "up to the monthly minimum"}


def invoice_row(invoice: Invoice, currency: Currency, manner: Manner) -> Row:
    """One invoice with its lines."""
    total = manner.money(invoice["totalMinor"], currency)
    return {
        "id": invoice["id"],
        "cells": {
            "number": {"text": month_name(invoice["month"]), "sub": invoice["number"]},
            "status": {"text": "", "badges": [invoice_badge(invoice)]},
            "total": {
                "text": total,
                "sub": invoice_note(invoice, manner),
                "tone": "gone" if invoice["status"] == "VOID" else "",
            },
        },
        "details": [invoice_line(line, invoice["month"], currency, manner) for line in invoice["lines"]],
    }


def invoice_badge(invoice: InvoiceHead) -> Badge:
    """Its status as a pill."""
    return STATUS_BADGES[invoice["status"]]


def invoice_note(invoice: InvoiceHead, manner: Manner) -> str:
    """What happened to it last, or will happen next."""
    if invoice["finalizesAt"]:
        return f"collects {manner.day(invoice['finalizesAt'])}"
    if invoice["status"] == "VOID" and invoice["voidedAt"]:
        return f"voided {manner.day(invoice['voidedAt'])}"
    if invoice["paidAt"]:
        return f"{'paid' if invoice['totalMinor'] >= 0 else 'credited'} {manner.day(invoice['paidAt'])}"
    if invoice["locksAt"] and at(invoice["locksAt"]) > at(invoice["issuedAt"]):
        return f"due, grace to {manner.day(invoice['locksAt'])}"
    return f"due since {manner.day(invoice['issuedAt'])}"


def invoice_line(line: InvoiceLine, month: str, currency: Currency, manner: Manner) -> Detail:
    """What it is for, which stretch of time, and how much."""
    is_late = line["kind"] == "LATE"
    what = KINDS.get(line["kind"]) or measured(line, currency, manner)
    late = f"late, for {month_name(line['month'])}: " if is_late or line["month"] != month else ""
    return {
        "text": f"{line['service']}, {late}{what}",
        "sub": f"{manner.day(line['from'])} – {manner.day(line['until'])}",
        "figure": manner.money(line["amountMinor"], currency),
    }


def measured(line: InvoiceLine, currency: Currency, manner: Manner) -> str:
    """The quantity, and its price where that alone makes the amount."""
    quantity, price = quantity_and_price(line, currency, manner)
    return f"{quantity} × {price}" if price else f"{quantity} used"


def quantity_and_price(line: InvoiceLine, currency: Currency, manner: Manner) -> tuple[str, str]:
    """How much of what was used; the price of one only where that alone makes the amount, which it does not with
    packages, tiers and late remainders. Nothing of either for a fee."""
    if line["kind"] in KINDS:
        return "", ""
    quantity, price = line["quantity"], line["unitPriceMinor"]
    multiplies = price is not None and to_minor(Decimal(quantity) * Decimal(price)) == line["amountMinor"]
    return manner.quantity(quantity), manner.price(price, currency) if price and multiplies else ""


def to_minor(exact: Decimal) -> int:
    """As a line is rounded: half away from zero."""
    return int(exact.to_integral_value(ROUND_HALF_UP))
