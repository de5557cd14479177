"""Every kind of line in a log is a plain sentence that names what it is about."""

from typing import Any

import pytest

from dashboard.components.log_table import join
from dashboard.format import Currency, Manner
from dashboard.lines import SENTENCES, line_note, line_title, moved
from dashboard.shapes.ledger import LogLine

INR, HERE = Currency("INR", 2), Manner()
INVOICE = {"id": "inv_1", "number": "MSP-0002", "month": "2025-03"}
HOLD = {"id": "hld_1", "description": "Venue deposit", "status": "ACTIVE"}
PARTY = {"__typename": "User", "id": "usr_1", "name": "Asha Menon"}
TOP_UP = {"id": "txn_2", "type": "CREDIT", "reason": "TOP_UP", "amountMinor": 500_000}
CREATED = {"createdAt": "2025-02-03T00:00:00Z"}


def line(what: str, **given: Any) -> LogLine:
    kind, reason = what.split()
    moved = {"amountMinor": 0, "lockedAmountMinor": 0, "dueAmountMinor": 0}
    about = {"invoice": None, "hold": None, "reverses": None, "counterparty": None}
    plain = {"type": kind, "reason": reason, "description": "", "actor": "usr_7", "operationId": "opr_1"}
    return {**plain, **moved, **about, **given}  # type: ignore[typeddict-item]  # what is read of a line


def reversal(kind: str, amount: int, **past: Any) -> LogLine:
    return line(f"{kind} REVERSAL", amountMinor=amount, reverses={**TOP_UP, **CREATED, **past})


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (line("CREDIT TOP_UP"), "Top-up"),
        (line("CREDIT TOP_UP", description="NEFT 4471"), "NEFT 4471"),
        (line("DEBIT ADJUSTMENT", description="Typing error"), "Typing error"),
        (line("DEBIT TRANSFER", counterparty=PARTY), "Transfer to Asha Menon"),
        (line("CREDIT TRANSFER", counterparty=PARTY, description="Rent"), "Transfer from Asha Menon"),
        (line("CREDIT TRANSFER"), "Transfer from another wallet"),
        (line("DEBIT INVOICE", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 collected"),
        (line("DEBIT INVOICE"), "An invoice collected"),
        (line("HOLD INVOICE", invoice=INVOICE, hold=HOLD), "Held for invoice MSP-0002 for Mar 2025"),
        (line("DUE INVOICE", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 is due"),
        (line("DUE SETTLED", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 is no longer due"),
        (line("RELEASE VOID", invoice=INVOICE, hold=HOLD), "Invoice MSP-0002 for Mar 2025 voided, its hold released"),
        (line("DUE VOID", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 voided, no longer due"),
        (line("CREDIT VOID", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 voided, paid back"),
        (line("DEBIT VOID", invoice=INVOICE), "Invoice MSP-0002 for Mar 2025 voided, its credit taken back"),
        (line("HOLD HOLD", hold=HOLD), "Hold placed: Venue deposit"),
        (line("DEBIT HOLD", hold={**HOLD, "status": "CAPTURED"}), "Hold captured: Venue deposit"),
        (line("RELEASE HOLD", hold={**HOLD, "status": "CAPTURED"}), "Rest of the hold released: Venue deposit"),
        (line("RELEASE HOLD", hold={**HOLD, "status": "RELEASED"}), "Hold released: Venue deposit"),
        (line("RELEASE HOLD_EXPIRED", hold={**HOLD, "description": ""}), "Hold expired, released"),
        (reversal("DEBIT", -500_000), "Takes back the top-up of ₹5,000.00 on 3 Feb 2025"),
        (reversal("DEBIT", -100), "Takes back a part of the top-up of ₹5,000.00 on 3 Feb 2025"),
        (
            reversal("CREDIT", 900, type="DEBIT", reason="TRANSFER", amountMinor=-900),
            "Gives back the transfer of ₹9.00 on 3 Feb 2025",
        ),
        (
            reversal("CREDIT", 900, type="DEBIT", reason="HOLD", amountMinor=-900),
            "Gives back the captured hold of ₹9.00 on 3 Feb 2025",
        ),
        (line("CREDIT REVERSAL", invoice=INVOICE), "The payment of invoice MSP-0002 for Mar 2025 is taken back"),
        (line("LOCK MANUAL", description="Lost phone"), "Locked by hand"),
    ],
)
def test_a_line_says_what_happened_and_to_what(given: LogLine, title: str) -> None:
    assert line_title(given, INR, HERE) == title


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (line("CREDIT TOP_UP", description="NEFT 4471"), "Top-up · Lakshmi"),
        (line("CREDIT TOP_UP"), "Lakshmi"),
        (line("DEBIT TRANSFER", counterparty=PARTY, description="Rent"), "Rent · Lakshmi"),
        (line("DEBIT INVOICE", invoice=INVOICE, description="Monthly charge 2025-03", actor="system"), "System"),
        (line("DUE VOID", invoice=INVOICE, description="Monthly charge 2025-03: Goodwill"), "Goodwill · Lakshmi"),
        (line("HOLD HOLD", hold=HOLD, description="Venue deposit"), "Lakshmi"),
        (line("DEBIT HOLD", hold=HOLD, description="They kept it"), "They kept it · Lakshmi"),
        (line("LOCK MANUAL", description="Lost phone"), "Lost phone · Lakshmi"),
    ],
)
def test_below_it_stands_what_was_written_and_who_did_it(given: LogLine, note: str) -> None:
    assert line_note(given, {"usr_7": "Lakshmi"}, INR, HERE) == note


def test_no_sentence_is_left_unfinished() -> None:
    for kind, reason in SENTENCES:
        for about in ({}, {"invoice": INVOICE, "hold": HOLD, "counterparty": PARTY}):
            title = line_title(line(f"{kind} {reason}", **about), INR, HERE)
            assert title[0].isupper()
            assert "{" not in title


def test_the_amount_says_of_what_it_is() -> None:
    assert moved(line("DEBIT HOLD", amountMinor=-100, lockedAmountMinor=-100), INR, HERE) == ("\u2212₹1.00", "")
    assert moved(line("HOLD HOLD", lockedAmountMinor=100), INR, HERE) == ("+₹1.00", "of what is locked")
    assert moved(line("DUE INVOICE", dueAmountMinor=100), INR, HERE) == ("+₹1.00", "of what is due")


def test_the_lines_of_one_operation_stand_together() -> None:
    lines = [line("CREDIT TOP_UP", operationId=operation) for operation in ("c", "b", "b", "b", "a", "z", "z")]
    rows: list[Any] = [{"id": str(place)} for place in range(6)]
    join(rows, lines)
    assert [row.get("group") for row in rows] == [None, "joined", "joined", "last", None, "joined"]
