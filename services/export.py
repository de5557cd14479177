"""The log and its wallets as they are exported: read in one snapshot, a batch at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.ledger import Transaction, TransactionReason
from domain.money import Currency
from domain.wallets import WalletState
from services.database import Connection, Row, batches
from services.rows import TRANSACTION_COLUMNS, read_after, read_currency, read_transaction

_OWNER = """coalesce(n.name, u.name) AS owner, n.code, w.currency, w.currency_exponent"""
_OWNERS = "LEFT JOIN tenants n ON n.id = w.tenant_id LEFT JOIN users u ON u.id = w.user_id"
_LINES = f"""
SELECT {TRANSACTION_COLUMNS}, {_OWNER}, r.reason AS reversed_reason
FROM wallet_transactions t JOIN wallets w ON w.id = t.wallet_id {_OWNERS}
LEFT JOIN transaction_texts x ON x.wallet_id = t.wallet_id AND x.version = t.version
LEFT JOIN wallet_transactions r ON r.wallet_id = t.wallet_id AND r.version = t.reverses
WHERE ($1::uuid IS NULL OR t.wallet_id = $1)
    AND ($2::timestamptz IS NULL OR t.created_at >= $2) AND ($3::timestamptz IS NULL OR t.created_at < $3)
ORDER BY t.wallet_id, t.version
"""
# Its newest row before the instant; without one, before which there is nothing.
_WALLETS = f"""
SELECT w.id, least(w.created_at, first.created_at) AS opened_at, {_OWNER}, s.*
FROM wallets w {_OWNERS}
LEFT JOIN wallet_transactions first ON first.wallet_id = w.id AND first.version = 1
LEFT JOIN LATERAL (
    SELECT version, created_at, total_after, locked_after, due_after, funds_locked_at, manual_locked_at, locks_at
    FROM wallet_transactions t WHERE t.wallet_id = w.id AND t.created_at < $2 ORDER BY version DESC LIMIT 1
) s ON true
WHERE ($1::uuid IS NULL OR w.id = $1) AND ($3::timestamptz IS NULL OR least(w.created_at, first.created_at) < $3)
ORDER BY w.id
"""
_CURRENCIES = "SELECT DISTINCT currency, currency_exponent FROM wallets ORDER BY 1"
_NEWEST = "SELECT max(updated_at) FROM wallets WHERE version > 0 AND ($1::uuid IS NULL OR id = $1)"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is exported: one wallet or all, from an instant until before another."""

    wallet_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose wallet it is; only tenants have a code."""

    name: str
    code: str | None
    currency: Currency


@dataclass(frozen=True, slots=True)
class LogLine:
    """A transaction with what its export tells besides."""

    transaction: Transaction
    owner: Owner
    reversed_reason: TransactionReason | None


@dataclass(frozen=True, slots=True)
class OpenedWallet:
    """A wallet, the day of its opening, and how it stood; None before its first transaction."""

    id: UUID
    opened_on: date
    owner: Owner
    state: WalletState | None


async def lines(connection: Connection, excerpt: Excerpt) -> AsyncIterator[LogLine]:
    """By wallet, oldest first."""
    async for rows in batches(connection, _LINES, excerpt.wallet_id, excerpt.since, excerpt.until):
        for row in rows:
            reversed_reason = row["reversed_reason"]
            reason = TransactionReason(reversed_reason) if reversed_reason else None
            yield LogLine(read_transaction(row), _owner(row), reason)


async def wallets(connection: Connection, excerpt: Excerpt, at: datetime) -> AsyncIterator[OpenedWallet]:
    """Those that were opened before the excerpt ends, as they stood right before an instant."""
    async for rows in batches(connection, _WALLETS, excerpt.wallet_id, at, excerpt.until):
        for row in rows:
            state = read_after(row) if row["version"] else None
            yield OpenedWallet(row["id"], row["opened_at"].date(), _owner(row), state)


async def currencies(connection: Connection) -> list[Currency]:
    """Those that wallets hold."""
    return [read_currency(row) for row in await connection.fetch(_CURRENCIES)]


async def has_wallet(connection: Connection, wallet_id: UUID) -> bool:
    """Whether there is one."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT 1 FROM wallets WHERE id = $1)", wallet_id)
    return found


async def newest(connection: Connection, excerpt: Excerpt) -> datetime | None:
    """The time of the log's last row; None where there is none."""
    last: datetime | None = await connection.fetchval(_NEWEST, excerpt.wallet_id)
    return last


def _owner(row: Row) -> Owner:
    return Owner(row["owner"], row["code"], read_currency(row))
