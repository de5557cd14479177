"""Arguments whose names Python has taken, and ids in them: what a mutation cannot read is NOT_FOUND."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from domain import ids, inputs
from domain.refusals import NotFound

Id = Annotated[strawberry.ID, strawberry.argument(name="id")]
Ids = Annotated[list[strawberry.ID], strawberry.argument(name="ids")]
INPUT = strawberry.argument(name="input")
OptionalId = Annotated[strawberry.ID | None, strawberry.argument(name="id")]

_NOUNS: dict[ids.Kind | ids.NumberedKind, str] = {
    "wal": "wallet",
    "ten": "tenant",
    "usr": "user",
    "veh": "vehicle",
    "tok": "token",
    "ses": "session",
    "prc": "price",
    "alr": "alert rule",
    "txn": "transaction",
    "hld": "hold",
    "inv": "invoice",
    "whe": "webhook endpoint",
    "whd": "webhook delivery",
}


def found(kind: ids.Kind, text: str) -> UUID:
    """The UUID in a mutation's argument, whether anything has it or not; NotFound where it has none."""
    uuid = ids.read(kind, text)
    if uuid is None:
        raise NotFound(f"There is no such {_NOUNS[kind]}.")
    return uuid


def found_numbered(kind: ids.NumberedKind, text: str) -> tuple[UUID, int]:
    """The same for what belongs to a wallet: the wallet, and the number in it."""
    key = ids.read_numbered(kind, text)
    if key is None:
        raise NotFound(f"There is no such {_NOUNS[kind]}.")
    return key


def found_if_given(kind: ids.Kind, text: str | None) -> UUID | None:
    """The same for an optional argument."""
    return None if text is None else found(kind, text)


def named_tenant(text: str | None) -> UUID | None:
    """To filter a list by: what names no tenant finds nothing, as one that is not there."""
    return None if text is None else ids.read("ten", text) or UUID(int=0)


def all_found(kind: ids.Kind, texts: Sequence[str] | None) -> list[UUID] | None:
    """The same for an optional list."""
    return None if texts is None else [found(kind, text) for text in texts]


def checked_text(name: str, text: str | None) -> str | None:
    """An optional argument to look for; BadInput for what no text of ours can be."""
    return None if text is None else inputs.text(name, text, inputs.LONGEST_NAME)
