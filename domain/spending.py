"""What may go out of a wallet: not more than is available, and by hand nothing while it is locked."""

from domain.draft import Draft
from domain.refusals import InsufficientFunds, WalletLocked


def check_spendable(draft: Draft, amount: int) -> None:
    """For what goes out or is promised by hand."""
    if draft.state.is_locked:
        raise WalletLocked(draft.before.id, draft.state, draft.before.currency)
    check_available(draft, amount)


def check_available(draft: Draft, amount: int) -> None:
    """Raises InsufficientFunds, with the figures."""
    if amount > draft.state.available:
        raise InsufficientFunds(draft.state.available, amount, draft.before.currency)
