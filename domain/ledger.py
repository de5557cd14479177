"""The log's vocabulary: what a transaction is, and what is still open in a wallet.

How an operation's transactions are drawn up: domain/draft.py. Which command writes what: domain/decisions.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from domain.wallets import WalletState

if TYPE_CHECKING:
    from domain.money import Currency


class TransactionType(StrEnum):
    """Every change of a wallet is one of these."""

    CREDIT = "CREDIT"
    DEBIT = "DEBIT"
    HOLD = "HOLD"
    RELEASE = "RELEASE"
    DUE = "DUE"
    LOCK = "LOCK"
    UNLOCK = "UNLOCK"


class TransactionReason(StrEnum):
    """Why; a LOCK or UNLOCK names the lock."""

    TOP_UP = "TOP_UP"
    ADJUSTMENT = "ADJUSTMENT"
    TRANSFER = "TRANSFER"
    INVOICE = "INVOICE"
    HOLD = "HOLD"
    HOLD_EXPIRED = "HOLD_EXPIRED"
    REVERSAL = "REVERSAL"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    MANUAL = "MANUAL"
    SETTLED = "SETTLED"
    VOID = "VOID"


class InvoiceStatus(StrEnum):
    """PENDING: its amount is held. DUE: issued, not covered."""

    PENDING = "PENDING"
    PAID = "PAID"
    DUE = "DUE"
    VOID = "VOID"


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice in the wallet's queue; one that leaves it has another status, and then when."""

    count: int
    month: date
    total: int
    status: InvoiceStatus
    issued_at: datetime
    locks_at: datetime | None = None
    finalizes_at: datetime | None = None
    hold: int | None = None
    closed_at: datetime | None = None

    @property
    def title(self) -> str:
        """For the log."""
        return f"Monthly charge {self.month:%Y-%m}"


class HoldStatus(StrEnum):
    """What has become of a hold."""

    ACTIVE = "ACTIVE"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Locked money. Its number is the version of its HOLD."""

    number: int
    amount: int
    expires_at: datetime | None
    invoice: int | None = None

    @property
    def turn(self) -> tuple[bool, datetime | None, int]:
        """The soonest to expire first; those that do not expire, an invoice's, last."""
        return self.expires_at is None, self.expires_at, self.number


@dataclass(frozen=True, slots=True)
class EndedHold:
    """A hold that is locked money no more."""

    number: int
    status: HoldStatus
    captured: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """An invoice that an operation collected: its DEBIT, by version."""

    version: int
    invoice: int


@dataclass(frozen=True, slots=True)
class PastTransaction:
    """A line of the log that a command names, with what is left of it to take back."""

    version: int
    type: TransactionType
    reason: TransactionReason
    left: int
    counterparty: UUID | None = None
    collected: tuple[Collected, ...] = ()
    """What its operation collected, oldest first, less what has been given back since."""


@dataclass(frozen=True, slots=True)
class Past:
    """What commands name although it is open no more."""

    transactions: tuple[PastTransaction, ...] = ()
    invoices: tuple[OpenInvoice, ...] = ()
    holds: tuple[EndedHold, ...] = ()


NOTHING_PAST = Past()


@dataclass(frozen=True, slots=True)
class Account:
    """A wallet in the hands of one who may write it: its state and all that is open in it, oldest first."""

    id: UUID
    currency: Currency
    state: WalletState
    invoices: tuple[OpenInvoice, ...] = ()
    holds: tuple[OpenHold, ...] = ()
    """In their turns: what the clock decides of thousands of them is found without a look at each."""
    base_version: int = 0
    """The version that a caller can have seen: before what the clock has decided meanwhile."""
    past: Past = NOTHING_PAST
    closed: bool = False
    """Its owner was deleted: it is empty, and stays so."""


ERASED = b""
"""The hash of an input whose words were erased: one of the words would let them be guessed."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that moves money."""

    id: UUID
    kind: str
    actor: str
    key: str | None = None
    input_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A line of a wallet's log: signed changes, and the state after them."""

    wallet_id: UUID
    operation_id: UUID
    actor: str
    type: TransactionType
    reason: TransactionReason
    amount: int
    locked_amount: int
    due_amount: int
    after: WalletState
    description: str = ""
    invoice: int | None = None
    hold: int | None = None
    reverses: int | None = None
    counterparty: UUID | None = None
    operation_home: UUID | None = None
    """The wallet that the operation was asked of, where it is another one: this is a transfer's other side."""
