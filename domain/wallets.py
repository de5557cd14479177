"""A wallet at one moment of its life, its two locks, and what its runway is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.money import MOST_MINOR, Currency


class LockReason(StrEnum):
    """The two independent locks."""

    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True)
class WalletState:
    """What stands after a transaction: each row of the log carries it whole, so a past moment is a look-up."""

    version: int
    time: datetime
    total: int
    locked: int
    due: int
    funds_locked_at: datetime | None = None
    manual_locked_at: datetime | None = None
    locks_at: datetime | None = None
    """The end of the oldest grace still running."""

    @property
    def available(self) -> int:
        """Total less locked."""
        return self.total - self.locked

    @property
    def is_locked(self) -> bool:
        """While either lock is on."""
        return self.funds_locked_at is not None or self.manual_locked_at is not None

    @property
    def locked_since(self) -> datetime | None:
        """Since when either lock has been on."""
        if self.funds_locked_at and self.manual_locked_at:
            return min(self.funds_locked_at, self.manual_locked_at)
        return self.funds_locked_at or self.manual_locked_at

    @property
    def lock_reasons(self) -> list[LockReason]:
        """Which locks are on."""
        funds = [LockReason.INSUFFICIENT_FUNDS] if self.funds_locked_at else []
        return funds + ([LockReason.MANUAL] if self.manual_locked_at else [])

    @property
    def unlock_amount(self) -> int:
        """The smallest top-up that pays all that is due."""
        return max(0, self.due - self.available) if self.due else 0

    @property
    def top_up_unlocks(self) -> bool:
        """False while it is also locked by hand."""
        return self.manual_locked_at is None


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet as stored now."""

    id: UUID
    currency: Currency
    state: WalletState
    created_at: datetime


def new_wallet(owner_id: UUID, currency: Currency, instant: datetime) -> Wallet:
    """As it is made: empty."""
    return Wallet(owner_id, currency, WalletState(0, instant, 0, 0, 0), instant)


def locked_at(state: WalletState, instant: datetime) -> bool:
    """Whether the wallet is locked for what occurred at that instant: a grace that ended by then counts too."""
    since = state.locked_since or state.locks_at
    return since is not None and instant >= since


def within_limits(total: int) -> bool:
    """Whether a balance can be kept exactly by every client."""
    return abs(total) <= MOST_MINOR


def months_remaining(available: int, monthly_charge: int) -> float | None:
    """How long the available balance lasts, rounded down to one decimal; None when nothing is charged."""
    if monthly_charge <= 0:
        return None
    return (10 * available // monthly_charge) / 10
