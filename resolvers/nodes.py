"""Anything by its id: the prefix shows its kind."""

from collections.abc import Awaitable, Callable

import strawberry

from domain import access, ids
from domain.access import Viewer
from resolvers import shapes
from resolvers.access import shown_session, shown_token
from resolvers.audit import shown_entry
from resolvers.billing import find_invoice
from resolvers.context import Info, RequestContext
from resolvers.named import Id
from resolvers.wallets import find_wallet
from schema.node import Node
from schema.people import Tenant, User, Vehicle
from schema.pricing import Price
from services import (
    api_tokens,
    audit_queries,
    billing_queries,
    people_queries,
    pricing_queries,
    sessions,
    wallet_queries,
)


@strawberry.type
class NodeQueries:
    """Anything that has an id."""

    @strawberry.field
    async def node(self, info: Info, node_id: Id) -> Node | None:
        """What the id names."""
        context = info.context
        viewer = context.signed_in
        find = _FINDERS.get(ids.kind_of(node_id))
        return await find(context, viewer, node_id) if find else None


async def _wallet(context: RequestContext, _viewer: Viewer, text: str) -> Node | None:
    return await find_wallet(context, ids.read("wal", text))


async def _tenant(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    found = await people_queries.find_tenant(viewer, tenant_id=ids.read("ten", text), external_id=None)
    return Tenant.of(found) if found else None


async def _user(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    found = await people_queries.find_user(viewer, user_id=ids.read("usr", text), phone=None)
    return User.of(found) if found else None


async def _vehicle(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("veh", text)
    found = await people_queries.find_vehicle(viewer, uuid) if uuid else None
    return Vehicle.of(found) if found else None


async def _transaction(context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    key = ids.read_numbered("txn", text)
    readable = key is not None and access.reads(viewer, "wallet:read", key[0])
    return await context.edges.transaction(strawberry.ID(text)) if readable else None


async def _hold(context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    key = ids.read_numbered("hld", text)
    readable = key is not None and access.reads(viewer, "wallet:read", key[0])
    return await context.edges.hold(strawberry.ID(text)) if readable else None


async def _operation(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    key = ids.read_operation(text)
    found = await wallet_queries.find_operation(viewer, *key) if key else None
    return shapes.operation(found, viewer) if found else None


async def _price(context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("prc", text)
    price = await pricing_queries.find_price(viewer, uuid) if uuid else None
    if price is None:
        return None
    stretches, now = await pricing_queries.load_timelines(context.core, price.wallet_id, price.service)
    return next((Price.of(stretch, now) for stretch in stretches if stretch.price.id == uuid), None)


async def _invoice(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    return await find_invoice(viewer, text)


async def _run(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("run", text)
    found = await billing_queries.find_run(viewer, uuid) if uuid else None
    return shapes.billing_run(found) if found else None


async def _token(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("tok", text)
    found = await api_tokens.find_api_token(viewer, uuid) if uuid else None
    return shown_token(found) if found else None


async def _session(context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("ses", text)
    found = await sessions.find_session(context.core, viewer, uuid) if uuid else None
    return shown_session(found, viewer) if found else None


async def _entry(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("aud", text)
    found = await audit_queries.find_audit(viewer, uuid) if uuid else None
    return shown_entry(found) if found else None


_FINDERS: dict[str, Callable[[RequestContext, Viewer, str], Awaitable[Node | None]]] = {
    "wal": _wallet,
    "ten": _tenant,
    "usr": _user,
    "veh": _vehicle,
    "txn": _transaction,
    "hld": _hold,
    "opr": _operation,
    "prc": _price,
    "inv": _invoice,
    "run": _run,
    "tok": _token,
    "ses": _session,
    "aud": _entry,
}
