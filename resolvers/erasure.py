"""Erasing descriptions."""

import strawberry

from resolvers.context import Info
from resolvers.named import found_numbered
from schema.erasure import ErasurePayload
from schema.ledger import Transaction
from services import erasure


@strawberry.type
class ErasureMutations:
    """What somebody may ask to have forgotten."""

    @strawberry.mutation
    async def erase_description(
        self, info: Info, transaction_id: strawberry.ID, reason: str, dry_run: bool = False
    ) -> ErasurePayload:
        """Erases a description for good, from all lines of its operation; the log, its hashes and verify stand.

        Answers the transaction without it. Once more changes nothing.
        """
        viewer, key = info.context.signed_in, found_numbered("txn", transaction_id)
        line = await erasure.erase_description(info.context.core, viewer, *key, reason, dry_run=dry_run)
        return ErasurePayload(transaction=Transaction.of(line, viewer))
