"""How many websockets may be open: few that have not said who they are, many of each viewer."""

from asyncio import Timeout
from collections import Counter
from dataclasses import dataclass, field

from domain.refusals import Unavailable

UNNAMED_SECONDS = 60
"""For how long a socket may stay open without saying who asks: nobody can do nothing over one."""

_FULL = "Too many websockets are waiting to say who they are. Repeat in a moment."


@dataclass(slots=True)
class Seats:
    """Those of one process.

    A stranger can take half of what there is for strangers: whoever says within a moment who asks finds a place.
    """

    most_unnamed: int = 1_000
    most_of_an_address: int = 500
    """As long as they are unnamed."""
    most_of_a_viewer: int = 5_000
    unnamed: Counter[str] = field(default_factory=Counter)
    """By address."""
    named: Counter[str] = field(default_factory=Counter)
    """By viewer."""

    def take(self, address: str, limit: Timeout) -> "Seat":
        """One for a socket that has just knocked. Raises Unavailable."""
        if self.unnamed.total() >= self.most_unnamed or self.unnamed[address] >= self.most_of_an_address:
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
        named, most = self._seats.named, self._seats.most_of_a_viewer
        if named[actor] >= most:
            raise Unavailable(f"You have {most:,} websockets open. Close some: one takes several subscriptions.")
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
