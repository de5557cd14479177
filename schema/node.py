"""The interface of everything that has an id."""

import strawberry

from domain import ids


@strawberry.interface
class Node:
    """What `node` finds: the id's prefix shows its kind."""

    id: strawberry.ID


def shown(made: str, *, dry: bool = False) -> strawberry.ID:
    """An id as answered; `dry`: of a thing that a dry run would make."""
    return strawberry.ID(ids.make_dry(made) if dry else made)
