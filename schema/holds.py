"""How money is held, captured and released; what a hold is: schema/ledger.py."""

from typing import Annotated

import strawberry

from schema.ledger import Hold
from schema.refusals import IdempotencyConflict, InsufficientFunds, NotPossible, WalletLocked
from schema.scalars import Minor
from schema.wallets import OperationPayload


@strawberry.input
class PlaceHoldInput:
    """Money is promised."""

    wallet_id: strawberry.ID
    amount_minor: Minor
    description: str = ""
    expires_in_seconds: int = strawberry.field(default=86_400, description="60 to 2,592,000 (30 days).")
    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class CaptureHoldInput:
    """Promised money is taken. The key is scoped to the hold's wallet."""

    hold_id: strawberry.ID
    amount_minor: Minor | None = None
    description: str = ""
    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class ReleaseHoldInput:
    """A promise is given back. The key is scoped to the hold's wallet."""

    hold_id: strawberry.ID
    idempotency_key: str
    dry_run: bool = False


@strawberry.type
class HoldPayload(OperationPayload):
    """A hold that was placed."""

    hold: Hold = strawberry.field(description="Right after this operation; in a dry run, as it would be.")


HoldResult = Annotated[
    HoldPayload | InsufficientFunds | WalletLocked | IdempotencyConflict | NotPossible,
    strawberry.union("HoldResult"),
]
