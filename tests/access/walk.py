"""What the table must have: every field of the roots, every edge between things, every route."""

from collections.abc import Iterable, Iterator
from typing import Any

import strawberry
from graphql import GraphQLObjectType, get_named_type, is_composite_type
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

ROOTS = ("Query", "Mutation", "Subscription")
PLUMBING = ("Connection", "Edge", "PageInfo")
"""What a list is made of: its entries are looked at where the list is."""
PARTS = (
    "Balance",
    "LockStatus",
    "WalletState",
    "ExplanationStep",
    "ForecastLine",
    "ForecastMonth",
    "ForecastUsage",
    "MonthAmounts",
    "BalancePoint",
    "InvoiceLine",
    "ServiceCharge",
    "StatusAmounts",
    "PriceTier",
    "RunAmounts",
    "BrokenRow",
    "RefusedEvent",
    "RehearsedMonth",
    "RehearsedSum",
)
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


def routes(places: Iterable[BaseRoute], below: str = "") -> Iterator[str]:
    """`GET /healthz`; a folder of files is `GET /folder/*`. What goes over the websocket has rows of its own."""
    for place in places:
        if isinstance(place, Mount) and not place.routes:
            yield f"GET {below}{place.path}/*"
        elif isinstance(place, Mount):
            yield from routes(place.routes, below + place.path)
        elif isinstance(place, Route):
            path = place.path.replace(":path}", "}")
            yield from (f"{method} {below}{path}" for method in sorted((place.methods or {"ANY"}) - {"HEAD"}))
        else:
            assert isinstance(place, WebSocketRoute), place


def suggested(name: str) -> str:
    """The row to begin with."""
    if " /" in name:
        return f"{name}  a pattern  {name.partition(' ')[2]}"
    kind, _, field = name.partition(".")
    if kind in ROOTS:
        return f"{name}  a pattern  {field}(…)"
    root = f"{kind[0].lower()}{kind[1:]}"
    return f"{name}  a pattern  {root}(id: <{root}>) {{ {field} {{ id }} }}"
