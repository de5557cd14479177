"""What one measurement says."""

from typing import NamedTuple


class Measured(NamedTuple):
    """Answers, how many per second, and what each cost our process, which a busy machine changes less."""

    answered: int
    per_second: float
    micros_of_processor: float | None = None
