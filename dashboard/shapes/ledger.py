"""Lines of a wallet's log, and holds, as the documents answer them. Amounts are minor units."""

from typing import Literal, TypedDict

from dashboard.shapes.billing import InvoiceRef


class HoldRef(TypedDict):
    """Which hold a line of the log is about."""

    id: str
    description: str
    status: Literal["ACTIVE", "CAPTURED", "RELEASED", "EXPIRED"]


class Reversed(TypedDict):
    """What a reversal takes back."""

    id: str
    type: str
    reason: str
    amountMinor: int
    createdAt: str


class Party(TypedDict):
    """The other side of a transfer."""

    __typename: Literal["Tenant", "User"]
    id: str
    name: str


class LogLine(TypedDict):
    """A transaction."""

    id: str
    version: int
    type: str
    reason: str
    amountMinor: int
    lockedAmountMinor: int
    dueAmountMinor: int
    balanceAfterMinor: int
    lockedAfterMinor: int
    dueAfterMinor: int
    description: str
    operationId: str
    actor: str
    createdAt: str
    invoice: InvoiceRef | None
    hold: HoldRef | None
    reverses: Reversed | None
    counterparty: Party | None


class Hold(TypedDict):
    """Locked money. Without an expiry it ends with its invoice."""

    id: str
    amountMinor: int
    capturedMinor: int
    status: Literal["ACTIVE", "CAPTURED", "RELEASED", "EXPIRED"]
    description: str
    createdAt: str
    expiresAt: str | None
    invoice: InvoiceRef | None
