"""Wallets by what is written for them in somebody's list."""

import asyncio
from uuid import UUID

import strawberry

from domain import inputs
from resolvers.context import Info
from resolvers.wallets import find_wallet
from schema.wallets import Wallet
from services.wallet_references import find_wallet_ids

MOST_REFERENCES = 100


@strawberry.type
class WalletReferenceQueries:
    """For files that name wallets as their writers know them."""

    @strawberry.field
    async def wallets_of(self, info: Info, references: list[str]) -> list[Wallet | None]:
        """Each by its id, by its owner's id or phone, or by its tenant's externalId, in their order; 100 at most.

        Null for what is missing, and for what names two.
        """
        context = info.context
        inputs.within("references", len(references), 0, MOST_REFERENCES)
        texts = [inputs.text("references", reference, inputs.LONGEST_KEY) for reference in references]
        found = await find_wallet_ids(context.signed_in, texts)
        wallets = await asyncio.gather(*(find_wallet(context, wallet_id) for wallet_id in dict.fromkeys(found)))
        by_id: dict[UUID | None, Wallet | None] = dict(zip(dict.fromkeys(found), wallets, strict=True))
        return [by_id[wallet_id] for wallet_id in found]
