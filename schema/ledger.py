"""The log of a wallet as the API shows it: transactions, the operations they belong to, and holds."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain import access, ids, ledger
from domain.access import Viewer
from schema.context import Info
from schema.enums import HoldStatus, TransactionReason, TransactionType
from schema.links import HoldLink, InvoiceLink, OperationLink, OwnerLink, TransactionLink, WalletLink
from schema.node import Node, shown
from schema.paging import Connection, Page
from schema.scalars import Minor


def _numbered(kind: ids.NumberedKind, wallet_id: UUID, number: int | None) -> strawberry.ID | None:
    return shown(ids.make_numbered(kind, wallet_id, number)) if number else None


@strawberry.type
class Transaction(Node):
    """One change of one wallet."""

    version: int = strawberry.field(description="The wallet's version after this transaction.")
    type: TransactionType
    reason: TransactionReason
    amount_minor: Minor = strawberry.field(description="Signed change of the total: −160000 for a charge of ₹1,600.")
    locked_amount_minor: Minor = strawberry.field(description="Signed change of the locked part.")
    due_amount_minor: Minor = strawberry.field(description="Signed change of what is due.")
    balance_after_minor: Minor
    locked_after_minor: Minor
    due_after_minor: Minor
    description: str
    operation_id: strawberry.ID = strawberry.field(
        description="Ties the transactions of one request together: both sides of a transfer, "
        "a top-up and the invoices it settled."
    )
    actor: str = strawberry.field(description="Who did it: a user, an API token, or the system.")
    created_at: datetime = strawberry.field(description="Never before the one of the version before.")
    wallet_id: strawberry.Private[strawberry.ID]
    reverses_id: strawberry.Private[strawberry.ID | None] = None
    invoice_id: strawberry.Private[strawberry.ID | None] = None
    hold_id: strawberry.Private[strawberry.ID | None] = None
    counterparty_id: strawberry.Private[strawberry.ID | None] = None
    dry_operation: strawberry.Private["Operation | None"] = None

    @classmethod
    def of(cls, line: ledger.Transaction, viewer: Viewer, *, dry: bool = False) -> "Transaction":
        """A line of a log; `dry`: as it would be written."""
        after, wallet_id = line.after, line.wallet_id
        home = line.operation_home
        operation_wallet = home if home and access.sees(viewer, home) else wallet_id
        return cls(
            id=shown(ids.make_numbered("txn", wallet_id, after.version), dry=dry),
            version=after.version,
            type=line.type,
            reason=line.reason,
            amount_minor=line.amount,
            locked_amount_minor=line.locked_amount,
            due_amount_minor=line.due_amount,
            balance_after_minor=after.total,
            locked_after_minor=after.locked,
            due_after_minor=after.due,
            description=line.description,
            operation_id=shown(ids.make_operation(operation_wallet, line.operation_id), dry=dry),
            actor=line.actor,
            created_at=after.time,
            wallet_id=shown(ids.make("wal", wallet_id)),
            reverses_id=_numbered("txn", wallet_id, line.reverses),
            invoice_id=_numbered("inv", wallet_id, line.invoice),
            hold_id=_numbered("hld", wallet_id, line.hold),
            counterparty_id=shown(ids.make("wal", line.counterparty)) if line.counterparty else None,
        )

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink:
        """As it now stands."""
        return await info.context.edges.wallet(self.wallet_id)

    @strawberry.field
    async def operation(self, info: Info) -> OperationLink:
        """With all its transactions."""
        return self.dry_operation or await info.context.edges.transaction_operation(self)

    @strawberry.field
    async def reverses(self, info: Info) -> TransactionLink | None:
        """What a REVERSAL takes back."""
        return await info.context.edges.transaction(self.reverses_id) if self.reverses_id else None

    @strawberry.field
    async def reversals(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[TransactionLink]:
        """What took it back, in whole or in part; oldest first."""
        return await info.context.edges.transaction_reversals(self, Page(first, after))

    @strawberry.field
    async def reversible_minor(self, info: Info) -> Minor:
        """What reverseTransaction can still take back of it; 0 where it is not for that."""
        return Minor(await info.context.edges.transaction_reversible(self))

    @strawberry.field
    async def invoice(self, info: Info) -> InvoiceLink | None:
        """The invoice that it is for."""
        return await info.context.edges.invoice(self.invoice_id) if self.invoice_id else None

    @strawberry.field
    async def hold(self, info: Info) -> HoldLink | None:
        """The hold that it makes, captures or releases."""
        return await info.context.edges.hold(self.hold_id) if self.hold_id else None

    @strawberry.field
    async def counterparty(self, info: Info) -> OwnerLink | None:
        """The other side of a transfer, where the caller may see it."""
        return await info.context.edges.transaction_counterparty(self) if self.counterparty_id else None


@strawberry.type
class Operation(Node):
    """One request that changed wallets, all of it or none."""

    kind: str = strawberry.field(description="topUp, adjustBalance, transfer, runBilling …")
    actor: str
    created_at: datetime
    transaction_keys: strawberry.Private[list[tuple[UUID, int]]]
    dry_transactions: strawberry.Private[list[Transaction] | None] = None

    @strawberry.field
    async def transactions(self, info: Info) -> list[Transaction]:
        """Those that the caller may see."""
        return self.dry_transactions or await info.context.edges.operation_transactions(self)


@strawberry.input
class TransactionFilter:
    """What is not given does not filter."""

    types: list[TransactionType] | None = None
    reasons: list[TransactionReason] | None = None
    since: datetime | None = strawberry.field(default=None, name="from")
    until: datetime | None = None


@strawberry.type
class Hold(Node):
    """Locked money."""

    amount_minor: Minor
    captured_minor: Minor
    status: HoldStatus
    description: str
    expires_at: datetime | None = strawberry.field(
        description="Null for an invoice's hold, which ends with its invoice."
    )
    created_at: datetime
    wallet_id: strawberry.Private[strawberry.ID]
    invoice_id: strawberry.Private[strawberry.ID | None] = None

    @strawberry.field
    async def wallet(self, info: Info) -> WalletLink:
        """Where the money is."""
        return await info.context.edges.wallet(self.wallet_id)

    @strawberry.field
    async def invoice(self, info: Info) -> InvoiceLink | None:
        """The invoice that it is held for."""
        return await info.context.edges.invoice(self.invoice_id) if self.invoice_id else None
