"""What an operation was, in words: one request that changed wallets."""

from collections.abc import Sequence
from itertools import groupby

from dashboard.format import Manner
from dashboard.shapes.operations import Operation, OperationLine
from dashboard.shapes.wallets import currency_of

KINDS = {
    "topUp": "Top-up",
    "adjustBalance": "Adjustment by hand",
    "transfer": "Transfer",
    "reverseTransaction": "Reversal",
    "placeHold": "Hold placed",
    "captureHold": "Hold captured",
    "releaseHold": "Hold released",
    "approveInvoice": "Invoice approved",
    "voidInvoice": "Invoice voided",
    "runBilling": "Month billed",
    "lockWallet": "Locked by hand",
    "unlockWallet": "Unlocked by hand",
    "clock": "Decided by the clock",
}


def kind_words(kind: str) -> str:
    """What kind of request it was."""
    return KINDS.get(kind, kind)


def headline(operation: Operation, manner: Manner) -> str:
    """The kind and, where its first line moved money, how much: "Top-up of ₹25,000.00"."""
    lines, words = operation["transactions"], kind_words(operation["kind"])
    minor = next((abs(line["amountMinor"] or line["lockedAmountMinor"]) for line in lines), 0)
    return f"{words} of {manner.money(minor, currency_of(lines[0]['wallet']))}" if minor else words


def reason_given(lines: Sequence[OperationLine]) -> str:
    """What somebody wrote to it; nothing where it is only the system's name of an invoice."""
    return next((line["description"] for line in lines if line["description"] and not line["invoice"]), "")


def by_wallet(lines: Sequence[OperationLine]) -> list[list[OperationLine]]:
    """The lines of each wallet, in their order."""
    return [list(side) for _, side in groupby(lines, lambda line: line["wallet"]["id"])]


def reversible(lines: Sequence[OperationLine]) -> OperationLine | None:
    """The line by which it is reversed: of a transfer either side is, and takes back both."""
    return next((line for line in lines if line["reversibleMinor"]), None)


def erasable(lines: Sequence[OperationLine]) -> OperationLine | None:
    """A line whose words a person gave."""
    is_persons = (line for line in lines if line["description"] and not line["actor"].startswith("system"))
    return next((line for line in is_persons if line["description"] == reason_given(lines)), None)


def took_back(line: OperationLine, minor: int, when: str, manner: Manner) -> str:
    """What a reversal of a line did: "₹500.00 of it was taken back on 3 Feb 2025, 10:12"."""
    currency = currency_of(line["wallet"])
    way = "taken back" if line["amountMinor"] > 0 else "given back"
    return f"{manner.money(abs(minor), currency)} of it was {way} on {manner.moment(when)}"
