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
class UnbilledUsage:
    """Of a service in a month; below zero where a correction is to be credited."""

    month: date
    service: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Unbilled:
    """What a later invoice would still say of a tenant, the numbers of void ones that it would bill again among it."""

    usage: Sequence[UnbilledUsage] = ()
    void: Sequence[str] = ()


def check_deletable(
    name: str, wallet: Wallet | None, unbilled: Unbilled | None = None, *, with_user: str | None = None
) -> None:
    """Raises NotPossible with all the figures that stand against it. `with_user`: whose wallet it is otherwise."""
    unbilled = unbilled or Unbilled()
    reasons = [*(_money(wallet) if wallet else ()), *_usage(unbilled.usage), *_void(unbilled.void)]
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
        reasons.append(f"{show(state.due)} is due: have it paid first.")
    return reasons


def _usage(unbilled: Sequence[UnbilledUsage]) -> list[str]:
    named = [f"{plain(u.quantity)} {u.service} in {month_text(u.month)}" for u in unbilled]
    return [f"Not billed yet: {_some(named)}. Bill it, or correct it away."] if named else []


def _void(numbers: Sequence[str]) -> list[str]:
    if not numbers:
        return []
    return [f"Void, and to be billed again: {_some(numbers)}. Bill the month that is running once it is over."]


def _some(named: Sequence[str]) -> str:
    others = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return ", ".join([*named[:_MOST_NAMED], *others])
