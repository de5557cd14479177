"""Proof that a store is whole: every log row by row, and what hangs on it (laws 6 and 17)."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from domain.chain import GENESIS, describe, link
from domain.wallets import WalletState
from services.rows import TRANSACTIONS, read_transaction, read_wallet

_LOG = TRANSACTIONS.replace("x.text", "x.text, x.salt, t.hash") + "WHERE t.wallet_id = $1 ORDER BY t.version"
_HELD = "SELECT coalesce(sum(amount), 0)::bigint FROM holds WHERE wallet_id = $1 AND status = 'ACTIVE'"
_DUE = "SELECT coalesce(sum(total), 0)::bigint FROM invoices WHERE wallet_id = $1 AND status = 'DUE'"
_OF_EVENTS = """
SELECT row(u.quantity, u.events)::text, (SELECT row(sum(e.quantity), count(*))::text FROM usage_events e
    WHERE e.wallet_id = u.wallet_id AND e.month = u.month AND e.service = u.service AND u.price_id = (
        SELECT p.id FROM prices p WHERE p.wallet_id = e.wallet_id AND p.service = e.service
            AND p.effective_from <= e.occurred_at ORDER BY p.effective_from DESC LIMIT 1))
FROM usage_totals u
"""


async def prove(database: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Every wallet's log, and every monthly total of usage against its events."""
    for row in await database.fetch("SELECT *, id AS wallet_id FROM wallets"):
        last, head = await _prove_log(database, row["id"])
        assert row["hash"] == head
        assert last.version == 0 or read_wallet(row).state == last
        assert await database.fetchval(_HELD, row["id"]) == last.locked
        assert await database.fetchval(_DUE, row["id"]) == last.due
    assert [(kept, summed) for kept, summed in await database.fetch(_OF_EVENTS) if kept != summed] == []


async def _prove_log(database: "asyncpg.Connection[asyncpg.Record]", wallet: UUID) -> tuple[WalletState, bytes]:
    """Versions without a gap, sums, time, and hashes; the last state and hash."""
    before, head = WalletState(0, datetime(1970, 1, 1, tzinfo=UTC), 0, 0, 0), GENESIS
    for row in await database.fetch(_LOG, wallet):
        t = read_transaction(row)
        changed = before.total + t.amount, before.locked + t.locked_amount, before.due + t.due_amount
        assert (t.after.version, t.after.total, t.after.locked, t.after.due) == (before.version + 1, *changed)
        assert t.after.time >= before.time
        head = link(head, t, describe(row["text"] or "", row["salt"] or b""))
        assert row["hash"] == head
        before = t.after
    return before, head
