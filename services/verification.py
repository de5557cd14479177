"""Proof that the store is whole, in one snapshot: every log row by row, then what must agree with it, by sets.

The connection is in a transaction (services/database.py: snapshot), so a server may go on writing meanwhile.
"""

import asyncio
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from domain import access, ids
from domain.access import Viewer
from domain.refusals import BadInput
from domain.verification import Broken, Logged, LogProof
from services.agreements import OF, OF_MONEY, Agreement
from services.agreements_of_billing import OF_BILLING
from services.agreements_of_sums import OF_SUMS
from services.database import Connection, Row, batches, pooled_snapshot
from services.rows import TRANSACTION_COLUMNS, read_transaction

_LOG = f"""
SELECT {TRANSACTION_COLUMNS}, t.hash, t.description_hash, x.salt FROM wallet_transactions t
LEFT JOIN transaction_texts x ON x.wallet_id = t.wallet_id AND x.version = t.version
"""
_ORDERED = "ORDER BY t.wallet_id, t.version"
_NEWEST = "SELECT version FROM wallets WHERE id = $1"
_EVERY_LOG = f"{_LOG} {_ORDERED}"
_ONE_LOG = f"{_LOG} WHERE t.wallet_id = $1 {_ORDERED}"

MOST_ROWS = 50_000
"""Of a wallet that is proved while somebody waits for the answer: about a second."""
_one_at_a_time = asyncio.Lock()
"""However many ask: each holds a connection and a processor."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was looked at, and the first thing that is broken; none: all of it holds."""

    wallets: int
    rows: int
    broken: Broken | None


async def prove(connection: Connection, wallet_id: UUID | None = None) -> Proof:
    """Of the whole store, or of one wallet and all that is its own. What is broken in a log is named first."""
    wallets = await connection.fetchval(f"{OF} SELECT count(*) FROM w", wallet_id)
    rows, broken = await _prove_logs(connection, wallet_id)
    for agreement in () if broken else (*OF_MONEY, *OF_BILLING, *OF_SUMS):
        broken = broken or await _first_against(connection, agreement, wallet_id)
    return Proof(wallets, rows, broken)


async def prove_wallet(viewer: Viewer, wallet_id: UUID) -> Proof | None:
    """Of one wallet with a bounded log; None where the viewer sees no such wallet. Raises Forbidden, BadInput."""
    if not access.sees(viewer, wallet_id):
        return None
    access.require(viewer, "audit:read", wallet_id)
    return await asyncio.shield(asyncio.ensure_future(_prove_wallet(wallet_id)))


async def _prove_wallet(wallet_id: UUID) -> Proof | None:
    async with _one_at_a_time, pooled_snapshot() as connection:
        newest = await connection.fetchval(_NEWEST, wallet_id)
        if newest is None:
            return None
        if newest > MOST_ROWS:
            raise BadInput(
                f"This wallet has {newest:,} transactions, and at most {MOST_ROWS:,} are proved here. "
                "The command `tijori verify` proves them all."
            )
        return await prove(connection, wallet_id)


async def _prove_logs(connection: Connection, wallet_id: UUID | None) -> tuple[int, Broken | None]:
    """How many rows hold, and the first that does not."""
    log = batches(connection, _ONE_LOG, wallet_id) if wallet_id else batches(connection, _EVERY_LOG)
    proofs: dict[UUID, LogProof] = {}
    proved = 0
    async for rows in log:
        for owner, of_one in groupby(rows, itemgetter("wallet_id")):
            if owner not in proofs:
                proofs = {owner: LogProof()}  # the rows come by wallet: no other is needed again
            for row in of_one:
                if broken := _follows(proofs[owner], row):
                    return proved, broken
                proved += 1
    return proved, None


def _follows(proof: LogProof, row: Row) -> Broken | None:
    try:
        transaction = read_transaction(row)
    except ValueError as error:  # a type or reason that there is none of
        return Broken(ids.make_numbered("txn", row["wallet_id"], row["version"]), 5, str(error))
    return proof.follow(Logged(transaction, row["hash"], row["description_hash"] or b"", row["salt"] or b""))


async def _first_against(connection: Connection, agreement: Agreement, wallet_id: UUID | None) -> Broken | None:
    # Materialized: planned to find all that is broken, which is mostly nothing, and not the first of many soon.
    sql = f"{OF}, found AS MATERIALIZED ({agreement.sql}) SELECT * FROM found ORDER BY wallet_id, number LIMIT 1"
    row = await connection.fetchrow(sql, wallet_id)
    if row is None:
        return None
    return Broken(agreement.name(row["wallet_id"], row["number"]), agreement.law, row["message"])
