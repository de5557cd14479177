"""The interface of everything that has an id."""

import strawberry


@strawberry.interface
class Node:
    """What `node` finds: the id's prefix shows its kind."""

    id: strawberry.ID
