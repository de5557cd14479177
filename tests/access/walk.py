"""What the table must have: every field of the roots, every edge between things, every route."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLObjectType, get_named_type, is_composite_type
from starlette.applications import Starlette
from starlette.routing import Mount, Route

ROOTS = ("Query", "Mutation", "Subscription")
PLUMBING = ("Connection", "Edge", "PageInfo")
"""What a list is made of: its entries are looked at where the list is."""
PARTS = ("Balance", "LockStatus", "WalletState", "PriceTier", "RunAmounts", "BrokenRow", "RefusedEvent")
"""Values that come with the thing they are of, and lead nowhere."""


def coordinates(schema: strawberry.Schema) -> set[str]:
    """`Query.wallet`, `Wallet.owner`, and what a resolver works out, as `Wallet.monthlyCharge`."""
    return {
        f"{kind.name}.{name}"
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__") and not kind.name.endswith(PLUMBING)
        for name in kind.fields
        if kind.name in ROOTS or _leads(kind, name) or name in _resolved(schema, kind.name)
    }


def _leads(kind: GraphQLObjectType, name: str) -> bool:
    leads_to = get_named_type(kind.fields[name].type)
    return is_composite_type(leads_to) and leads_to.name not in PARTS


def _resolved(schema: strawberry.Schema, kind: str) -> set[str]:
    definition: Any = schema.get_type_by_name(kind)
    naming = schema.config.name_converter
    return {naming.get_graphql_name(field) for field in definition.fields if field.base_resolver is not None}


def routes(app: Starlette) -> Iterator[str]:
    """`GET /healthz`; a mounted folder is `GET /folder/*`."""
    for route in app.routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or {"ANY"}) - {"HEAD"}):
                yield f"{method} {route.path}"
        elif isinstance(route, Mount):
            yield f"GET {route.path}/*"
        else:
            yield f"WEBSOCKET {getattr(route, 'path', '?')}"


def suggested(name: str) -> str:
    """The row to begin with."""
    kind, _, field = name.partition(".")
    if kind in ROOTS:
        return f"{name}  a pattern  {field}(…)"
    root = f"{kind[0].lower()}{kind[1:]}"
    return f"{name}  a pattern  {root}(id: <{root}>) {{ {field} {{ id }} }}"
