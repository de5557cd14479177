"""Whether an owner may be deleted: not while money is with it, is owed by it, or is still to be billed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.billing import month_text
from domain.money import plain
from domain.refusals import NotPossible
from domain.wallets import Wallet

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Of a service in a month; below zero where a correction is to be credited."""

    month: date
    service: str
    quantity: Decimal


def check_closable(
    name: str, wallet: Wallet | None, unbilled: Sequence[Unbilled] = (), *, with_user: str | None = None
) -> None:
    """Raises NotPossible with all the figures that stand against it. `with_user`: whose wallet it is otherwise."""
    reasons = [*_money(wallet), *_usage(unbilled)] if wallet else []
    if reasons:
        also = f" with its user {with_user}" if with_user else ""
        raise NotPossible(f"{name} cannot be deleted{also}. {' '.join(reasons)}")


def _money(wallet: Wallet) -> list[str]:
    state, show = wallet.state, wallet.currency.format
    reasons = []
    if state.total > 0:
        held = f", {show(state.locked)} of it held" if state.locked else ""
        reasons.append(f"The wallet holds {show(state.total)}{held}: take it out first.")
    if state.due > 0:
        reasons.append(f"{show(state.due)} is due: have it paid, or void the invoices.")
    return reasons


def _usage(unbilled: Sequence[Unbilled]) -> list[str]:
    if not unbilled:
        return []
    named = [f"{plain(u.quantity)} {u.service} in {month_text(u.month)}" for u in unbilled[:_MOST_NAMED]]
    others = [f"{len(unbilled) - _MOST_NAMED} more"] if len(unbilled) > _MOST_NAMED else []
    return [f"Not billed yet: {', '.join(named + others)}. Bill it, or correct it away."]
