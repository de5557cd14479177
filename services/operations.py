"""One request that moves money: its key, and a hash of what was asked for."""

from hashlib import sha256

import orjson

from domain import inputs
from domain.access import Viewer
from domain.ledger import Operation
from services.identity import new_uuid


def keyed(kind: str, viewer: Viewer, key: str, *asked: object) -> Operation:
    """The same key may come again only with the same input. Raises BadInput for what is no key."""
    input_hash = sha256(orjson.dumps([kind, *asked])).digest()
    return Operation(new_uuid(), kind, viewer.actor, inputs.key(key), input_hash)
