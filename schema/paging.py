"""Keyset pages: what a list field is asked for, and the one shape that every list answers in."""

from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

import strawberry

Entry = TypeVar("Entry")


class Page(NamedTuple):
    """Which stretch of a list is wanted, as the client put it; resolvers check it."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@strawberry.type
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Entry]):
    """An entry and the cursor that stands for its place."""

    cursor: str
    node: Entry


@strawberry.type
class Connection(Generic[Entry]):
    """A page. Counting the whole list costs a query of its own, so it happens only where it is asked for."""

    edges: list[Edge[Entry]]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int | None]]]

    @strawberry.field
    async def total_count(self) -> int | None:
        """Null where counting would read more than 10,000 rows."""
        return await self.count()
