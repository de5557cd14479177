"""An invoice says what happens to it next or happened last, and each of its lines what it is for."""

from typing import Any

import pytest

from dashboard.components.holds_panel import hold_row
from dashboard.components.invoices import invoice_line, invoice_note
from dashboard.format import Currency, Manner
from dashboard.shapes.billing import Invoice, InvoiceLine
from dashboard.shapes.ledger import Hold

INR, HERE = Currency("INR", 2), Manner()


def invoice(status: str, **given: Any) -> Invoice:
    plain = {"status": status, "totalMinor": 100, "issuedAt": "2025-04-01T00:00:00Z"}
    return {**plain, "paidAt": None, "voidedAt": None, "locksAt": None, "finalizesAt": None, **given}  # type: ignore[typeddict-item]


def line(kind: str, **given: Any) -> InvoiceLine:
    plain = {"kind": kind, "service": "EPAPER", "month": "2025-03", "quantity": "12.000000", "amountMinor": 2_400_000}
    stretch = {"from": "2025-03-01T00:00:00Z", "until": "2025-04-01T00:00:00Z", "unitPriceMinor": "200000"}
    return {**plain, **stretch, **given}  # type: ignore[typeddict-item]  # a line


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (invoice("PENDING", finalizesAt="2025-04-08T00:00:00Z"), "collects 8 Apr 2025"),
        (invoice("PAID", paidAt="2025-04-02T00:00:00Z"), "paid 2 Apr 2025"),
        (invoice("PAID", totalMinor=-100, paidAt="2025-04-02T00:00:00Z"), "credited 2 Apr 2025"),
        (invoice("VOID", paidAt="2025-04-02T00:00:00Z", voidedAt="2025-04-03T00:00:00Z"), "voided 3 Apr 2025"),
        (invoice("DUE", locksAt="2025-04-01T00:00:00Z"), "due since 1 Apr 2025"),
        (invoice("DUE", locksAt="2025-04-04T00:00:00Z"), "due, grace to 4 Apr 2025"),
    ],
)
def test_an_invoice_says_what_becomes_of_it(given: Invoice, note: str) -> None:
    assert invoice_note(given, HERE) == note


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (line("USAGE"), "EPAPER, 12 × ₹2,000.00"),
        (line("USAGE", quantity="3", unitPriceMinor="0.5", amountMinor=2), "EPAPER, 3 × ₹0.005"),
        (line("USAGE", unitPriceMinor=None), "EPAPER, 12 used"),
        (line("USAGE", quantity="370", unitPriceMinor="10000", amountMinor=40_000), "EPAPER, 370 used"),
        (line("FLAT", unitPriceMinor=None), "EPAPER, monthly fee"),
        (line("MINIMUM", unitPriceMinor=None), "EPAPER, up to the monthly minimum"),
        (line("LATE", month="2025-02"), "EPAPER, late, for Feb 2025: 12 × ₹2,000.00"),
    ],
)
def test_a_line_says_what_it_is_for_and_multiplies_only_where_that_makes_its_amount(
    given: InvoiceLine, text: str
) -> None:
    told = invoice_line(given, "2025-03", INR, HERE)
    assert told["text"] == text
    assert told["sub"] == "1 Mar 2025 – 1 Apr 2025"


@pytest.mark.parametrize(
    ("given", "what", "ends"),
    [
        (
            {"description": "Taxi", "expiresAt": "2025-04-02T10:00:00Z", "invoice": None},
            "Taxi",
            "since 1 Apr 2025, 10:00, expires 2 Apr 2025, 10:00",
        ),
        (
            {
                "description": "",
                "expiresAt": None,
                "invoice": {"id": "inv_1", "number": "MSP-0002", "month": "2025-03"},
            },
            "Invoice MSP-0002",
            "Mar 2025, until it is collected",
        ),
    ],
)
def test_an_open_hold_says_what_for_and_how_long(given: dict[str, Any], what: str, ends: str) -> None:
    cells = hold_row(hold(**given), INR, HERE, may_end=False)["cells"]
    assert (cells["what"]["text"], cells["what"]["sub"], cells["amount"]["text"]) == (what, ends, "₹250.00")


def test_a_hold_by_hand_is_ended_by_those_who_may_while_it_is_open() -> None:
    by_hand: dict[str, Any] = {"description": "Taxi", "expiresAt": "2025-04-02T10:00:00Z", "invoice": None}
    invoiced = {**by_hand, "invoice": {"id": "inv_1", "number": "MSP-0002", "month": "2025-03"}}
    offered = hold_row(hold(**by_hand), INR, HERE, may_end=True)["cells"]["acts"]["acts"]
    assert [act["label"] for act in offered] == [
        "Capture the hold of ₹250.00: Taxi",
        "Release the hold of ₹250.00: Taxi",
    ]
    ended = hold(**by_hand, status="CAPTURED", capturedMinor=20_000)
    assert hold_row(ended, INR, HERE, may_end=True)["cells"]["amount"]["sub"] == "₹200.00 taken"
    for one, may_end in ((by_hand, False), (invoiced, True), ({**by_hand, "status": "RELEASED"}, True)):
        assert "acts" not in hold_row(hold(**one), INR, HERE, may_end=may_end)["cells"]


def hold(**given: Any) -> Hold:
    plain = {"id": "hld_1", "amountMinor": 25_000, "capturedMinor": 0, "status": "ACTIVE"}
    return {**plain, "createdAt": "2025-04-01T10:00:00Z", **given}  # type: ignore[typeddict-item]  # a hold
