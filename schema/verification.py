"""Proof for those who audit: whether a wallet's log holds, and where every log ends, signed."""

from datetime import datetime

import strawberry

from domain import verification
from schema.node import shown


@strawberry.type
class BrokenRow:
    """The first thing that is not as it must be."""

    id: strawberry.ID = strawberry.field(description="Of a transaction, hold, invoice, wallet or tenant.")
    law: int = strawberry.field(description="Its number in domain/README.md.")
    message: str = strawberry.field(description="With the figures.")

    @classmethod
    def of(cls, broken: verification.Broken) -> "BrokenRow":
        """As found."""
        return cls(id=shown(broken.id), law=broken.law, message=broken.message)


@strawberry.type
class Verification:
    """What proving a wallet found: its log row by row, and all that must agree with it."""

    ok: bool
    transactions: int = strawberry.field(description="How many hold, from the first on.")
    first_broken: BrokenRow | None


@strawberry.type
class Checkpoint:
    """Where a wallet's log ends, signed by the server. Kept elsewhere it shows later whether the log was cut.

    `tijori verify --since FILE` takes a file with such objects, one in a line.
    """

    wallet_id: strawberry.ID
    version: int
    hash: str = strawberry.field(description="SHA-256 of that transaction and the hash before it, in hex.")
    time: datetime
    signature: str
