"""How money is held, captured and released; what a hold is: schema/ledger.py."""

from typing import Annotated

import strawberry

from schema.context import Info
from schema.ledger import Hold
from schema.refusals import IdempotencyConflict, InsufficientFunds, NotPossible, WalletLocked
from schema.scalars import Minor
from schema.wallets import Wallet, WalletState


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
class HoldPayload:
    """A hold that was placed."""

    hold: Hold = strawberry.field(description="Right after this operation; in a dry run, as it would be.")
    after: WalletState = strawberry.field(description="Right after this operation; in a dry run, as it would be.")
    operation_id: strawberry.ID
    replayed: bool
    dry_run: bool
    wallet_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def wallet(self, info: Info) -> Wallet:
        """As stored now, also in a dry run and a replay."""
        return await info.context.edges.wallet(self.wallet_id)


HoldResult = Annotated[
    HoldPayload | InsufficientFunds | WalletLocked | IdempotencyConflict | NotPossible,
    strawberry.union("HoldResult"),
]
