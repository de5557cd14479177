"""Who may do anything to the database: what the verification must see through."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from domain.chain import GENESIS, link
from server.embedded import ROLE, SUPERUSER
from services.rows import TRANSACTIONS, read_transaction

_LOG = TRANSACTIONS.replace("x.text", "x.text, t.description_hash")

_WALLET = """
UPDATE wallets SET hash = $2, version = $3, total = $4, locked = $5, due = $6, updated_at = $7,
    funds_locked_at = $8, manual_locked_at = $9, locks_at = $10 WHERE id = $1
"""


@asynccontextmanager
async def forging(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """As the superuser, without triggers and foreign keys; all is undone after the block."""
    connection = await asyncpg.connect(database_url.replace(f"//{ROLE}@", f"//{SUPERUSER}@"))
    undone = connection.transaction()
    await undone.start()
    try:
        await connection.execute("SET LOCAL session_replication_role = replica")
        yield connection
    finally:
        await undone.rollback()
        await connection.close()


async def hash_again(connection: "asyncpg.Connection[asyncpg.Record]", wallet_id: UUID) -> None:
    """All hashes of a log as if it had always said what it says now; and the wallet's figures with it."""
    head, after = GENESIS, None
    for row in await connection.fetch(f"{_LOG} WHERE t.wallet_id = $1 ORDER BY t.version", wallet_id):
        t = read_transaction(row)
        after = t.after
        head = link(head, t, row["description_hash"] or b"")
        sql = "UPDATE wallet_transactions SET hash = $3 WHERE wallet_id = $1 AND version = $2"
        await connection.execute(sql, wallet_id, after.version, head)
    assert after is not None
    figures = after.version, after.total, after.locked, after.due, after.time
    locks = after.funds_locked_at, after.manual_locked_at, after.locks_at
    await connection.execute(_WALLET, wallet_id, head, *figures, *locks)
