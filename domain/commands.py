"""What may be asked of a wallet. What each request writes: domain/decisions.py."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.billing import MonthBill
from domain.ledger import Operation


class AdjustOperation(StrEnum):
    """How an administrator changes a total by hand."""

    ADD = "ADD"
    SUBTRACT = "SUBTRACT"
    SET = "SET"


@dataclass(frozen=True, slots=True)
class Command:
    """A request to one wallet."""

    wallet_id: UUID
    operation: Operation
    dry_run: bool

    @property
    def other_wallet_id(self) -> UUID | None:
        """The second wallet that it touches, if any."""
        return None


@dataclass(frozen=True, slots=True)
class TopUp(Command):
    """Money comes in; then due invoices are collected."""

    amount: int
    description: str


@dataclass(frozen=True, slots=True)
class AdjustBalance(Command):
    """By hand: add, subtract, or set the total, before due invoices are collected from it."""

    how: AdjustOperation
    amount: int
    description: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer(Command):
    """From this wallet to another one of its currency."""

    to: UUID
    amount: int
    description: str

    @property
    def other_wallet_id(self) -> UUID | None:
        """Where the money goes."""
        return self.to


@dataclass(frozen=True, slots=True)
class TransactionKey:
    """A line of a wallet's log."""

    wallet_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ReverseTransaction(Command):
    """Take a mistake back: a CREDIT or DEBIT of this wallet, and of a transfer its other side too."""

    version: int
    amount: int | None
    """None: all that is left of it."""
    description: str
    reopen_invoices: bool
    other_side: TransactionKey | None

    @property
    def other_wallet_id(self) -> UUID | None:
        """Where the transfer's other side is."""
        return self.other_side.wallet_id if self.other_side else None


@dataclass(frozen=True, slots=True)
class PlaceHold(Command):
    """Money moves from available to locked, until it is captured, released, or expires."""

    amount: int
    description: str
    expires_in_seconds: int


@dataclass(frozen=True, slots=True)
class CaptureHold(Command):
    """Take the amount out of a hold and release the rest."""

    number: int
    amount: int | None
    """None: all of it."""
    description: str


@dataclass(frozen=True, slots=True)
class ReleaseHold(Command):
    """Make the held money available again."""

    number: int


@dataclass(frozen=True, slots=True)
class SetManualLock(Command):
    """The lock by hand, on or off."""

    on: bool
    description: str


@dataclass(frozen=True, slots=True)
class CloseMonths(Command):
    """Close a tenant's months up to this one. Becomes an Issue once its usage is rated, under the tenant's lock."""

    month: date
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Issue(Command):
    """Closed months' bills join the end of the queue."""

    run_id: UUID
    bills: tuple[MonthBill, ...]
    next_count: int
    grace_days: int
    finalization_days: int


@dataclass(frozen=True, slots=True)
class ApproveInvoice(Command):
    """Collect a PENDING invoice before its window ends."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class VoidInvoice(Command):
    """Take an invoice back, for ever; its month stays closed."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tick(Command):
    """Nothing of its own: what the clock has decided is written before any command."""
