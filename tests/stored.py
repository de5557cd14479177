"""What a test asks of the store itself, by SQL: states, logs, invoices, and a digest of everything."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg

from domain.ledger import Transaction
from domain.wallets import WalletState
from services.rows import TRANSACTIONS, read_transaction, read_wallet

# The statement that makes them all: one look instead of thirty.
_DIGESTS = """
SELECT string_agg(format($$SELECT %L, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM %I t$$,
    tablename, tablename), ' UNION ALL ') FROM pg_tables WHERE schemaname = 'public'
"""
_TOTALS = """
SELECT to_char(month, 'MM'), service, trim_scale(sum(quantity))::text, trim_scale(sum(late_quantity))::text,
    sum(events)::int FROM usage_totals WHERE wallet_id = $1 GROUP BY month, service ORDER BY 1, 2
"""
_WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Stored:
    """A store, read behind the program's back."""

    def __init__(self, database: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.database = database

    async def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.database.fetch(query, *values)]

    async def state(self, wallet: UUID) -> WalletState:
        """As stored, whatever the clock has decided since."""
        rows = await self.database.fetch("SELECT *, id AS wallet_id FROM wallets WHERE id = $1", wallet)
        return read_wallet(rows[0]).state

    async def money(self, wallet: UUID) -> tuple[int, int, int]:
        """Total, locked, due."""
        state = await self.state(wallet)
        return state.total, state.locked, state.due

    async def log(self, wallet: UUID, after: int = 0) -> list[Transaction]:
        sql = f"{TRANSACTIONS} WHERE t.wallet_id = $1 AND t.version > $2 ORDER BY t.version"
        return [read_transaction(row) for row in await self.database.fetch(sql, wallet, after)]

    async def totals(self, tenant: UUID) -> list[tuple[Any, ...]]:
        """Month, service, quantity, late quantity, events."""
        return await self.sql(_TOTALS, tenant)

    async def invoices(self, tenant: UUID) -> list[tuple[int, str, str, int]]:
        """Count, month, status, total."""
        sql = "SELECT count, to_char(month, 'YYYY-MM'), status, total FROM invoices WHERE wallet_id = $1 ORDER BY 1"
        return await self.sql(sql, tenant)

    async def closed(self, tenant: UUID) -> list[tuple[Any, ...]]:
        """Each closed month with its invoice."""
        sql = "SELECT to_char(month, 'MM'), invoice FROM billing_months WHERE wallet_id = $1 ORDER BY month"
        return await self.sql(sql, tenant)

    async def everything(self) -> dict[str, str]:
        """A digest of each table."""
        [(digests,)] = await self.sql(_DIGESTS)
        return dict(await self.sql(digests))

    async def waiting(self, sessions: int) -> None:
        """Until so many wait for what we have locked."""
        async with asyncio.timeout(20):
            while len(await self.sql(_WAITING)) < sessions:
                await self.sql("SELECT pg_stat_clear_snapshot()")
