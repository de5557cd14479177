"""Why a balance is what it is: what the lines of a log between two versions come to, by type and reason.

What its first lines come to is kept at every some thousandth version, so that no explanation adds up a long log again.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.ledger import TransactionReason, TransactionType
from domain.money import subtract
from domain.refusals import BadInput
from domain.wallets import WalletState
from services.core import Core
from services.database import Row, read, write
from services.wallet_queries import state_at

EVERY = 4_096
"""Lines between two versions at which sums are kept: at most so many are added up at either end."""
AT_ONCE = 64
"""Sums that one statement adds to those kept: of a log that nobody has asked about yet some hundred thousand lines."""
_FIGURES = """count(*) AS transactions, sum(amount) AS amount, sum(locked_amount) AS locked_amount,
    sum(due_amount) AS due_amount"""
_BETWEEN = f"""
SELECT type, reason, {_FIGURES} FROM wallet_transactions
WHERE wallet_id = $1 AND version > $2 AND version <= $3 GROUP BY type, reason
"""
_KEPT = "SELECT coalesce(max(version), 0) AS version FROM log_sums WHERE wallet_id = $1 AND version <= $2"
_UNTIL = f"""
SELECT type, reason, sum(transactions)::bigint AS transactions, sum(amount) AS amount,
    sum(locked_amount) AS locked_amount, sum(due_amount) AS due_amount
FROM (
    SELECT type, reason, transactions, amount, locked_amount, due_amount FROM log_sums
    WHERE wallet_id = $1 AND version = $2
    UNION ALL SELECT * FROM ({_BETWEEN}) AS rest
) AS parts GROUP BY type, reason
"""
# Each sum is of all lines up to its version, also where the lines since the one before have nothing of a kind.
_KEEP = f"""
WITH parts AS (
    SELECT 0::bigint AS place, type, reason, transactions, amount, locked_amount, due_amount FROM log_sums
    WHERE wallet_id = $1 AND version = $2::bigint
    UNION ALL SELECT 1 + (version - $2 - 1) / $3::bigint AS place, type, reason, {_FIGURES} FROM wallet_transactions
    WHERE wallet_id = $1 AND version > $2 AND version <= $2 + $3 * $4::bigint GROUP BY 1, 2, 3
), sums AS (
    SELECT $2 + place * $3 AS version, type, reason, sum(transactions) OVER kind AS transactions,
        sum(amount) OVER kind AS amount, sum(locked_amount) OVER kind AS locked_amount,
        sum(due_amount) OVER kind AS due_amount
    FROM generate_series(0::bigint, $4) AS place CROSS JOIN (SELECT DISTINCT type, reason FROM parts) AS kinds
    LEFT JOIN parts USING (place, type, reason) WINDOW kind AS (PARTITION BY type, reason ORDER BY place)
)
INSERT INTO log_sums
SELECT $1, version, type, reason, transactions, amount, locked_amount, due_amount FROM sums
WHERE version > $2 AND transactions > 0 ON CONFLICT DO NOTHING
"""
# Of processes that are asked about a long log at once one adds it up: the others then find what it kept.
_IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_TYPES, _REASONS = list(TransactionType), list(TransactionReason)


@dataclass(frozen=True, slots=True)
class Step:
    """What all transactions of one type and reason changed, in minor units: many may pass what an amount says."""

    type: TransactionType
    reason: TransactionReason
    transactions: int
    amount: Decimal
    locked_amount: Decimal
    due_amount: Decimal

    @property
    def kind(self) -> tuple[TransactionType, TransactionReason]:
        """Steps differ by it."""
        return self.type, self.reason

    def less(self, earlier: "Step | None") -> "Step":
        """Without those that the earlier one is of."""
        if earlier is None:
            return self
        return Step(
            self.type,
            self.reason,
            self.transactions - earlier.transactions,
            subtract(self.amount, earlier.amount),
            subtract(self.locked_amount, earlier.locked_amount),
            subtract(self.due_amount, earlier.due_amount),
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """`before` and the steps come to `after`: total, locked and due."""

    before: WalletState
    after: WalletState
    steps: list[Step]


async def explain(core: Core, wallet_id: UUID, since: datetime, until: datetime, *, every: int = EVERY) -> Explanation:
    """From the state at one instant to the state at another.

    Raises BadInput where they are the wrong way round, Unavailable where too many first ask about long logs at once.
    """
    if until < since:
        raise BadInput("from is before until: send them the other way round.")
    after = await state_at(core, wallet_id, until)  # what the clock has decided by then is written by this
    before = await state_at(core, wallet_id, since)
    steps = await _steps(core, wallet_id, before.version, after.version, every)
    for figure, change in (("total", "amount"), ("locked", "locked_amount"), ("due", "due_amount")):
        changed = sum(getattr(step, change) for step in steps)
        assert changed == getattr(after, figure) - getattr(before, figure), (
            "each line's state is the one before plus it"
        )
    return Explanation(before, after, steps)


async def _steps(core: Core, wallet_id: UUID, above: int, until: int, every: int) -> list[Step]:
    """In the order of the log's vocabulary."""
    if until - above <= every:
        steps = [_read(row) for row in await read(_BETWEEN, wallet_id, above, until)]
    else:
        earlier = {step.kind: step for step in await _from_the_beginning(core, wallet_id, above, every)}
        found = [step.less(earlier.get(step.kind)) for step in await _from_the_beginning(core, wallet_id, until, every)]
        steps = [step for step in found if step.transactions]
    return sorted(steps, key=lambda step: (_TYPES.index(step.type), _REASONS.index(step.reason)))


async def _from_the_beginning(core: Core, wallet_id: UUID, until: int, every: int) -> list[Step]:
    kept = await _keep(core, wallet_id, until, every)
    return [_read(row) for row in await read(_UNTIL, wallet_id, kept, until)]


async def _keep(core: Core, wallet_id: UUID, until: int, every: int) -> int:
    """The newest version up to this one with sums, after those that are missing have been added."""

    async def work(connection: BaseDBAsyncClient) -> None:
        await connection.execute_query(_IN_TURN, [f"log sums {wallet_id}"])
        kept = (await connection.execute_query_dict(_KEPT, [wallet_id, until]))[0]["version"]
        if until - kept >= every:
            await connection.execute_query(_KEEP, [wallet_id, kept, every, min(AT_ONCE, (until - kept) // every)])

    while True:
        kept: int = (await read(_KEPT, wallet_id, until))[0]["version"]
        if until - kept < every:
            return kept
        async with core.long_reads.entered():
            await write(work)


def _read(row: Row) -> Step:
    return Step(
        TransactionType(row["type"]),
        TransactionReason(row["reason"]),
        row["transactions"],
        row["amount"],
        row["locked_amount"],
        row["due_amount"],
    )
