"""The clock is the database's; a simulated one serves the demo and the tests. Nothing else asks what time it is."""

from datetime import UTC, datetime


class Clock:
    """`fixed` is the simulated instant, or None: then statements that take it fall back to clock_timestamp()."""

    def __init__(self, fixed: datetime | None = None) -> None:
        self._fixed: datetime | None = None
        if fixed is not None:
            self.set(fixed)

    @property
    def fixed(self) -> datetime | None:
        """For `coalesce($n::timestamptz, clock_timestamp())`; where an index is to find what is due, with
        `statement_timestamp()`: what changes while a statement runs is held against each row instead."""
        return self._fixed

    def set(self, instant: datetime) -> None:
        """Move the simulated clock; never backwards."""
        assert instant.tzinfo is not None
        assert self._fixed is None or instant >= self._fixed
        self._fixed = instant.astimezone(UTC)
