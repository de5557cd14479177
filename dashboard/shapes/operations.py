"""Operations as the documents answer them, and what one would write or has written."""

from typing import TypedDict

from dashboard.shapes.billing import Invoice
from dashboard.shapes.ledger import LogLine
from dashboard.shapes.lists import Connection
from dashboard.shapes.wallets import WalletLabel


class Written(LogLine, TypedDict):
    """A line of a log, and whose log that is."""

    wallet: WalletLabel


class ReversalRef(TypedDict):
    """What took a line back."""

    id: str
    amountMinor: int
    createdAt: str
    operationId: str


class LineRef(TypedDict):
    """What a line takes back."""

    id: str
    operationId: str


class OperationLine(Written, TypedDict):
    """With what it led to, and what it came from."""

    reversibleMinor: int
    reversals: Connection[ReversalRef]
    origin: LineRef | None
    bill: Invoice | None


class Operation(TypedDict):
    """One request that changed wallets."""

    id: str
    kind: str
    actor: str
    createdAt: str
    transactions: list[OperationLine]
