"""Edges from wallets, and within their logs."""

import asyncio
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from domain import access, ids, inputs, wallets
from domain.access import Viewer
from domain.ledger import InvoiceStatus
from domain.projection import HORIZON_MONTHS
from resolvers import paging, shapes
from resolvers.batches import Batches
from resolvers.people import shown_owner
from resolvers.wallets import log_filter
from schema.billing import Invoice
from schema.explanation import WalletExplanation
from schema.forecast import Forecast
from schema.ledger import Hold, Operation, Transaction, TransactionFilter
from schema.money import MoneyPayload
from schema.paging import Connection, Page
from schema.people import Tenant, User
from schema.wallets import Wallet, WalletState
from services import explanations, forecast_queries, hold_queries, reversal_queries, wallet_queries


class WalletEdges(Batches):
    """What a wallet, a transaction, an operation and a hold lead to."""

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self._context.signed_in

    def readable(self, kind: ids.Kind, text: str, permission: str) -> UUID | None:
        """What the id names, unless the viewer may not read this of it, or a dry run made it up."""
        uuid = ids.read(kind, text)
        return uuid if uuid and access.reads(self.viewer, permission, uuid) else None

    async def wallet(self, wallet_id: strawberry.ID) -> Wallet:
        """As it now stands. Whoever sees a part of its log, or moved its money, sees it."""
        uuid = ids.read("wal", wallet_id)
        found = await self._context.shared.wallets.get(uuid) if uuid else None
        assert found is not None, "a wallet's row stays"
        return Wallet.of(found)

    async def owner(self, wallet_id: strawberry.ID) -> User | Tenant:
        """Whose the wallet is. Whoever sees the wallet sees it; its lists have permissions of their own."""
        uuid = ids.read("wal", wallet_id)
        found = await self.owners.get(uuid) if uuid else None
        assert found is not None, "a wallet has an owner"
        return shown_owner(found)

    async def transaction(self, transaction_id: strawberry.ID) -> Transaction | None:
        """One line of a log."""
        key = ids.read_numbered("txn", transaction_id)
        found = await self.transactions.get(key) if key else None
        return Transaction.of(found, self.viewer) if found else None

    async def hold(self, hold_id: strawberry.ID) -> Hold | None:
        """A hold of a wallet whose log is seen."""
        key = ids.read_numbered("hld", hold_id)
        found = await self.holds.get(key) if key else None
        return shapes.hold(found) if found else None

    async def invoice(self, invoice_id: strawberry.ID) -> Invoice | None:
        """An invoice, where the viewer may read invoices."""
        key = ids.read_numbered("inv", invoice_id)
        if key is None or not access.holds(self.viewer, "invoice:read"):
            return None
        found = await self.invoices.get(key)
        return Invoice.of(found) if found else None

    async def settled_invoices(self, payload: MoneyPayload) -> list[Invoice]:
        """What the operation collected; in a dry run as it would then be."""
        if not access.holds(self.viewer, "invoice:read"):
            return []
        keys = [key for text in payload.settled_invoice_ids if (key := ids.read_numbered("inv", text))]
        loaded = await asyncio.gather(*(self.invoices.get(key) for key in keys))
        found = [one for one in loaded if one]
        if payload.dry_run and not payload.replayed:
            found = [replace(one, status=InvoiceStatus.PAID, paid_at=payload.after.time) for one in found]
        return [Invoice.of(one) for one in found]

    async def transaction_operation(self, transaction: Transaction) -> Operation:
        """The request that wrote it."""
        key = ids.read_operation(transaction.operation_id)
        found = await self.operations.get(key) if key else None
        assert found is not None, "a transaction has an operation"
        return shapes.operation(found, self.viewer)

    async def transaction_counterparty(self, transaction: Transaction) -> User | Tenant | None:
        """The other side, where the viewer sees its wallet."""
        uuid = ids.read("wal", transaction.counterparty_id or "")
        found = await self.owners.get(uuid) if uuid and access.sees_balance(self.viewer, uuid) else None
        return shown_owner(found) if found else None

    async def transaction_reversals(self, transaction: Transaction, page: Page) -> Connection[Transaction]:
        """Oldest first. A dry run's have none."""
        asked = paging.forward(page, paging.read_number)
        key = self.readable_transaction(transaction)
        if key is None:
            return paging.empty()

        async def count() -> int | None:
            return await reversal_queries.count_reversals(*key)

        rows, viewer = await reversal_queries.list_reversals(*key, asked.limit, asked.key), self.viewer
        return paging.connection(
            rows, asked, lambda row: Transaction.of(row, viewer), lambda row: str(row.after.version), count
        )

    async def transaction_reversible(self, transaction: Transaction) -> int:
        """By the log, where the viewer reads it."""
        key = self.readable_transaction(transaction)
        return (await self.reversible.get(key) or 0) if key else 0

    def readable_transaction(self, transaction: Transaction) -> tuple[UUID, int] | None:
        """Its wallet and version, unless the viewer may not read that wallet's log, or a dry run made it up."""
        key = ids.read_numbered("txn", transaction.id)
        return key if key and access.reads(self.viewer, "wallet:read", key[0]) else None

    async def operation_transactions(self, operation: Operation) -> list[Transaction]:
        """In order, wallet by wallet."""
        found = await asyncio.gather(*(self.transactions.get(key) for key in operation.transaction_keys))
        return [Transaction.of(one, self.viewer) for one in found if one]

    async def wallet_monthly_charge(self, wallet: Wallet) -> int:
        """0 for a wallet that is charged nothing."""
        uuid = ids.read("wal", wallet.id)
        return (await self.monthly_charges.get(uuid) or 0) if uuid else 0

    async def wallet_months_remaining(self, wallet: Wallet) -> float | None:
        """Of what is available."""
        return wallets.months_remaining(wallet.balance.available, await self.wallet_monthly_charge(wallet))

    async def wallet_forecast(self, wallet: Wallet, months: int) -> Forecast | None:
        """As of now, of a tenant's."""
        shown = inputs.within("months", months, 1, HORIZON_MONTHS)
        uuid = ids.read("wal", wallet.id)
        may_read = uuid is not None and forecast_queries.may_read(self.viewer, uuid)
        found = await self.forecasts.get(uuid) if uuid and may_read else None
        return Forecast.of(found, shown) if found else None

    async def forecast_top_up(self, forecast: Forecast, date: datetime) -> int | None:
        """In minor units."""
        forecast_queries.check_reaches("date", date, forecast.made.facts.now)
        return forecast.made.top_up_until(date)

    async def wallet_as_of(self, wallet: Wallet, time: datetime) -> WalletState:
        """From the log. Whoever has the wallet before them sees it."""
        uuid = ids.read("wal", wallet.id)
        if uuid is None:
            return WalletState(version=wallet.version, time=time, balance=wallet.balance, lock=wallet.lock)
        return WalletState.of(await wallet_queries.state_at(self._context.core, uuid, time))

    async def wallet_explain(self, wallet: Wallet, since: datetime, until: datetime) -> WalletExplanation:
        """For those who may read the log. What a dry run made has none."""
        uuid = ids.read("wal", wallet.id)
        if uuid is None:
            state = await self.wallet_as_of(wallet, since)
            return WalletExplanation(since=state, until=state, steps=[])
        access.require(self.viewer, "wallet:read", uuid)
        return shapes.explanation(await explanations.explain(self._context.core, uuid, since, until))

    async def wallet_transactions(
        self, wallet: Wallet, page: Page, where: TransactionFilter | None
    ) -> Connection[Transaction]:
        """Newest first."""
        asked, matching = paging.either_way(page, paging.read_number), log_filter(where)
        uuid = self.readable("wal", wallet.id, "wallet:read")
        if uuid is None:
            return paging.empty()

        async def count() -> int | None:
            return await wallet_queries.count_transactions(uuid, matching)

        below, above = (None, asked.key) if asked.backwards else (asked.key, None)
        rows = await wallet_queries.list_transactions(
            uuid, matching, asked.limit, below=below, above=above, oldest_first=asked.backwards
        )
        viewer = self.viewer
        return paging.connection(
            rows, asked, lambda row: Transaction.of(row, viewer), lambda row: str(row.after.version), count
        )

    async def wallet_holds(self, wallet: Wallet, page: Page, active: bool | None) -> Connection[Hold]:
        """Newest first."""
        asked = paging.forward(page, paging.read_number)
        uuid = self.readable("wal", wallet.id, "wallet:read")
        if uuid is None:
            return paging.empty()

        async def count() -> int | None:
            return await hold_queries.count_holds(uuid, active)

        rows = await hold_queries.list_holds(uuid, active, asked.limit, asked.key)
        return paging.connection(rows, asked, shapes.hold, lambda row: str(row.number), count)
