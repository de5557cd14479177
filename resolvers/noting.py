"""What is noted of a request while it is answered, whatever its transport: for its line in the log, and to be counted.

Never what it said: names that are ours, ids, kinds of refusals.
"""

from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resolvers.context import RequestContext

_MOST = 100
"""Answers of one socket, which may live long, that are remembered by their fields."""


@dataclass(slots=True)
class Notes:
    """Of one HTTP request, or of one websocket."""

    id: str
    context: "RequestContext | None" = None
    """Once it is known who asks."""
    operation: str | None = None
    fields: Mapping[str | int, str] | None = None
    """Root fields' names by the names that they have in the answer."""
    refused: list[str] | None = None
    """Each kind once."""
    refused_fields: dict[str | int, str] | None = None
    """Why, by the name that a root field has in the answer."""


NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)
REFUSED: Counter[str] = Counter()
"""Of this process: refusals by their class, faults by their code."""


def refused(kind: str, root_field: str | int | None = None) -> None:
    """Something was refused; called where a refusal or fault becomes an answer, once for each."""
    REFUSED[kind] += 1
    if (notes := NOTES.get()) is None:
        return
    notes.refused = notes.refused or []
    if kind not in notes.refused:
        notes.refused.append(kind)
    if root_field is not None:
        notes.refused_fields = notes.refused_fields or {}
        if len(notes.refused_fields) < _MOST:
            notes.refused_fields[root_field] = kind


def noted(context: "RequestContext") -> "RequestContext":
    """The same; the request's line says who asked."""
    if (notes := NOTES.get()) is not None:
        notes.context = context
    return context
