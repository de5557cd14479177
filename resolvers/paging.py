"""Keyset pages: opaque cursors that hold the key of an entry, and one shape for every list."""

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from domain import inputs
from domain.refusals import BadInput
from schema.paging import Connection, Edge, Page, PageInfo

Key = TypeVar("Key")
Row = TypeVar("Row")
Entry = TypeVar("Entry")
Count = Callable[[], Awaitable[int | None]]

MOST = 100
DEFAULT = 50
_BAD_CURSOR = "This is no cursor of this list: send one that it answered, or none to begin."
_LARGEST = 2**62
_NOWHERE = PageInfo(has_next_page=False, has_previous_page=False, start_cursor=None, end_cursor=None)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Key]):
    """`size` entries beyond the key, or from the list's beginning; `backwards` from its end."""

    size: int
    key: Key | None
    backwards: bool = False

    @property
    def limit(self) -> int:
        """How many rows to fetch: one more tells whether the list goes on."""
        return self.size + 1


def forward(page: Page, read: Callable[[str], Key]) -> Slice[Key]:
    """The stretch that `first` and `after` ask for. Raises BadInput."""
    return Slice(_size("first", page.first), _key(page.after, read))


def either_way(page: Page, read: Callable[[str], Key]) -> Slice[Key]:
    """The same, or backwards by `last` and `before`; `first` is then its default."""
    if page.last is None and page.before is None:
        return forward(page, read)
    if page.last is None or page.after is not None or page.first not in (None, DEFAULT):
        raise BadInput("A page is asked for by first and after, or backwards by last and before: send one pair.")
    return Slice(_size("last", page.last), _key(page.before, read), backwards=True)


def _size(name: str, wanted: int | None) -> int:
    size = DEFAULT if wanted is None else wanted
    if not 1 <= size <= MOST:
        raise BadInput(f"{name} takes 1 to {MOST}; this is {size}.")
    return size


def _key(cursor: str | None, read: Callable[[str], Key]) -> Key | None:
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return read(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except ValueError:
        raise BadInput(_BAD_CURSOR) from None


def cursor(key: str) -> str:
    """As clients are given it."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def connection(
    rows: Sequence[Row], asked: Slice[Key], node: Callable[[Row], Entry], key: Callable[[Row], str], count: Count
) -> Connection[Entry]:
    """The page of these rows, of which there is one more than asked for where the list goes on."""
    goes_on, begun = len(rows) > asked.size, asked.key is not None
    shown = rows[: asked.size]
    edges = [Edge(cursor=cursor(key(row)), node=node(row)) for row in (reversed(shown) if asked.backwards else shown)]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=begun if asked.backwards else goes_on,
            has_previous_page=goes_on if asked.backwards else begun,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        count=count,
    )


def empty() -> Connection[Entry]:
    """Where there is nothing that the viewer may read."""

    async def none() -> int:
        return 0

    return Connection(edges=[], page_info=_NOWHERE, count=none)


def read_number(text: str) -> int:
    """A version or a count. Raises ValueError, as all readers of keys do."""
    number = int(text)
    if not 1 <= number <= _LARGEST:
        raise ValueError(text)
    return number


def read_uuid(text: str) -> UUID:
    """An id's."""
    return UUID(hex=text)


def read_month(text: str) -> date:
    """`2025-03`."""
    return date.fromisoformat(f"{text}-01")


def read_month_and_service(text: str) -> tuple[date, str]:
    """`2025-03-01 EPAPER`."""
    month, _, service = text.partition(" ")
    return date.fromisoformat(month), inputs.text("after", service, inputs.LONGEST_NAME)


def read_service_and_instant(text: str) -> tuple[str, datetime]:
    """`2025-03-01T00:00:00+00:00 EPAPER`."""
    instant, _, service = text.partition(" ")
    return service, _instant(instant)


def read_invoice(text: str) -> tuple[datetime, UUID, int]:
    """When it was issued, then its key."""
    instant, wallet, count = text.split(" ")
    return _instant(instant), UUID(hex=wallet), read_number(count)


def read_instant_and_uuid(text: str) -> tuple[datetime, UUID]:
    """`2025-03-01T00:00:00+00:00 0197…`."""
    instant, _, uuid = text.partition(" ")
    return _instant(instant), UUID(hex=uuid)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant
