"""The posting task's SQL: a few set-based statements, each naming wallet_id. Nothing else writes the log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.commands import Command
from domain.ledger import Account, InvoiceStatus, OpenHold, OpenInvoice, Operation, Transaction
from services import posting_rows, rating
from services.database import Connection, Row
from services.posting_batch import KnownOperation, Outcome, Posted, Written
from services.rows import TRANSACTION_COLUMNS, WALLET_COLUMNS, columns, read_currency, read_state, read_transaction

_LOCK = f"""
SELECT {WALLET_COLUMNS}, w.hash, w.closed_at FROM wallets w WHERE w.id = ANY($1::uuid[]) ORDER BY w.id FOR NO KEY UPDATE
"""
_UNHELD = "SELECT id FROM wallets WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
_UNHELD_TENANTS = "SELECT id FROM tenants WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
_OPEN_INVOICES = """
SELECT wallet_id, count, month, total, status, issued_at, locks_at, finalizes_at, hold
FROM invoices WHERE wallet_id = ANY($1::uuid[]) AND status IN ('DUE', 'PENDING') ORDER BY wallet_id, count
"""
_OPEN_HOLDS = """
SELECT wallet_id, number, amount, expires_at, invoice
FROM holds WHERE wallet_id = ANY($1::uuid[]) AND status = 'ACTIVE' ORDER BY wallet_id, expires_at, number
"""
_KNOWN_COLUMNS = """o.wallet_id, o.id, o.kind, o.actor, o.idempotency_key, o.input_hash,
    o.based_on_version, o.first_version, o.last_version"""
_CLOCK_AND_KEYS = f"""
SELECT coalesce($3::timestamptz, clock_timestamp()) AS now, {_KNOWN_COLUMNS}
FROM (SELECT 1) AS one LEFT JOIN (
    unnest($1::uuid[], $2::text[]) AS k(wallet_id, key)
    JOIN operations o ON o.wallet_id = k.wallet_id AND o.idempotency_key = k.key
) ON true
"""
_OWN_OPERATIONS = f"""
SELECT {_KNOWN_COLUMNS} FROM unnest($1::uuid[], $2::uuid[]) AS k(wallet_id, id)
JOIN operations o ON o.wallet_id = k.wallet_id AND o.id = k.id
"""
_REPLAY = f"""
SELECT {TRANSACTION_COLUMNS} FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS k(wallet_id, first, last)
JOIN wallet_transactions t ON t.wallet_id = k.wallet_id AND t.version BETWEEN k.first AND k.last
LEFT JOIN transaction_texts x ON x.wallet_id = t.wallet_id AND x.version = t.version
ORDER BY t.wallet_id, t.version
"""
# Each array holds rows of a table, a row being all of its columns in their order: to the driver one value per row costs
# half of one array per column. Of a wallet only what a posting changes is looked at.
_WRITE = """
WITH w AS (
    UPDATE wallets SET total = n.total, locked = n.locked, due = n.due, version = n.version, hash = n.hash,
        funds_locked_at = n.funds_locked_at, manual_locked_at = n.manual_locked_at, locks_at = n.locks_at,
        next_instant = n.next_instant, updated_at = n.updated_at
    FROM unnest($1::wallets[], $2::bigint[]) AS n(id, tenant_id, user_id, currency, currency_exponent,
        total, locked, due, version, hash, funds_locked_at, manual_locked_at, locks_at, next_instant,
        created_at, updated_at, closed_at, version_before)
    WHERE wallets.id = n.id AND wallets.version = n.version_before RETURNING wallets.id
), o AS (
    INSERT INTO operations SELECT * FROM unnest($3::operations[])
), t AS (
    INSERT INTO wallet_transactions SELECT * FROM unnest($4::wallet_transactions[])
), x AS (
    INSERT INTO transaction_texts SELECT * FROM unnest($5::transaction_texts[])
)
SELECT count(*) FROM w
"""
_NEW_HOLDS = """
INSERT INTO holds (wallet_id, number, amount, status, expires_at, invoice, created_at)
SELECT wallet_id, number, amount, 'ACTIVE', expires_at, invoice, created_at
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::timestamptz[])
    AS n(wallet_id, number, amount, expires_at, invoice, created_at)
"""
_ENDED_HOLDS = """
UPDATE holds SET status = n.status, captured = n.captured
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[]) AS n(wallet_id, number, status, captured)
WHERE holds.wallet_id = n.wallet_id AND holds.number = n.number
"""
# A void invoice is marked: the next closing bills again what it was for (services/rating.py: _REBILL).
_CHANGED_INVOICES = """
UPDATE invoices SET status = n.status, locks_at = n.locks_at,
    paid_at = CASE n.status WHEN 'PAID' THEN n.at END, voided_at = CASE n.status WHEN 'VOID' THEN n.at END,
    rebill = n.status = 'VOID'
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[])
    AS n(wallet_id, count, status, locks_at, at)
WHERE invoices.wallet_id = n.wallet_id AND invoices.count = n.count
"""


async def lock(connection: Connection, wallet_ids: set[UUID]) -> tuple[dict[UUID, Account], dict[UUID, bytes]]:
    """The wallets that exist, locked in sorted order, with what is open in them; and the heads of their chains."""
    rows = await connection.fetch(_LOCK, list(wallet_ids))
    open_ids = [row["id"] for row in rows if row["due"] or row["locked"]]
    invoices = await _open_invoices(connection, open_ids) if open_ids else {}
    holds = await _open_holds(connection, open_ids) if open_ids else {}
    accounts = {}
    for row in rows:
        wallet_id = row["id"]
        state = read_state(row)
        accounts[wallet_id] = Account(
            wallet_id,
            read_currency(row),
            state,
            invoices.get(wallet_id, ()),
            holds.get(wallet_id, ()),
            state.version,
            closed=row["closed_at"] is not None,
        )
    return accounts, {row["id"]: row["hash"] for row in rows}


async def unheld(connection: Connection, wallet_ids: set[UUID]) -> set[UUID]:
    """Those of the wallets that nobody else holds at this moment, neither them nor the tenants they are of."""
    ids = list(wallet_ids)
    free = {row["id"] for row in await connection.fetch(_UNHELD, ids)}
    free_tenants = {row["id"] for row in await connection.fetch(_UNHELD_TENANTS, ids)}
    tenants = {row["id"] for row in await connection.fetch("SELECT id FROM tenants WHERE id = ANY($1::uuid[])", ids)}
    return free - (tenants - free_tenants)


async def _open_invoices(connection: Connection, ids: list[UUID]) -> dict[UUID, tuple[OpenInvoice, ...]]:
    found: dict[UUID, tuple[OpenInvoice, ...]] = {}
    for wallet_id, count, month, total, status, *rest in await connection.fetch(_OPEN_INVOICES, ids):
        invoice = OpenInvoice(count, month, total, InvoiceStatus(status), *rest)
        found[wallet_id] = (*found.get(wallet_id, ()), invoice)
    return found


async def _open_holds(connection: Connection, ids: list[UUID]) -> dict[UUID, tuple[OpenHold, ...]]:
    found: dict[UUID, list[OpenHold]] = {}
    for wallet_id, *rest in await connection.fetch(_OPEN_HOLDS, ids):
        found.setdefault(wallet_id, []).append(OpenHold(*rest))
    return {wallet_id: tuple(holds) for wallet_id, holds in found.items()}


async def clock_and_known(
    connection: Connection, fixed: datetime | None, commands: Sequence[Command], retrying: bool
) -> tuple[datetime, dict[tuple[UUID, str | UUID], KnownOperation]]:
    """The clock, read after the locks, and what the keys are known for; after a lost commit, the operations too."""
    keyed = [(command.wallet_id, command.operation.key) for command in commands if command.operation.key]
    rows = await connection.fetch(_CLOCK_AND_KEYS, [k[0] for k in keyed], [k[1] for k in keyed], fixed)
    known: dict[tuple[UUID, str | UUID], KnownOperation] = {}
    for row in rows:
        if row["id"] is not None:
            known[row["wallet_id"], row["idempotency_key"]] = _known(row)
    if retrying:
        ids = [(command.wallet_id, command.operation.id) for command in commands]
        for row in await connection.fetch(_OWN_OPERATIONS, [i[0] for i in ids], [i[1] for i in ids]):
            known[row["wallet_id"], row["id"]] = _known(row)
    return rows[0]["now"], known


def _known(row: Row) -> KnownOperation:
    operation = Operation(row["id"], row["kind"], row["actor"], row["idempotency_key"], row["input_hash"])
    return KnownOperation(
        row["wallet_id"], operation, row["based_on_version"], row["first_version"], row["last_version"]
    )


async def replay(connection: Connection, outcomes: list[Outcome]) -> list[Outcome]:
    """Known operations with the transactions that they wrote then."""
    known = [outcome.known for outcome in outcomes if isinstance(outcome, Posted) and outcome.known]
    if not known:
        return outcomes
    rows = await _transactions_of(connection, known)
    by_operation: dict[UUID, list[Transaction]] = {}
    for row in rows:
        by_operation.setdefault(row["operation_id"], []).append(read_transaction(row))
    for lines in by_operation.values():
        lines.sort(key=lambda line: (line.operation_home is not None, line.after.version))
    return [
        replace(outcome, known=None, transactions=tuple(by_operation[outcome.operation.id]))
        if isinstance(outcome, Posted) and outcome.known
        else outcome
        for outcome in outcomes
    ]


async def _transactions_of(connection: Connection, known: Sequence[KnownOperation]) -> list[Row]:
    """What the operations wrote, on a transfer's other side too."""
    ranges = {(k.wallet_id, k.first_version, k.last_version) for k in known}
    rows = await connection.fetch(_REPLAY, *columns(ranges))
    if others := {(row["counterparty"], row["operation_id"]) for row in rows if row["counterparty"]}:
        sides = await connection.fetch(_OWN_OPERATIONS, *columns(others))
        rows += await connection.fetch(
            _REPLAY, *columns((side["wallet_id"], side["first_version"], side["last_version"]) for side in sides)
        )
    return list(rows)


async def write(
    connection: Connection, written: Sequence[Written], heads: dict[UUID, bytes], now: datetime
) -> list[Transaction]:
    """All decisions in their order: wallets, operations, the log, and whatever hangs on them."""
    transactions = [t for one in written for t in one.decision.transactions]
    if transactions:
        logged, texts = posting_rows.of_log(transactions, heads)
        wallets, versions_before = posting_rows.of_wallets(written, heads)
        operations = posting_rows.of_operations(written, now)
        count = await connection.fetchval(_WRITE, wallets, versions_before, operations, logged, texts)
        assert count == len(wallets), "a wallet has moved under its lock"
        await _write_holds(connection, written)
    issues = [(one.months, one.decision.issued) for one in written if one.months is not None]
    if issues:
        await rating.write(connection, issues, now)
    await _write_invoices(connection, written)
    return transactions


async def _write_invoices(connection: Connection, written: Sequence[Written]) -> None:
    """Those that left the queue or came back into it: as the last command left them."""
    changed = {(one.decision.account.id, i.count): i for one in written for i in one.decision.changed}
    if not changed:
        return
    rows = ((wallet_id, count, i.status, i.locks_at, i.closed_at) for (wallet_id, count), i in changed.items())
    await connection.execute(_CHANGED_INVOICES, *columns(rows))


async def _write_holds(connection: Connection, written: Sequence[Written]) -> None:
    placed = []
    for one in written:
        at = {t.after.version: t.after.time for t in one.decision.transactions if t.type == "HOLD"}
        if at:
            placed += [(one.decision.account.id, h, at[h.number]) for h in one.decision.account.holds if h.number in at]
    if placed:
        await connection.execute(
            _NEW_HOLDS,
            [wallet_id for wallet_id, _, _ in placed],
            *columns((hold.number, hold.amount, hold.expires_at, hold.invoice, at) for _, hold, at in placed),
        )
    ended = [(one.decision.account.id, hold) for one in written for hold in one.decision.ended]
    if ended:
        rows = ((wallet_id, hold.number, hold.status, hold.captured) for wallet_id, hold in ended)
        await connection.execute(_ENDED_HOLDS, *columns(rows))
