"""What each request writes: `decide`.

Every decision refuses first, in a written order; after that nothing may fail. Immutable values all through: a refused
command leaves no trace, and a dry run is the same call with its result thrown away.
"""

from dataclasses import replace
from datetime import datetime

from domain import holds, invoices, reversals
from domain.commands import (
    AdjustBalance,
    AdjustOperation,
    ApproveInvoice,
    CaptureHold,
    Command,
    Issue,
    PlaceHold,
    ReleaseHold,
    ReverseTransaction,
    SetManualLock,
    Tick,
    TopUp,
    Transfer,
    VoidInvoice,
)
from domain.draft import Decision, Draft
from domain.ledger import Account, TransactionReason, TransactionType
from domain.refusals import NotPossible, VersionConflict
from domain.spending import check_spendable


def decide(account: Account, command: Command, now: datetime, other: Account | None = None) -> Decision:
    """What the command writes on the account, and on the other one that it touches. Raises a Refusal."""
    if (account.closed or (other and other.closed)) and not isinstance(command, Tick):
        raise NotPossible("The owner of this wallet was deleted: its history stays, and no money moves in it any more.")
    draft = Draft(account, command.operation, now)
    match command:
        case TopUp():
            return _top_up(draft, command)
        case AdjustBalance():
            return _adjust(draft, command)
        case SetManualLock():
            return _set_manual_lock(draft, command)
        case Issue():
            return invoices.issue(draft, command)
        case PlaceHold():
            return holds.place(draft, command)
        case CaptureHold():
            return holds.capture(draft, command)
        case ReleaseHold():
            return holds.release(draft, command)
        case ApproveInvoice():
            return invoices.approve(draft, command)
        case VoidInvoice():
            return invoices.void(draft, command)
        case Tick():
            return Decision(account, ())
        case _:
            return _of_two(draft, command, Draft(other, command.operation, now, home=account.id) if other else None)


def _of_two(draft: Draft, command: Command, other: Draft | None) -> Decision:
    match command:
        case Transfer():
            assert other is not None
            return _transfer(draft, command, other)
        case ReverseTransaction():
            return reversals.reverse(draft, command, other)
        case _:
            raise AssertionError(f"nothing decides a {type(command).__name__}")


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
    if change < 0:
        check_spendable(draft, -change)
    kind = TransactionType.CREDIT if change > 0 else TransactionType.DEBIT
    draft.write(kind, TransactionReason.ADJUSTMENT, amount=change, description=command.description)
    return draft.settled() if change > 0 else draft.decided()


def _transfer(draft: Draft, command: Transfer, other: Draft) -> Decision:
    here, there = draft.before, other.before
    if here.currency != there.currency:
        raise NotPossible(
            f"This wallet holds {here.currency.code} and the other one {there.currency.code}: "
            "money moves only between wallets of one currency."
        )
    check_spendable(draft, command.amount)
    transfer, text = TransactionReason.TRANSFER, command.description
    draft.write(TransactionType.DEBIT, transfer, amount=-command.amount, description=text, counterparty=there.id)
    other.write(TransactionType.CREDIT, transfer, amount=command.amount, description=text, counterparty=here.id)
    return replace(draft.decided(), other=other.settled())


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
    return draft.decided()
