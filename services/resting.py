"""What fails by itself rests before it is tried again, each time for longer, while all else goes on."""

from collections.abc import Hashable
from time import perf_counter_ns
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

FIRST_REST_SECONDS = 5
LONGEST_REST_SECONDS = 600
_NS = 1_000_000_000


class Resting(Generic[K]):
    """By key, how often it has failed and until when it rests. In memory: a new process tries all of them anew."""

    def __init__(self) -> None:
        self._known: dict[K, tuple[int, int]] = {}

    def suspect(self, key: K) -> None:
        """It was among others that failed together: it is tried alone, and without a rest."""
        self._known.setdefault(key, (0, 0))

    def fail(self, key: K) -> None:
        """It failed by itself."""
        times, time = self._known.get(key, (0, 0))[0], perf_counter_ns()
        rest = min(FIRST_REST_SECONDS << min(times, 30), LONGEST_REST_SECONDS)
        self._known[key] = times + 1, time + rest * _NS

    def succeed(self, key: K) -> None:
        """It is like all others again."""
        self._known.pop(key, None)

    def known(self) -> list[K]:
        """That have failed, or were suspected, and have not succeeded since."""
        return list(self._known)

    def ready(self) -> list[K]:
        """Of these those that may be tried."""
        return [key for key, (_, until) in self._known.items() if until <= perf_counter_ns()]

    def resting(self) -> list[K]:
        """Of these those that may not be tried yet."""
        return [key for key, (_, until) in self._known.items() if until > perf_counter_ns()]
