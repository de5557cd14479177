"""Reading holds: locked money, and what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.ledger import HoldStatus
from services.database import Row, count_rows, read

# What a hold is for is said by its HOLD in the log, whose version is its number.
_HOLD = """
SELECT h.wallet_id, h.number, h.amount, h.captured, h.status, h.expires_at, h.invoice, h.created_at, x.text
FROM holds h LEFT JOIN transaction_texts x ON x.wallet_id = h.wallet_id AND x.version = h.number
"""
_MATCHES = "h.wallet_id = $1 AND ($2::boolean IS NULL OR (h.status = 'ACTIVE') = $2)"
_LIST = f"{_HOLD} WHERE {_MATCHES} AND ($3::bigint IS NULL OR h.number < $3) ORDER BY h.number DESC LIMIT $4"
_MATCHING = f"SELECT 1 FROM holds h WHERE {_MATCHES}"
_BY_KEY = f"""
{_HOLD} JOIN unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, number)
    ON k.wallet_id = h.wallet_id AND k.number = h.number
"""

HoldKey = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A hold as it stands; amounts in minor units."""

    wallet_id: UUID
    number: int
    amount: int
    captured: int
    status: HoldStatus
    description: str
    expires_at: datetime | None
    invoice: int | None
    created_at: datetime


async def list_holds(wallet_id: UUID, active: bool | None, limit: int, below: int | None) -> list[HoldRecord]:
    """Newest first, with numbers below the one given. `active` True: open ones, False: ended ones, None: all."""
    return [_read_hold(row) for row in await read(_LIST, wallet_id, active, below, limit)]


async def count_holds(wallet_id: UUID, active: bool | None) -> int | None:
    """None beyond 10,000."""
    return await count_rows(_MATCHING, wallet_id, active)


async def load_holds(keys: Sequence[HoldKey]) -> dict[HoldKey, HoldRecord]:
    """By wallet and number, whoever asks."""
    rows = await read(_BY_KEY, [wallet_id for wallet_id, _ in keys], [number for _, number in keys])
    return {(row["wallet_id"], row["number"]): _read_hold(row) for row in rows}


def _read_hold(row: Row) -> HoldRecord:
    return HoldRecord(
        row["wallet_id"],
        row["number"],
        row["amount"],
        row["captured"],
        HoldStatus(row["status"]),
        row["text"] or "",
        row["expires_at"],
        row["invoice"],
        row["created_at"],
    )
