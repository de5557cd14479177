"""Invoices and usage, as the documents answer them. Amounts are minor units."""

from typing import Literal, TypedDict


class InvoiceRef(TypedDict):
    """Which invoice a line of the log, or a hold, is about."""

    id: str
    number: str
    month: str


# "from" is a word of Python's own.
InvoiceLine = TypedDict(
    "InvoiceLine",
    {
        "kind": Literal["USAGE", "FLAT", "MINIMUM", "LATE"],
        "service": str,
        "month": str,
        "quantity": str,
        "unitPriceMinor": str | None,
        "from": str,
        "until": str,
        "amountMinor": int,
    },
)


class InvoiceHead(TypedDict):
    """What a month came to, without its lines."""

    id: str
    number: str
    month: str
    status: Literal["PENDING", "PAID", "DUE", "VOID"]
    totalMinor: int
    amountDueMinor: int
    issuedAt: str
    finalizesAt: str | None
    paidAt: str | None
    voidedAt: str | None
    locksAt: str | None


class Invoice(InvoiceHead):
    """A month's bill."""

    lines: list[InvoiceLine]


class MonthlyUsage(TypedDict):
    """What a service was used in a month."""

    service: str
    month: str
    quantity: str
    lateQuantity: str
    events: int
    chargeMinor: int
