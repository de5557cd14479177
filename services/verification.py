"""Proof that the store is whole, in one snapshot: every log row by row, then what must agree with it, by sets.

The connection is in a transaction (services/database.py: snapshot), so a server may go on writing meanwhile.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from domain.verification import Broken, Logged, LogProof
from services.agreements import OF, OF_MONEY, Agreement
from services.agreements_of_billing import OF_BILLING
from services.database import Connection, Row, batches
from services.rows import TRANSACTION_COLUMNS, read_transaction

_LOG = f"""
SELECT {TRANSACTION_COLUMNS}, t.hash, t.description_hash, x.salt FROM wallet_transactions t
LEFT JOIN transaction_texts x ON x.wallet_id = t.wallet_id AND x.version = t.version
"""
_ORDERED = "ORDER BY t.wallet_id, t.version"
_EVERY_LOG = f"{_LOG} {_ORDERED}"
_ONE_LOG = f"{_LOG} WHERE t.wallet_id = $1 {_ORDERED}"


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
    for agreement in () if broken else (*OF_MONEY, *OF_BILLING):
        broken = broken or await _first_against(connection, agreement, wallet_id)
    return Proof(wallets, rows, broken)


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
                if broken := proofs[owner].follow(_logged(row)):
                    return proved, broken
                proved += 1
    return proved, None


def _logged(row: Row) -> Logged:
    return Logged(read_transaction(row), row["hash"], row["description_hash"] or b"", row["salt"] or b"")


async def _first_against(connection: Connection, agreement: Agreement, wallet_id: UUID | None) -> Broken | None:
    row = await connection.fetchrow(f"{OF} {agreement.sql} ORDER BY wallet_id, number LIMIT 1", wallet_id)
    if row is None:
        return None
    return Broken(agreement.name(row["wallet_id"], row["number"]), agreement.law, row["message"])
