"""Wallets: reading them, and moving their money by hand."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain import access, ids
from domain.access import Viewer
from domain.ledger import TransactionReason, TransactionType
from resolvers import paging, shapes
from resolvers.context import Info, RequestContext
from resolvers.named import INPUT, Id, checked_text, found, found_numbered
from schema.ledger import Operation, TransactionFilter
from schema.money import (
    AdjustBalanceInput,
    MoneyPayload,
    MoneyResult,
    ReverseTransactionInput,
    TopUpInput,
    TransferInput,
)
from schema.node import shown
from schema.paging import Connection, Page
from schema.people import User
from schema.wallets import Wallet, WalletFilter, WalletPayload, WalletResult, WalletState
from services import missing_wallets, people_queries, wallet_lists, wallet_queries
from services import wallets as stories
from services.posting_batch import Posted
from services.wallet_queries import LogFilter


@strawberry.type
class WalletQueries:
    """Wallets and what was done to them."""

    @strawberry.field
    async def wallet(self, info: Info, wallet_id: Id) -> Wallet | None:
        """As it now stands."""
        return await find_wallet(info.context, ids.read("wal", wallet_id))

    @strawberry.field
    async def my_wallet(self, info: Info) -> Wallet | None:
        """The caller's own wallet: its tenant's where it belongs to one, else its own."""
        return await find_wallet(info.context, wallet_queries.home_wallet(info.context.signed_in))

    @strawberry.field
    async def wallets(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        where: Annotated[WalletFilter | None, strawberry.argument(name="filter")] = None,
    ) -> Connection[Wallet]:
        """Newest first."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_uuid)
        criteria = wallet_filter(where)

        async def count() -> int | None:
            return await wallet_lists.count_wallets(viewer, criteria)

        rows = await wallet_lists.list_wallets(viewer, criteria, asked.limit, asked.key)
        return paging.connection(rows, asked, Wallet.of, lambda row: row.id.hex, count)

    @strawberry.field
    async def operation(self, info: Info, operation_id: Id) -> Operation | None:
        """One request that changed wallets."""
        viewer, key = info.context.signed_in, ids.read_operation(operation_id)
        record = await wallet_queries.find_operation(viewer, *key) if key else None
        return shapes.operation(record, viewer) if record else None


@strawberry.type
class WalletMutations:
    """Money in and out by hand, and the lock by hand."""

    @strawberry.mutation
    async def create_wallet(
        self, info: Info, user_id: strawberry.ID, currency: str = "INR", dry_run: bool = False
    ) -> WalletResult:
        """For a user whom an import left without one: all others get theirs as they are made."""
        core, viewer = info.context.core, info.context.signed_in
        made = await missing_wallets.create_wallet(core, viewer, found("usr", user_id), currency, dry_run=dry_run)
        payload = WalletPayload(after=WalletState.of(made.state), wallet_id=shown(ids.make("wal", made.id)))
        if dry_run:
            payload.dry_wallet = Wallet.of(made, dry=True)
            payload.dry_wallet.dry_owner = User.of((await people_queries.load_users([made.id]))[made.id])
        return payload

    @strawberry.mutation
    async def top_up(self, info: Info, asked: Annotated[TopUpInput, INPUT]) -> MoneyResult:
        """Any amount from 1 minor unit.

        Collects due invoices, oldest first, each whole or not at all, then unlocks.
        """
        posted = await stories.top_up(
            info.context.core,
            info.context.signed_in,
            found("wal", asked.wallet_id),
            asked.amount_minor,
            asked.description,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)

    @strawberry.mutation
    async def adjust_balance(self, info: Info, asked: Annotated[AdjustBalanceInput, INPUT]) -> MoneyResult:
        """By hand, by a SUPER_ADMIN: add, subtract, or set the total (before due invoices are collected from it)."""
        posted = await stories.adjust_balance(
            info.context.core,
            info.context.signed_in,
            found("wal", asked.wallet_id),
            asked.operation,
            asked.amount_minor,
            asked.description,
            asked.idempotency_key,
            expected_version=asked.expected_version,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)

    @strawberry.mutation
    async def transfer(self, info: Info, asked: Annotated[TransferInput, INPUT]) -> MoneyResult:
        """Between two wallets of one currency; what comes in collects due invoices there."""
        posted = await stories.transfer(
            info.context.core,
            info.context.signed_in,
            found("wal", asked.from_wallet_id),
            found("wal", asked.to_wallet_id),
            asked.amount_minor,
            asked.description,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)

    @strawberry.mutation
    async def reverse_transaction(self, info: Info, asked: Annotated[ReverseTransactionInput, INPUT]) -> MoneyResult:
        """Takes a credit or a debit back, in whole or in part; of a transfer, both sides."""
        posted = await stories.reverse_transaction(
            info.context.core,
            info.context.signed_in,
            *found_numbered("txn", asked.transaction_id),
            asked.amount_minor,
            asked.description,
            asked.idempotency_key,
            reopen_invoices=asked.reopen_invoices,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)

    @strawberry.mutation
    async def lock_wallet(
        self, info: Info, wallet_id: strawberry.ID, reason: str, dry_run: bool = False
    ) -> WalletResult:
        """By hand."""
        return await _turn_lock(info.context, wallet_id, reason, on=True, dry_run=dry_run)

    @strawberry.mutation
    async def unlock_wallet(
        self, info: Info, wallet_id: strawberry.ID, reason: str, dry_run: bool = False
    ) -> WalletResult:
        """Takes the lock by hand off. A lock for money goes by paying: then NotPossible, with the amount."""
        return await _turn_lock(info.context, wallet_id, reason, on=False, dry_run=dry_run)


async def find_wallet(context: RequestContext, wallet_id: UUID | None) -> Wallet | None:
    """None for what is missing and for what the viewer does not see."""
    viewer = context.signed_in
    if wallet_id is None or not access.reads(viewer, "wallet:read", wallet_id):
        return None
    stored = await context.shared.wallets.get(wallet_id)
    return Wallet.of(stored) if stored else None


def wallet_filter(where: WalletFilter | None) -> wallet_lists.WalletFilter:
    """As services take it."""
    if where is None:
        return wallet_lists.WalletFilter()
    return wallet_lists.WalletFilter(
        locked=where.locked,
        due=where.due,
        currency=checked_text("currency", where.currency),
        available_below=where.available_below,
        search=checked_text("search", where.search),
    )


def log_filter(where: TransactionFilter | None) -> LogFilter:
    """As services take it."""
    if where is None:
        return LogFilter()
    return LogFilter(types=where.types, reasons=where.reasons, since=where.since, until=where.until)


async def _turn_lock(
    context: RequestContext, wallet_id: strawberry.ID, reason: str, *, on: bool, dry_run: bool
) -> WalletPayload:
    posted = await stories.set_manual_lock(
        context.core, context.signed_in, found("wal", wallet_id), reason, on=on, dry_run=dry_run
    )
    return WalletPayload(after=WalletState.of(posted.after), wallet_id=wallet_id)


def money(posted: Posted, viewer: Viewer) -> MoneyPayload:
    """Of both sides of a transfer what the viewer sees; all else is of the wallet that was asked."""
    lines = shapes.transactions(posted, viewer)
    collected = [
        line.invoice_id
        for line in lines
        if line.type is TransactionType.DEBIT and line.reason is TransactionReason.INVOICE and line.invoice_id
    ]
    based_on = posted.based_on_version
    return shapes.payload(
        MoneyPayload, posted, transactions=lines, based_on_version=based_on, settled_invoice_ids=collected
    )
