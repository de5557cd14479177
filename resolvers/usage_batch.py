"""Usage as services report it: up to 10,000 events in a request, read column by column, since one by one costs more."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeVar

from graphql import GraphQLError

from domain.refusals import BadInput
from domain.usage import UsageEvent
from resolvers.context import RequestContext
from schema.scalars import parse_decimal, parse_instant
from services.tenant_names import tenants_named
from services.usage import record_usage

T = TypeVar("T")

MOST_EVENTS = 10_000
_FIELDS = frozenset(("tenantId", "service", "quantity", "occurredAt", "key", "corrects"))
_Kinds = set[type[Any]]
_TEXT: _Kinds = {str}
_TEXT_OR_NONE: _Kinds = {str, type(None)}
_NUMBER: _Kinds = {str, int}


async def record_batch(context: RequestContext, events: Any, *, dry_run: bool) -> dict[str, int]:
    """What became of the events. Raises what record_usage raises; BadInput names the first that is not well-formed."""
    viewer = context.signed_in
    _check_events(events)
    await asyncio.sleep(0)  # others have their turn
    names = _column(events, "tenantId", _TEXT, "a string")
    tenants = await tenants_named(viewer, set(names))
    columns = (
        map(tenants.__getitem__, names),
        _column(events, "key", _TEXT, "a string"),
        _column(events, "service", _TEXT, "a string"),
        _parsed(events, "quantity", parse_decimal, _NUMBER, "a string or an integer"),
        _parsed(events, "occurredAt", parse_instant, _TEXT_OR_NONE, "a string"),
        _column(events, "corrects", _TEXT_OR_NONE, "a string"),
    )
    asked = list(map(UsageEvent._make, zip(*columns, strict=True)))
    await asyncio.sleep(0)
    tally = await record_usage(context.core, viewer, asked, most=MOST_EVENTS, dry_run=dry_run)
    return {"accepted": len(tally.recorded), "duplicates": tally.duplicates}


def _check_events(events: Any) -> None:
    """Objects with the fields of an event and no others."""
    if type(events) is not list or set(map(type, events)) - {dict}:
        raise BadInput("events takes a list of objects.")
    if unknown := set(chain.from_iterable(events)) - _FIELDS:
        name = min(unknown)
        at = next(index for index, event in enumerate(events) if name in event)
        raise BadInput(f"events[{at}] has a field {name[:40]!r}. There are: {', '.join(sorted(_FIELDS))}.")


def _column(events: Sequence[dict[str, Any]], name: str, kinds: _Kinds, what: str) -> list[Any]:
    """Of values of these kinds."""
    values = [event.get(name) for event in events]
    if not kinds.issuperset(map(type, values)):
        at = next(index for index, value in enumerate(values) if type(value) not in kinds)
        raise BadInput(f"events[{at}].{name} takes {what}.")
    return values


def _parsed(
    events: Sequence[dict[str, Any]], name: str, parse: Callable[[object], T], kinds: _Kinds, what: str
) -> list[T | None]:
    """Each value that differs is parsed once; there are few quantities."""
    values = _column(events, name, kinds, what)
    parsed: dict[object, T | None] = {None: None}
    for index, value in enumerate(values):
        if value not in parsed:
            try:
                parsed[value] = parse(value)
            except GraphQLError as why:
                raise BadInput(f"events[{index}].{name}: {why.message}") from None
    return [parsed[value] for value in values]
