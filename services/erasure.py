"""Erasing the words beside a line of the log: a person's name, on request. The log itself and its hashes stay."""

from dataclasses import replace
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Viewer
from domain.ledger import ERASED, Transaction
from domain.refusals import NotFound
from services import audit
from services.core import Core
from services.database import write
from services.rows import columns
from services.wallet_queries import load_operations, load_transactions

# The same words were given once, for all the lines of their operation.
_ERASE = """
DELETE FROM transaction_texts x
USING unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS s(wallet_id, first_version, last_version)
WHERE x.wallet_id = s.wallet_id AND x.version BETWEEN s.first_version AND s.last_version AND x.text = $4
RETURNING x.wallet_id, x.version
"""
# It covers the words without a salt, and answering by it would confirm a guess.
_FORGET_INPUT = """
UPDATE operations SET input_hash = $3 WHERE wallet_id = ANY($1::uuid[]) AND id = $2 AND input_hash IS NOT NULL
"""


async def erase_description(
    core: Core, viewer: Viewer, wallet_id: UUID, version: int, reason: str, *, dry_run: bool = False
) -> Transaction:
    """The line without its text, which also goes from the other lines of its operation that have it. Once more
    changes nothing. Raises NotFound, Forbidden, BadInput."""
    access.require_may_erase(viewer, wallet_id)
    reason = inputs.text("reason", reason.strip(), inputs.LONGEST_DESCRIPTION, shortest=1)
    line = (await load_transactions([(wallet_id, version)])).get((wallet_id, version))
    if line is None:
        raise NotFound("There is no such transaction.")
    if line.description and not dry_run:
        erased = await _erase(core, viewer, line, reason)
        core.tell_erased({owner for owner, _ in erased})
    return replace(line, description="")


async def _erase(core: Core, viewer: Viewer, line: Transaction, reason: str) -> list[tuple[UUID, int]]:
    key = line.wallet_id, line.operation_id
    sides = (await load_operations([key]))[key].sides

    async def work(connection: BaseDBAsyncClient) -> list[tuple[UUID, int]]:
        rows = await connection.execute_query_dict(_ERASE, [*columns(sides), line.description])
        erased = sorted((row["wallet_id"], row["version"]) for row in rows)
        if erased:  # else another request has done it, and said so
            owners = [side.wallet_id for side in sides]
            await connection.execute_query(_FORGET_INPUT, [owners, line.operation_id, ERASED])
            subject = ids.make_numbered("txn", line.wallet_id, line.after.version)
            facts = {"reason": reason, "transactions": [ids.make_numbered("txn", *one) for one in erased]}
            await audit.record(
                connection, core.clock, viewer, "eraseDescription", subject, after=facts, whose=line.wallet_id
            )
        return erased

    return await write(work)
