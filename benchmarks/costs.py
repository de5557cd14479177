"""Where a process's time goes, by part of the program: a profile whose library calls are charged to who made them."""

import cProfile
import pstats
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# The first that a file's path contains. What is of no part (the standard library, builtins) is charged to its callers.
PARTS = {
    "/domain/chain": "the hash chain",
    "/domain/": "deciding",
    "/services/posting_store": "the posting's rows: read, and as arrays to write",
    "/services/posting": "the posting task: queue, batch, answers",
    "/services/database": "the posting task: queue, batch, answers",
    "/services/": "other services",
    "/resolvers/": "resolvers and the types they fill",
    "/schema/": "resolvers and the types they fill",
    "/server/graphql": "the GraphQL endpoint and executor",
    "/server/": "other parts of the server",
    "/asyncpg/": "asyncpg: encoding and decoding",
    "/tortoise/": "Tortoise",
    "/graphql/": "graphql-core",
    "/strawberry/": "Strawberry",
    "/uvicorn/": "uvicorn: HTTP",
    "/starlette/": "Starlette: routing",
    "/benchmarks/": "the benchmark's own callers",
}
REST, LOOP, WAITING = "the rest", "the event loop and its sockets", "waiting (for PostgreSQL, clients, a processor)"
DEEPEST = 6


class Recorder:
    """Of this process, between start and stop."""

    def __init__(self) -> None:
        self._profile = cProfile.Profile()
        self._began = self._worked = 0.0

    def start(self) -> None:
        """From now on."""
        self._began, self._worked = time.perf_counter(), time.process_time()
        self._profile.enable()

    def stop(self) -> list[tuple[str, float]]:
        """Each part's share of the time that has passed, largest first."""
        self._profile.disable()
        passed, worked = time.perf_counter() - self._began, time.process_time() - self._worked
        seconds = _by_part(pstats.Stats(self._profile))
        seconds[LOOP] += max(0.0, worked - sum(seconds.values()))  # what runs outside of Python's functions
        seconds[WAITING] = max(0.0, passed - sum(seconds.values()))
        return sorted(((part, spent / passed) for part, spent in seconds.items()), key=lambda share: -share[1])


def _by_part(profile: pstats.Stats) -> dict[str, float]:
    stats: Mapping[Any, Any] = profile.stats  # type: ignore[attr-defined]  # function → calls, …, own time, callers
    seconds: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, _) in stats.items():
        for part, share in _shares(stats, function, DEEPEST).items():
            seconds[part] += own * share
    return seconds


def _shares(stats: Mapping[Any, Any], function: Any, depth: int) -> dict[str, float]:
    """What part a function's own time belongs to, or the parts that called it, by their time in it."""
    path = function[0]
    part = next((name for piece, name in PARTS.items() if piece in path), None)
    callers = stats[function][4] if function in stats else {}
    whole = sum(spent for _, _, spent, _ in callers.values())
    if part or not callers or not whole or not depth:
        return {part or (REST if path != "~" else LOOP): 1.0}
    shares: dict[str, float] = defaultdict(float)
    for caller, (_, _, spent, _) in callers.items():
        for name, share in _shares(stats, caller, depth - 1).items():
            shares[name] += share * spent / whole
    return shares
