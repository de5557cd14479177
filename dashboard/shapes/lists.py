"""Lists as the API answers them: a page of entries, and where it ends."""

from typing import Generic, NotRequired, TypedDict, TypeVar

T = TypeVar("T")


class Edge(TypedDict, Generic[T]):
    """One entry of a page."""

    node: T
    cursor: NotRequired[str]


class PageInfo(TypedDict):
    """Where a page ends; and where it begins, for lists that are gone through both ways."""

    hasNextPage: bool
    endCursor: str | None
    hasPreviousPage: NotRequired[bool]
    startCursor: NotRequired[str | None]


class Connection(TypedDict, Generic[T]):
    """One page of a list."""

    edges: list[Edge[T]]
    pageInfo: PageInfo
    totalCount: NotRequired[int | None]


def nodes(connection: Connection[T] | None) -> list[T]:
    """The entries of a page, or of none."""
    return [edge["node"] for edge in connection["edges"]] if connection else []


def goes_on(connection: Connection[T] | None) -> bool:
    """Whether more follows a page."""
    return connection is not None and connection["pageInfo"]["hasNextPage"]
