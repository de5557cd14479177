"""What may be asked of a wallet and what each request writes: `decide`, and `catch_up` for what the clock decides.

Every decision refuses first, in a written order; after that nothing may fail. Immutable values all through: a refused
command leaves no trace, and a dry run is the same call with its result thrown away.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.billing import MonthBill
from domain.draft import Decision, Draft, Issued
from domain.ledger import (
    Account,
    InvoiceStatus,
    OpenHold,
    OpenInvoice,
    Operation,
    TransactionReason,
    TransactionType,
)
from domain.refusals import InsufficientFunds, NotPossible, VersionConflict, WalletLocked


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
class Tick(Command):
    """Nothing of its own: what the clock has decided is written before any command."""


def decide(account: Account, command: Command, now: datetime) -> Decision:
    """What the command writes on the account. Raises a Refusal."""
    draft = Draft(account, command.operation, now)
    match command:
        case TopUp():
            return _top_up(draft, command)
        case AdjustBalance():
            return _adjust(draft, command)
        case SetManualLock():
            return _set_manual_lock(draft, command)
        case Issue():
            return _issue(draft, command)
        case _:
            return Decision(account, ())


def _top_up(draft: Draft, command: TopUp) -> Decision:
    draft.write(
        TransactionType.CREDIT, TransactionReason.TOP_UP, amount=command.amount, description=command.description
    )
    return draft.settled()


def _adjust(draft: Draft, command: AdjustBalance) -> Decision:
    state, currency = draft.state, draft.before.currency
    if command.expected_version is not None and command.expected_version != draft.before.base_version:
        raise VersionConflict(command.wallet_id, command.expected_version, draft.before.base_version)
    change = {
        AdjustOperation.ADD: command.amount,
        AdjustOperation.SUBTRACT: -command.amount,
        AdjustOperation.SET: command.amount - state.total,
    }[command.how]
    if change == 0:
        raise NotPossible(f"The balance is {currency.format(state.total)} already.")
    if change < 0 and state.is_locked:
        raise WalletLocked(command.wallet_id, state, currency)
    if -change > state.available:
        raise InsufficientFunds(state.available, -change, currency)
    kind = TransactionType.CREDIT if change > 0 else TransactionType.DEBIT
    draft.write(kind, TransactionReason.ADJUSTMENT, amount=change, description=command.description)
    return draft.settled()


def _set_manual_lock(draft: Draft, command: SetManualLock) -> Decision:
    state = draft.state
    if command.on and state.manual_locked_at:
        raise NotPossible("The wallet is locked by hand already.")
    if not command.on and not state.manual_locked_at:
        if state.funds_locked_at:
            needed = draft.before.currency.format(state.unlock_amount)
            raise NotPossible(f"This lock is for money: a top-up of {needed} takes it off.")
        raise NotPossible("The wallet is not locked.")
    draft.set_manual_lock(command.on, command.description)
    return Decision(draft.account(), tuple(draft.transactions))


def _issue(draft: Draft, command: Issue) -> Decision:
    """Each bill in its order: collected when all older ones are and it is covered whole, else DUE."""
    issued = []
    for count, bill in enumerate((b for b in command.bills if b.is_charged), command.next_count):
        invoice = OpenInvoice(count, bill.month, bill.total, InvoiceStatus.PENDING, draft.now)
        blocked = any(other.status is InvoiceStatus.DUE for other in draft.invoices)
        if bill.total <= 0:
            invoice = _credit(draft, invoice)
        elif blocked or bill.total > draft.state.available:
            invoice = _fall_due(draft, invoice, command.grace_days)
        elif command.finalization_days:
            invoice = _hold(draft, invoice, command.finalization_days)
        else:
            draft.settle(invoice)
            invoice = draft.closed.pop()
        issued.append(Issued(invoice, bill))
    return replace(draft.settled(), issued=tuple(issued))


def _credit(draft: Draft, invoice: OpenInvoice) -> OpenInvoice:
    """A total below zero (corrections) comes back as money, which collects what is due; zero only closes."""
    if invoice.total < 0:
        draft.write(
            TransactionType.CREDIT,
            TransactionReason.INVOICE,
            amount=-invoice.total,
            description=invoice.title,
            invoice=invoice.count,
        )
        draft.collect()
    return replace(invoice, status=InvoiceStatus.PAID, closed_at=draft.now)


def _fall_due(draft: Draft, invoice: OpenInvoice, grace_days: int) -> OpenInvoice:
    invoice = replace(invoice, status=InvoiceStatus.DUE, locks_at=draft.now + timedelta(days=grace_days))
    draft.invoices = (*draft.invoices, invoice)
    draft.write(
        TransactionType.DUE,
        TransactionReason.INVOICE,
        due=invoice.total,
        description=invoice.title,
        invoice=invoice.count,
    )
    draft.relock()
    return invoice


def _hold(draft: Draft, invoice: OpenInvoice, finalization_days: int) -> OpenInvoice:
    """PENDING: the amount is held until the window ends."""
    number = draft.state.version + 1
    invoice = replace(invoice, finalizes_at=draft.now + timedelta(days=finalization_days), hold=number)
    draft.write(
        TransactionType.HOLD,
        TransactionReason.INVOICE,
        locked=invoice.total,
        description=invoice.title,
        invoice=invoice.count,
        hold=number,
    )
    draft.invoices = (*draft.invoices, invoice)
    draft.holds = (*draft.holds, OpenHold(number, invoice.total, None, invoice.count))
    return invoice
