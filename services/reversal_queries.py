"""Reading what was taken back of the lines of a log, and what of them still can be."""

from collections.abc import Sequence
from uuid import UUID

from domain.ledger import Transaction, TransactionReason, TransactionType
from domain.reversals import is_reversible
from services.database import count_rows, read
from services.rows import TRANSACTIONS, columns, read_transaction

_OF = "t.wallet_id = $1 AND t.reverses = $2"
_LIST = f"{TRANSACTIONS} WHERE {_OF} AND ($3::bigint IS NULL OR t.version > $3) ORDER BY t.version LIMIT $4"
_COUNTED = f"SELECT 1 FROM wallet_transactions t WHERE {_OF}"
# The sums are of exact decimals; what is left of one line is never more than the line.
_LEFT = """
SELECT t.wallet_id, t.version, t.type, t.reason, (abs(t.amount) - coalesce((
    SELECT sum(abs(r.amount)) FROM wallet_transactions r WHERE r.wallet_id = t.wallet_id AND r.reverses = t.version
), 0))::bigint AS left
FROM unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, version)
JOIN wallet_transactions t ON t.wallet_id = k.wallet_id AND t.version = k.version
"""

TransactionKey = tuple[UUID, int]


async def list_reversals(wallet_id: UUID, version: int, limit: int, after: int | None) -> list[Transaction]:
    """What took this line back, oldest first, with versions after the one given."""
    return [read_transaction(row) for row in await read(_LIST, wallet_id, version, after, limit)]


async def count_reversals(wallet_id: UUID, version: int) -> int | None:
    """None beyond 10,000."""
    return await count_rows(_COUNTED, wallet_id, version)


async def load_reversible(keys: Sequence[TransactionKey]) -> dict[TransactionKey, int]:
    """What can still be taken back of each, in minor units; 0 of what is not reversed but mended in another way."""
    rows = await read(_LEFT, *columns(keys))
    return {
        (row["wallet_id"], row["version"]): row["left"]
        if is_reversible(TransactionType(row["type"]), TransactionReason(row["reason"]))
        else 0
        for row in rows
    }
