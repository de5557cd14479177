"""What the clock decides in a wallet, at instants known beforehand: a hold expires, a window or a grace ends."""

from dataclasses import replace
from datetime import datetime

from domain.draft import Decision, Draft
from domain.ledger import Account, HoldStatus, Operation, TransactionReason, TransactionType


def next_instant(account: Account) -> datetime | None:
    """The next instant at which the clock decides something in this wallet."""
    if not account.invoices and not account.holds:
        return None
    instants = [hold.expires_at for hold in account.holds if hold.expires_at]
    instants += [invoice.finalizes_at for invoice in account.invoices if invoice.finalizes_at]
    if account.state.locks_at:
        instants.append(account.state.locks_at)
    return min(instants, default=None)


def catch_up(account: Account, now: datetime, operation: Operation) -> Decision | None:
    """The next thing that the clock has decided by now, dated at its instant; None when there is none.

    A hold that expires comes before a window that ends, and that before a grace: money freed may still pay.
    """
    instant = next_instant(account)
    if instant is None or instant > now:
        return None
    draft = Draft(account, operation, instant)
    if not _expire_hold(draft, instant):
        _finalize(draft, instant)
    decision = draft.settled()
    return replace(decision, account=replace(decision.account, base_version=account.base_version))


def _expire_hold(draft: Draft, instant: datetime) -> bool:
    hold = next((h for h in draft.holds if h.expires_at and h.expires_at <= instant), None)
    if hold is None:
        return False
    draft.write(TransactionType.RELEASE, TransactionReason.HOLD_EXPIRED, locked=-hold.amount, hold=hold.number)
    draft.end_hold(hold.number, HoldStatus.EXPIRED)
    return True


def _finalize(draft: Draft, instant: datetime) -> None:
    """Where a finalization window has ended, the invoice is collected from what was held for it."""
    invoice = next((i for i in draft.invoices if i.finalizes_at and i.finalizes_at <= instant), None)
    if invoice is None:
        return
    draft.finalize(invoice)
