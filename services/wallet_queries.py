"""Reading wallets: as they stand, as they stood, their logs and their runway."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.ledger import Operation, Transaction, TransactionReason, TransactionType
from domain.wallets import Wallet, WalletState
from services.core import Core
from services.database import Row, count_rows, now, read
from services.rows import TRANSACTIONS, WALLET_COLUMNS, read_after, read_transaction, read_wallet
from services.wallets import tick

_STALE = "w.next_instant <= coalesce($2::timestamptz, clock_timestamp()) AS stale"
_BY_ID = f"SELECT {WALLET_COLUMNS}, {_STALE} FROM wallets w WHERE w.id = ANY($1::uuid[])"
# Time never goes back from one version to the next, so the last version at an instant is found by halving.
_VERSION_AT = """
WITH RECURSIVE s(lo, hi) AS (
    SELECT 0::bigint, version FROM wallets WHERE id = $1
    UNION ALL
    SELECT CASE WHEN t.created_at <= $2 THEN t.version ELSE s.lo END,
        CASE WHEN t.created_at <= $2 THEN s.hi ELSE t.version - 1 END
    FROM s JOIN wallet_transactions t ON t.wallet_id = $1 AND t.version = (s.lo + s.hi + 1) / 2
    WHERE s.lo < s.hi
)
SELECT lo FROM s WHERE lo >= hi
"""
_STATE = """
SELECT version, created_at, total_after, locked_after, due_after, funds_locked_at, manual_locked_at, locks_at
FROM wallet_transactions WHERE wallet_id = $1 AND version = $2
"""
# The first line of an operation over two wallets names the other one, on both sides.
_OPERATION = """
SELECT o.wallet_id, o.id, o.kind, o.actor, o.first_version, o.last_version, o.created_at, o.home,
    s.wallet_id AS other, s.first_version AS other_first, s.last_version AS other_last
FROM unnest($1::uuid[], $2::uuid[]) AS k(wallet_id, id) JOIN operations o ON o.wallet_id = k.wallet_id AND o.id = k.id
LEFT JOIN wallet_transactions t ON t.wallet_id = o.wallet_id AND t.version = o.first_version
LEFT JOIN operations s ON s.wallet_id = t.counterparty AND s.id = o.id
"""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of a log; `since` inclusive, `until` exclusive."""

    types: Sequence[TransactionType] | None = None
    reasons: Sequence[TransactionReason] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Side(NamedTuple):
    """What an operation wrote in one wallet: a range of versions."""

    wallet_id: UUID
    first_version: int
    last_version: int


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """An operation and what it wrote: in the wallet that it was asked of, then on the other side if it has one."""

    operation: Operation
    sides: tuple[Side, ...]
    created_at: datetime


async def load_wallets(core: Core, wallet_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
    """As they stand, whoever asks. One in which the clock has decided something is brought up to date first."""
    rows = await read(_BY_ID, wallet_ids, core.clock.fixed)
    stale = [row["id"] for row in rows if row["stale"]]
    for wallet_id in stale:
        await tick(core, wallet_id)
    if stale:
        rows = await read(_BY_ID, wallet_ids, core.clock.fixed)
    return {row["id"]: read_wallet(row) for row in rows}


async def state_at(core: Core, wallet_id: UUID, instant: datetime) -> WalletState:
    """The wallet as it was at that instant, from its log; before its first transaction, an empty one.

    Of the future nothing is known: the answer is the present, and says so.
    """
    instant = min(instant, await now(core.clock))
    if await read("SELECT 1 FROM wallets WHERE id = $1 AND next_instant <= $2", wallet_id, instant):
        await load_wallets(core, [wallet_id])
    version = await _version_at(wallet_id, instant)
    rows = await read(_STATE, wallet_id, version)
    if not rows:
        return WalletState(0, instant, 0, 0, 0)
    return replace(read_after(rows[0]), time=instant)


async def _version_at(wallet_id: UUID, instant: datetime) -> int:
    version: int = (await read(_VERSION_AT, wallet_id, instant))[0]["lo"]
    return version


async def list_transactions(
    wallet_id: UUID,
    where: LogFilter,
    limit: int,
    *,
    below: int | None = None,
    above: int | None = None,
    oldest_first: bool = False,
) -> list[Transaction]:
    """Lines of the log with versions between the two (exclusive), newest first unless said otherwise."""
    sql, values = await _log_query(wallet_id, where, below, above)
    order = "ASC" if oldest_first else "DESC"
    rows = await read(f"{TRANSACTIONS} WHERE {sql} ORDER BY t.version {order} LIMIT {int(limit)}", *values)
    return [read_transaction(row) for row in rows]


async def count_transactions(wallet_id: UUID, where: LogFilter) -> int | None:
    """None beyond 10,000."""
    sql, values = await _log_query(wallet_id, where, None, None)
    return await count_rows(f"SELECT 1 FROM wallet_transactions t WHERE {sql}", *values)


async def _log_query(
    wallet_id: UUID, where: LogFilter, below: int | None, above: int | None
) -> tuple[str, list[object]]:
    """A range of versions of one wallet's log: times are turned into versions first."""
    lowest, highest = above or 0, (below or 2**62) - 1
    if where.since is not None:
        lowest = max(lowest, await _version_before(wallet_id, where.since))
    if where.until is not None:
        highest = min(highest, await _version_before(wallet_id, where.until))
    sql = "t.wallet_id = $1 AND t.version > $2 AND t.version <= $3"
    values: list[object] = [wallet_id, lowest, highest]
    for column, wanted in (("type", where.types), ("reason", where.reasons)):
        if wanted is not None:
            values.append(list(wanted))
            sql += f" AND t.{column} = ANY(${len(values)}::text[])"
    return sql, values


async def _version_before(wallet_id: UUID, instant: datetime) -> int:
    """The last version before the instant: those at it are its own."""
    rows = await read(_VERSION_AT.replace("<=", "<"), wallet_id, instant)
    version: int = rows[0]["lo"] if rows else 0
    return version


async def load_transactions(keys: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Transaction]:
    """By wallet and version."""
    sql = f"""{TRANSACTIONS} JOIN unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, version)
        ON k.wallet_id = t.wallet_id AND k.version = t.version"""
    rows = await read(sql, [wallet_id for wallet_id, _ in keys], [version for _, version in keys])
    return {(row["wallet_id"], row["version"]): read_transaction(row) for row in rows}


async def find_operation(viewer: Viewer, wallet_id: UUID, operation_id: UUID) -> OperationRecord | None:
    """None for what is missing and for what the viewer does not see."""
    if not access.reads(viewer, "wallet:read", wallet_id):
        return None
    return (await load_operations([(wallet_id, operation_id)])).get((wallet_id, operation_id))


async def load_operations(keys: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], OperationRecord]:
    """By wallet and id, whoever asks."""
    rows = await read(_OPERATION, [wallet_id for wallet_id, _ in keys], [operation_id for _, operation_id in keys])
    return {(row["wallet_id"], row["id"]): _operation_record(row) for row in rows}


def _operation_record(row: Row) -> OperationRecord:
    sides = [Side(row["wallet_id"], row["first_version"], row["last_version"])]
    if row["other"] is not None:
        other = Side(row["other"], row["other_first"], row["other_last"])
        sides.insert(0 if row["home"] else 1, other)
    return OperationRecord(Operation(row["id"], row["kind"], row["actor"]), tuple(sides), row["created_at"])


def home_wallet(viewer: Viewer) -> UUID | None:
    """The caller's own wallet: its tenant's where it belongs to one, else its own."""
    return viewer.tenant_id or viewer.user_id
