"""The search box: one text, and whatever it names."""

import asyncio
from itertools import chain
from uuid import UUID

import strawberry

from domain import access, ids, inputs
from domain.billing import Invoice as BilledInvoice
from resolvers.context import Info, RequestContext
from resolvers.nodes import find_node
from resolvers.people import shown_owner
from schema.billing import Invoice
from schema.node import Node
from schema.wallets import Wallet
from services import search


@strawberry.type
class SearchQueries:
    """What one has only a name, a number or a part of one for."""

    @strawberry.field
    async def search(self, info: Info, text: str, first: int = 10) -> list[Node]:
        """Users, tenants, wallets and invoices by name, phone, number or externalId, and anything by its id.

        Best first: what is named exactly, then names that begin with the text, then those with all of its words in
        them. A phone is found in any writing, also without its country's code; a number in small letters too, or its
        beginning. An owner's wallet follows its owner. At most 25.
        """
        context, viewer = info.context, info.context.signed_in
        typed = inputs.text("text", text, inputs.LONGEST_NAME).strip()
        limit = inputs.within("first", first, 1, search.MOST_FOUND)
        if by_id := await _by_id(context, typed.lower()):
            return by_id[:limit]
        found = await search.find(viewer, typed, limit)
        shown = await asyncio.gather(*(_shown(context, one) for one in found))
        return list(chain.from_iterable(shown))[:limit]


async def _by_id(context: RequestContext, typed: str) -> list[Node]:
    """Also by a bare UUID, which an owner and its wallet share."""
    names = [typed]
    if uuid := _uuid(typed):
        names = [ids.make("ten", uuid), ids.make("usr", uuid), ids.make("wal", uuid)]
    found = await asyncio.gather(*(find_node(context, context.signed_in, name) for name in names))
    return [node for node in found if node]


def _uuid(typed: str) -> UUID | None:
    plain = typed.replace("-", "")
    try:
        return UUID(hex=plain) if len(plain) == 32 else None
    except ValueError:
        return None


async def _shown(context: RequestContext, found: search.Found) -> list[Node]:
    if isinstance(found, BilledInvoice):
        return [Invoice.of(found)]
    nodes: list[Node] = [shown_owner(found)]
    if access.reads(context.signed_in, "wallet:read", found.id):
        wallet = await context.shared.wallets.get(found.id)
        nodes += [Wallet.of(wallet)] if wallet else []
    return nodes
