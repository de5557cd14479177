"""How money is put in, taken out, moved and taken back by hand, and what each answers."""

from typing import Annotated

import strawberry

from schema.context import Info
from schema.enums import AdjustOperation
from schema.ledger import Transaction
from schema.links import InvoiceLink
from schema.refusals import IdempotencyConflict, InsufficientFunds, NotPossible, VersionConflict, WalletLocked
from schema.scalars import Minor
from schema.wallets import OperationPayload


@strawberry.input
class TopUpInput:
    """Any amount from 1 minor unit."""

    wallet_id: strawberry.ID
    amount_minor: Minor
    description: str = ""
    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class AdjustBalanceInput:
    """By hand."""

    wallet_id: strawberry.ID
    operation: AdjustOperation
    amount_minor: Minor
    description: str
    expected_version: int | None = strawberry.field(
        default=None, description="Refused with VersionConflict if the wallet has moved on."
    )
    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class TransferInput:
    """Between two wallets of one currency. The key is scoped to the wallet that it takes from."""

    from_wallet_id: strawberry.ID
    to_wallet_id: strawberry.ID
    amount_minor: Minor
    description: str = ""
    idempotency_key: str
    dry_run: bool = False


@strawberry.input
class ReverseTransactionInput:
    """A mistake that is mended."""

    transaction_id: strawberry.ID
    amount_minor: Minor | None = strawberry.field(
        default=None, description="All that is left of it where none is given."
    )
    reopen_invoices: bool = strawberry.field(
        default=False,
        description="A charge-back: invoices that this top-up collected fall due again, newest first, "
        "and the wallet locks.",
    )
    description: str
    idempotency_key: str
    dry_run: bool = False


@strawberry.type
class MoneyPayload(OperationPayload):
    """What an operation did to a wallet: of a transfer, to the one that it takes from."""

    transactions: list[Transaction] = strawberry.field(
        description="What was written, in order; in a dry run, what would be."
    )
    based_on_version: int = strawberry.field(
        description="The version that this was decided on: given as expectedVersion, it confirms exactly this preview."
    )
    settled_invoice_ids: strawberry.Private[list[strawberry.ID]]

    @strawberry.field
    async def settled_invoices(self, info: Info) -> list[InvoiceLink]:
        """Invoices that this collected."""
        return await info.context.edges.settled_invoices(self)


MoneyResult = Annotated[
    MoneyPayload | InsufficientFunds | WalletLocked | IdempotencyConflict | VersionConflict | NotPossible,
    strawberry.union("MoneyResult"),
]
