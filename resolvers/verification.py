"""Proof: one wallet's, and the heads of all logs, signed."""

import strawberry

from domain import ids
from resolvers import paging
from resolvers.context import Info
from schema.node import shown
from schema.paging import Connection, Page
from schema.verification import BrokenRow, Checkpoint, Verification
from services import checkpoints as heads
from services import verification as stories
from services.checkpoints import SignedHead
from services.verification import Proof


@strawberry.type
class VerificationQueries:
    """What an auditor asks."""

    @strawberry.field
    async def verification(self, info: Info, wallet_id: strawberry.ID) -> Verification | None:
        """Proves a wallet with at most 50,000 transactions (`tijori verify` proves any store). Needs audit:read."""
        viewer, uuid = info.context.signed_in, ids.read("wal", wallet_id)
        proof = await stories.prove_wallet(viewer, uuid) if uuid else None
        return _proved(proof) if proof else None

    @strawberry.field
    async def checkpoints(self, info: Info, first: int | None = 50, after: str | None = None) -> Connection[Checkpoint]:
        """Where each wallet's log ends, by wallet, for those who see all tenants and have audit:read."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_uuid)

        async def count() -> int | None:
            return await heads.count_heads(viewer)

        rows = await heads.list_heads(info.context.core, viewer, asked.limit, asked.key)
        return paging.connection(rows, asked, _signed, lambda row: row.head.wallet_id.hex, count)


def _proved(proof: Proof) -> Verification:
    first_broken = BrokenRow.of(proof.broken) if proof.broken else None
    return Verification(ok=first_broken is None, transactions=proof.rows, first_broken=first_broken)


def _signed(row: SignedHead) -> Checkpoint:
    return Checkpoint(
        wallet_id=shown(ids.make("wal", row.head.wallet_id)),
        version=row.head.version,
        hash=row.head.hash.hex(),
        time=row.time,
        signature=row.signature,
    )
