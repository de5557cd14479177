"""What the system may answer instead of doing it: a closed vocabulary, translated once at each edge.

A Refusal is understood and allowed but cannot be done; its fields are the figures that help. A Fault is all else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

if TYPE_CHECKING:
    from domain.money import Currency
    from domain.wallets import WalletState


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Nothing was written."""

    @property
    def message(self) -> str:
        """A sentence for a person, with the figures in it."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.message


@dataclass(eq=False)
class InsufficientFunds(Refusal):
    """The wallet has less available than it takes."""

    available: int
    required: int
    currency: Currency

    @property
    def shortfall(self) -> int:
        """The smallest top-up with which it would have been done."""
        return self.required - self.available

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        show = self.currency.format
        return (
            f"This takes {show(self.required)}, but {show(self.available)} is available: "
            f"{show(self.shortfall)} short. Top up the wallet and repeat."
        )


@dataclass(eq=False)
class WalletLocked(Refusal):
    """A locked wallet takes nothing out by hand."""

    wallet_id: UUID
    state: WalletState
    currency: Currency

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        if self.state.manual_locked_at:
            return "The wallet is locked by hand. An administrator can unlock it."
        needed = self.currency.format(self.state.unlock_amount)
        return f"The wallet is locked: {self.currency.format(self.state.due)} is due. A top-up of {needed} unlocks it."


@dataclass(eq=False)
class IdempotencyConflict(Refusal):
    """The key belongs to a request with another input."""

    wallet_id: UUID
    operation_id: UUID

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        return "This idempotency key was used for another request. Send a new key for a new request."


@dataclass(eq=False)
class VersionConflict(Refusal):
    """The wallet has moved on from the version that the caller decided on."""

    wallet_id: UUID
    expected: int
    actual: int

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        return f"The wallet is at version {self.actual}, no longer at {self.expected}. Read it again and decide anew."


@dataclass(eq=False)
class PeriodClosed(Refusal):
    """A closed month is history."""

    open_from: datetime

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        return f"That period is closed. The first instant still open is {self.open_from.isoformat()}."


@dataclass(eq=False)
class NotPossible(Refusal):
    """The state of the thing does not allow it."""

    sentence: str

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        return self.sentence


class PhoneTaken(NotPossible):
    """Another user has it."""


class UsageRefusalCode(StrEnum):
    """Why an event does not count."""

    KEY_REUSED = "KEY_REUSED"
    NO_PRICE = "NO_PRICE"
    WALLET_LOCKED = "WALLET_LOCKED"
    PERIOD_CLOSED = "PERIOD_CLOSED"
    IN_FUTURE = "IN_FUTURE"
    BELOW_ZERO = "BELOW_ZERO"


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """One event that is why nothing of its request was recorded."""

    index: int
    key: str
    wallet_id: UUID
    code: UsageRefusalCode
    message: str
    open_from: datetime | None = None
    state: WalletState | None = None


@dataclass(eq=False)
class UsageRefused(Refusal):
    """Nothing of the request was recorded; these events are why."""

    events: list[RefusedEvent] = field(default_factory=list)

    @property
    def message(self) -> str:  # noqa: D102 - says itself
        first = self.events[0]
        others = f" and {len(self.events) - 1} more" if len(self.events) > 1 else ""
        return f"Nothing was recorded. Event {first.index}{others}: {first.message}"


class Fault(Exception):  # noqa: N818 - named for what the caller meets
    """A request that is not understood, not allowed, or cannot be served now."""

    code: ClassVar[str]

    @property
    def figures(self) -> dict[str, int]:
        """What a program needs besides the message."""
        return {}


class Unauthenticated(Fault):
    """Nobody, or an expired or revoked session or token."""

    code = "UNAUTHENTICATED"


class Forbidden(Fault):
    """Of what one may see, what one may not do."""

    code = "FORBIDDEN"


class NotFound(Fault):
    """What is missing and what one may not see, alike."""

    code = "NOT_FOUND"


class BadInput(Fault):
    """The message says what to send instead."""

    code = "BAD_USER_INPUT"


class RateLimited(Fault):
    """Too many tries; the message says when to try again."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds

    @property
    def figures(self) -> dict[str, int]:  # noqa: D102 - says itself
        return {} if self.retry_after_seconds is None else {"retryAfterSeconds": self.retry_after_seconds}


class Unavailable(Fault):
    """The database is away or the queue is full: repeat with the same key."""

    code = "UNAVAILABLE"
