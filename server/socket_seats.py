"""How many websockets may be open: few that have not said who they are, many of each viewer."""

from asyncio import Timeout
from collections import Counter
from dataclasses import dataclass

from domain.refusals import Unavailable

UNNAMED_SECONDS = 60
"""For how long a socket may stay open without saying who asks: nobody can do nothing over one."""
MOST_UNNAMED = 500
"""Of the 1,024 files that a process may open where nobody has changed it, half are left for those who are known."""
MOST_UNNAMED_OF_AN_ADDRESS = 100
MOST_OF_A_VIEWER = 5_000

_FULL = "Too many websockets are waiting to say who they are. Repeat in a moment."
_TOO_MANY = f"You have {MOST_OF_A_VIEWER:,} websockets open. Close some: one takes several subscriptions."


class Seats:
    """Those of one process."""

    def __init__(self) -> None:
        self.unnamed: Counter[str] = Counter()
        self.named: Counter[str] = Counter()

    def take(self, address: str, limit: Timeout) -> "Seat":
        """One for a socket that has just knocked. Raises Unavailable."""
        if self.unnamed.total() >= MOST_UNNAMED or self.unnamed[address] >= MOST_UNNAMED_OF_AN_ADDRESS:
            raise Unavailable(_FULL)
        self.unnamed[address] += 1
        return Seat(self, limit, address)


@dataclass(slots=True)
class Seat:
    """One socket's; `limit` ends it while nobody is named."""

    _seats: Seats
    _limit: Timeout
    _address: str
    _actor: str | None = None

    def name(self, actor: str) -> None:
        """The socket is this viewer's from now on. Raises Unavailable where it has too many."""
        named = self._seats.named
        if named[actor] >= MOST_OF_A_VIEWER:
            raise Unavailable(_TOO_MANY)
        self.leave()
        named[actor] += 1
        self._actor = actor
        self._limit.reschedule(None)

    def leave(self) -> None:
        """The place is free again."""
        counter, name = (
            (self._seats.unnamed, self._address) if self._actor is None else (self._seats.named, self._actor)
        )
        counter[name] -= 1
        if not counter[name]:
            del counter[name]
