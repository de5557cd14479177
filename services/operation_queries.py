"""Reading the newest operations: of all wallets, or of one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain import access
from domain.access import Viewer
from services.database import Row, count_rows, read
from services.wallet_queries import OperationRecord, load_operations

# One over two wallets once: by the row of the wallet that it was asked of.
_NEWEST = "SELECT wallet_id, id FROM operations WHERE home IS NULL"
_ORDER = "ORDER BY created_at DESC, id DESC"
_HEAD = "SELECT version FROM wallets WHERE id = $1"
_BEFORE = "SELECT first_version - 1 AS version FROM operations WHERE wallet_id = $1 AND id = $2"
# From the line of one operation to that before its first: a wallet's log has its operations in their order.
_OF_WALLET = """
WITH RECURSIVE walk(id, first_version, place) AS (
    SELECT o.id, o.first_version, 1 FROM wallet_transactions t
    JOIN operations o ON o.wallet_id = t.wallet_id AND o.id = t.operation_id
    WHERE t.wallet_id = $1 AND t.version = $2
    UNION ALL
    SELECT o.id, o.first_version, w.place + 1 FROM walk w
    JOIN wallet_transactions t ON t.wallet_id = $1 AND t.version = w.first_version - 1
    JOIN operations o ON o.wallet_id = $1 AND o.id = t.operation_id
    WHERE w.place < $3
)
SELECT $1::uuid AS wallet_id, id FROM walk ORDER BY place
"""


async def list_operations(viewer: Viewer, limit: int, after: tuple[datetime, UUID] | None) -> list[OperationRecord]:
    """Newest first: all for those who see all, else those that touch the viewer's wallet."""
    if not access.holds(viewer, "wallet:read"):
        return []
    rows = await (_of_all(limit, after) if viewer.home is None else _of_wallet(viewer.home, limit, after))
    keys = [(row["wallet_id"], row["id"]) for row in rows]
    found = await load_operations(keys)
    return [found[key] for key in keys]


async def count_operations(viewer: Viewer) -> int | None:
    """None beyond 10,000."""
    if not access.holds(viewer, "wallet:read"):
        return 0
    if viewer.home is None:
        return await count_rows(_NEWEST)
    return await count_rows("SELECT 1 FROM operations WHERE wallet_id = $1", viewer.home)


async def _of_all(limit: int, after: tuple[datetime, UUID] | None) -> Sequence[Row]:
    if after is None:
        return await read(f"{_NEWEST} {_ORDER} LIMIT $1", limit)
    return await read(f"{_NEWEST} AND (created_at, id) < ($2, $3) {_ORDER} LIMIT $1", limit, *after)


async def _of_wallet(wallet_id: UUID, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[Row]:
    newest = await (read(_HEAD, wallet_id) if after is None else read(_BEFORE, wallet_id, after[1]))
    return await read(_OF_WALLET, wallet_id, newest[0]["version"], limit) if newest else ()
