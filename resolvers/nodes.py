"""Anything by its id: the prefix shows its kind."""

import asyncio
from collections.abc import Awaitable, Callable

import strawberry

from domain import access, ids, inputs
from domain.access import Viewer
from resolvers import shapes
from resolvers.access import shown_session, shown_token
from resolvers.alerts import shown_alert
from resolvers.audit import shown_entry
from resolvers.billing import find_invoice
from resolvers.context import Info, RequestContext
from resolvers.named import Id, Ids
from resolvers.wallets import find_wallet
from resolvers.webhook_edges import shown_delivery, shown_endpoint
from schema.alerts import AlertRule
from schema.node import Node
from schema.people import Tenant, User, Vehicle
from schema.pricing import Price
from services import (
    alert_queries,
    api_tokens,
    audit_queries,
    billing_queries,
    people_queries,
    pricing_queries,
    sessions,
    wallet_queries,
    webhook_queries,
)

MOST_NODES = 50
"""Each is a statement of its own, or several."""


@strawberry.type
class NodeQueries:
    """Anything that has an id."""

    @strawberry.field
    async def node(self, info: Info, node_id: Id) -> Node | None:
        """What the id names."""
        return await find_node(info.context, info.context.signed_in, node_id)

    @strawberry.field
    async def nodes(self, info: Info, node_ids: Ids) -> list[Node | None]:
        """What each of these ids names, in their order, null for what is missing; 50 at most."""
        context, viewer = info.context, info.context.signed_in
        inputs.within("ids", len(node_ids), 0, MOST_NODES)
        found = await _each(context, viewer, list(dict.fromkeys(node_ids)))
        return [found[node_id] for node_id in node_ids]


async def _each(
    context: RequestContext, viewer: Viewer, node_ids: list[strawberry.ID]
) -> dict[strawberry.ID, Node | None]:
    things = await asyncio.gather(*(find_node(context, viewer, node_id) for node_id in node_ids))
    return dict(zip(node_ids, things, strict=True))


async def find_node(context: RequestContext, viewer: Viewer, node_id: str) -> Node | None:
    """None for what names nothing, and for what the viewer does not see."""
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


async def _alert_rule(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("alr", text)
    found = await alert_queries.find_rule(viewer, uuid) if uuid else None
    return AlertRule.of(found) if found else None


async def _alert(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("alt", text)
    found = await alert_queries.find_alert(viewer, uuid) if uuid else None
    return shown_alert(found) if found else None


async def _endpoint(context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("whe", text)
    found = await webhook_queries.find_endpoint(viewer, context.core.clock.fixed, uuid) if uuid else None
    return shown_endpoint(found) if found else None


async def _delivery(_context: RequestContext, viewer: Viewer, text: str) -> Node | None:
    uuid = ids.read("whd", text)
    found = await webhook_queries.find_delivery(viewer, uuid) if uuid else None
    return shown_delivery(found) if found else None


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
    "whe": _endpoint,
    "whd": _delivery,
    "alr": _alert_rule,
    "alt": _alert,
}
