"""Holds: money moves from available to locked, and is captured or released. Expiry: domain/instants.py."""

from datetime import timedelta

from domain.commands import CaptureHold, PlaceHold, ReleaseHold
from domain.draft import Decision, Draft
from domain.ledger import HoldStatus, OpenHold, TransactionReason, TransactionType
from domain.refusals import NotFound, NotPossible
from domain.spending import check_spendable

MOST_OPEN_HOLDS = 10_000
"""Of a wallet: whoever writes it reads them all."""
_ENDED = {
    HoldStatus.CAPTURED: "The hold was captured already.",
    HoldStatus.RELEASED: "The hold was released already: its money is available again.",
    HoldStatus.EXPIRED: "The hold has expired: its money is available again. Place a new one.",
}


def place(draft: Draft, command: PlaceHold) -> Decision:
    """Refused while the wallet is locked, or has less available."""
    check_spendable(draft, command.amount)
    if len(draft.holds) >= MOST_OPEN_HOLDS:
        raise NotPossible(f"{MOST_OPEN_HOLDS:,} holds are open in this wallet: capture or release some first.")
    number = draft.state.version + 1
    draft.write(
        TransactionType.HOLD,
        TransactionReason.HOLD,
        locked=command.amount,
        description=command.description,
        hold=number,
    )
    expires_at = draft.now + timedelta(seconds=command.expires_in_seconds)
    draft.open_hold(OpenHold(number, command.amount, expires_at))
    return draft.decided()


def capture(draft: Draft, command: CaptureHold) -> Decision:
    """Also while the wallet is locked: that money was promised. What is released may settle due invoices."""
    hold = _open_hold(draft, command.number)
    amount = hold.amount if command.amount is None else command.amount
    if amount > hold.amount:
        raise NotPossible(f"Only {draft.before.currency.format(hold.amount)} is held.")
    draft.write(
        TransactionType.DEBIT,
        TransactionReason.HOLD,
        amount=-amount,
        locked=-amount,
        description=command.description,
        hold=hold.number,
    )
    if rest := hold.amount - amount:
        draft.write(TransactionType.RELEASE, TransactionReason.HOLD, locked=-rest, hold=hold.number)
    draft.end_hold(hold.number, HoldStatus.CAPTURED, amount)
    return draft.settled() if rest else draft.decided()


def release(draft: Draft, command: ReleaseHold) -> Decision:
    """All of it, which may settle due invoices."""
    hold = _open_hold(draft, command.number)
    draft.write(TransactionType.RELEASE, TransactionReason.HOLD, locked=-hold.amount, hold=hold.number)
    draft.end_hold(hold.number, HoldStatus.RELEASED)
    return draft.settled()


def _open_hold(draft: Draft, number: int) -> OpenHold:
    hold = next((hold for hold in draft.holds if hold.number == number), None)
    if hold is None:
        ended = next((hold for hold in draft.past.holds if hold.number == number), None)
        if ended is None:
            raise NotFound("There is no such hold.")
        raise NotPossible(_ENDED[ended.status])
    if hold.invoice is not None:
        raise NotPossible("This is held for an invoice: approve or void the invoice.")
    return hold
