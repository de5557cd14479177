"""What the bus says and hears of changes by kind, and how it notices that it hears nothing.

Whatever may have been missed is told as one: everything may have changed. Nothing is looked up for it.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from uuid import UUID

from domain.changes import Change, ChangeKind
from services.changes import ChangeFeed

BEAT_SECONDS = 1.0
"""A process with readers says something no less often than each other turn of the bus, twice this."""
DEAF_SECONDS = 2.0
"""A process that does not hear its own words for so long holds that it hears nobody."""
MOST_KEPT = 1_000
"""Changes that wait to be sent; of more than these nothing is said but that everything may have changed."""
EVERYTHING = "*"
_PER_MESSAGE = 150  # of a kind, 32 digits and two signs: PostgreSQL takes 8,000 bytes


class ChangeMessages:
    """One per process, of the name `me`."""

    def __init__(self, me: str, feed: ChangeFeed, clock: Callable[[], float] = time.monotonic) -> None:
        self._me = me
        self._feed = feed
        self._clock = clock
        self._waiting: dict[Change, None] = {}
        self._everything = True
        """To begin with: the process before this one may have died between a commit and its message."""
        self._said_at = clock()
        self._unheard_since: float | None = None

    def add(self, changes: Iterable[Change]) -> None:
        """To be sent."""
        self._waiting.update(dict.fromkeys(changes))
        if len(self._waiting) > MOST_KEPT:
            self._waiting, self._everything = {}, True

    async def send(self, notify: Callable[[str], Awaitable[object]]) -> None:
        """What waits, which goes on waiting if that fails; or else, now and then, a word to oneself."""
        self._notice_deafness()
        waiting, self._waiting, everything, self._everything = self._waiting, {}, self._everything, False
        try:
            for words in self._messages(waiting, everything=everything):
                self._said_at = self._clock()
                if self._unheard_since is None:
                    self._unheard_since = self._said_at
                await notify(",".join([self._me, *words]))
        except BaseException:
            self._everything |= everything
            self.add(waiting)
            raise

    def hear(self, payload: str) -> None:
        """From oneself too, of whom it says that this process hears."""
        sender, *words = payload.split(",")
        if sender == self._me:
            self._unheard_since = None
        elif EVERYTHING in words:
            self._feed.tell_all()
        else:
            self._feed.tell(_changes(words))

    def connected(self) -> None:
        """What was said before was not heard."""
        self._unheard_since = None
        self._feed.tell_all()

    def _messages(self, waiting: Iterable[Change], *, everything: bool) -> Iterator[list[str]]:
        words = [EVERYTHING] if everything else [_word(change) for change in waiting]
        for start in range(0, len(words), _PER_MESSAGE):
            yield words[start : start + _PER_MESSAGE]
        if not words and self._feed.readers and self._clock() - self._said_at >= BEAT_SECONDS:
            yield []

    def _notice_deafness(self) -> None:
        """As behind a pooler that passes statements on and no notifications: then every 2 s everything may have
        changed."""
        if self._unheard_since is not None and self._clock() - self._unheard_since >= DEAF_SECONDS:
            self._unheard_since = None
            self._feed.tell_all()


def _word(change: Change) -> str:
    return f"{change.kind}:{change.whose.hex if change.whose else ''}"


def _changes(words: Iterable[str]) -> Iterator[Change]:
    for word in words:
        kind, _, whose = word.partition(":")
        with suppress(ValueError):  # of a kind that only a newer release knows
            yield Change(ChangeKind(kind), UUID(hex=whose) if whose else None)
