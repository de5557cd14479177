"""What the model answers: rows of a log, and refusals with their figures."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST = 2**53 - 1


@dataclass(frozen=True)
class Row:
    """A line of a wallet's log (law 5): its changes, and the whole state after it."""

    wallet: str
    version: int
    time: datetime
    type: str
    reason: str
    amount: int
    locked: int
    due: int
    total_after: int
    locked_after: int
    due_after: int
    funds_lock: datetime | None
    hand_lock: datetime | None
    locks_at: datetime | None
    invoice: int | None = None
    hold: int | None = None
    reverses: int | None = None
    counterparty: str | None = None

    def __deepcopy__(self, memo: object) -> "Row":
        """A row never changes."""
        return self


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """By its name in the contract, with its figures."""

    def __init__(self, why: str, *figures: Any) -> None:
        super().__init__(why, *figures)
        self.why, self.figures = why, figures


@dataclass(frozen=True)
class Answer:
    """What an operation wrote, its home wallet's rows first."""

    rows: tuple[Row, ...]
    based_on: int
    replayed: bool = False
    paid: tuple[int, ...] = field(default=())
    """Invoices that it collected, by count."""
    issued: tuple[int, ...] = field(default=())

    def __deepcopy__(self, memo: object) -> "Answer":
        """An answer never changes."""
        return self


def not_possible() -> Refused:
    """The state of the thing does not allow it."""
    return Refused("NotPossible")


def checked(amount: int, *, least: int = 1) -> int:
    """Law 1: whole minor units, above zero, at most 2^53 − 1."""
    if not least <= amount <= MOST:
        raise Refused("BadInput")
    return amount
