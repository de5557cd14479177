"""Kinds of things that have changed, for the screens that show them.

A reader holds at most one of each kind that is still to be told, however much happens and however slow it is.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Literal
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.changes import OWN, Change, ChangeKind, may_hear

ANYBODYS: Literal["anybody's"] = "anybody's"
SEVERAL: Literal["several tenants'"] = "several tenants'"
_Whose = UUID | Literal["anybody's", "several tenants'"]
_Topic = tuple[ChangeKind, _Whose]


class Reader:
    """Of some kinds, as far as its viewer may read them; of one tenant, or of all that the viewer sees."""

    def __init__(self, viewer: Viewer, kinds: Iterable[ChangeKind], tenant_id: UUID | None = None) -> None:
        self.kinds = frozenset(kinds)
        self.tenant_id = tenant_id
        self.viewer = viewer
        self._changed: set[ChangeKind] = set()
        self._rung = asyncio.Event()

    def tell(self, kind: ChangeKind) -> None:
        """It has changed, and is the reader's to know."""
        self._changed.add(kind)
        self._rung.set()

    async def take(self) -> list[ChangeKind]:
        """Wait for a change; then what has changed since the last time, each kind once."""
        await self._rung.wait()
        self._rung.clear()
        taken, self._changed = self._changed, set()
        return [kind for kind in ChangeKind if kind in taken]


class ChangeFeed:
    """One per process."""

    def __init__(self) -> None:
        self._readers: dict[Reader, frozenset[_Topic]] = {}
        self._by_topic: dict[_Topic, dict[Reader, None]] = {}
        self.hearers: list[Callable[[ChangeKind], None]] = []
        """Who in this process remembers what was so, and must hear that it is no more."""

    @property
    def readers(self) -> int:
        """Live streams."""
        return len(self._readers)

    def tell(self, changes: Iterable[Change]) -> None:
        """What was committed, here or elsewhere."""
        for change in changes:
            for hear in self.hearers:
                hear(change.kind)
            for whose in (ANYBODYS, change.whose or SEVERAL):
                for reader in self._by_topic.get((change.kind, whose), ()):
                    reader.tell(change.kind)

    def tell_all(self) -> None:
        """Something may have changed that was not heard of here."""
        for kind in ChangeKind:
            for hear in self.hearers:
                hear(kind)
        for reader, topics in self._readers.items():
            for kind, _ in topics:
                reader.tell(kind)

    def listen(self, reader: Reader) -> None:
        """From now on. Give it back with `leave`."""
        self.renew(reader, reader.viewer)

    def renew(self, reader: Reader, viewer: Viewer) -> bool:
        """From now on the reader hears of what the viewer may read as it is now; False where it no longer sees the
        tenant that it asked for."""
        reader.viewer = viewer
        topics = _topics(reader)
        if topics != self._readers.get(reader):
            self.leave(reader)
            self._readers[reader] = topics
            for topic in topics:
                self._by_topic.setdefault(topic, {})[reader] = None
        return reader.tenant_id is None or access.reads(viewer, "tenant:read", reader.tenant_id)

    def leave(self, reader: Reader) -> None:
        """The reader has gone."""
        for topic in self._readers.pop(reader, ()):
            readers = self._by_topic[topic]
            del readers[reader]
            if not readers:
                del self._by_topic[topic]


def _topics(reader: Reader) -> frozenset[_Topic]:
    """Those that see all hear of everything or, of one tenant, of what is its own or several tenants'."""
    viewer = reader.viewer
    if not access.sees_all(viewer):
        whose: tuple[_Whose, ...] = (viewer.home,) if viewer.home and reader.tenant_id in (None, viewer.home) else ()
    else:
        whose = (reader.tenant_id, SEVERAL) if reader.tenant_id else (ANYBODYS,)
    topics = {(kind, one) for kind in reader.kinds if may_hear(viewer, kind) for one in whose}
    if viewer.user_id is not None and reader.tenant_id is None:
        topics |= {(kind, viewer.user_id) for kind in reader.kinds.intersection(OWN)}
    return frozenset(topics)
