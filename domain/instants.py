"""What the clock decides in a wallet, at instants known beforehand: a hold expires, a window or a grace ends."""

from dataclasses import replace
from datetime import datetime

from domain.draft import Decision, Draft
from domain.ledger import Account, HoldStatus, Operation, TransactionReason, TransactionType


def next_instant(account: Account) -> datetime | None:
    """The next instant at which the clock decides something in this wallet."""
    if not account.invoices and not account.holds:
        return None
    instants = [hold.expires_at for hold in account.holds[:1] if hold.expires_at]  # the soonest is the first
    instants += [invoice.finalizes_at for invoice in account.invoices if invoice.finalizes_at]
    if account.state.locks_at:
        instants.append(account.state.locks_at)
    return min(instants, default=None)


def catch_up(account: Account, now: datetime, operation: Operation) -> Decision | None:
    """What the clock has decided at the next instant, if that has come, dated at it; else None.

    Holds that expire come before windows that end, and those before a grace: money freed may still pay.
    """
    instant = next_instant(account)
    if instant is None or instant > now:
        return None
    draft = Draft(account, operation, instant)
    _expire_holds(draft, instant)
    _finalize(draft, instant)
    decision = draft.relocked()
    return replace(decision, account=replace(decision.account, base_version=account.base_version))


def _expire_holds(draft: Draft, instant: datetime) -> None:
    """What each gives free may pay what is due."""
    while draft.holds and (hold := draft.holds[0]).expires_at and hold.expires_at <= instant:
        draft.write(TransactionType.RELEASE, TransactionReason.HOLD_EXPIRED, locked=-hold.amount, hold=hold.number)
        draft.end_hold(hold.number, HoldStatus.EXPIRED)
        draft.collect()
        draft.unlock()


def _finalize(draft: Draft, instant: datetime) -> None:
    """Where a finalization window has ended, the invoice is collected from what was held for it."""
    for invoice in draft.invoices:
        if invoice.finalizes_at and invoice.finalizes_at <= instant:
            draft.finalize(invoice)
