"""Checkpoints of the whole store: taken from it, and held against it."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from domain import access, ids
from domain.access import Viewer
from domain.checkpoints import Head, Key, Writer
from domain.verification import Broken
from services.core import Core
from services.database import Connection, batches, count_rows, now, read

_HEADS = "SELECT id, version, hash FROM wallets ORDER BY id"
_PAGE = "SELECT id, version, hash FROM wallets WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2"
_UNLIKE = """
SELECT c.id, c.version, c.hash, w.version AS newest, t.hash AS found
FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS c(id, version, hash, place)
LEFT JOIN wallets w ON w.id = c.id
LEFT JOIN wallet_transactions t ON t.wallet_id = c.id AND t.version = c.version
WHERE w.id IS NULL OR (c.version > 0 AND t.hash IS DISTINCT FROM c.hash)
ORDER BY c.place LIMIT 1
"""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head that proves by itself what it was."""

    head: Head
    time: datetime
    signature: str


async def take(connection: Connection, key: Key) -> AsyncIterator[bytes]:
    """The lines of a checkpoint of this moment."""
    writer = Writer(key)
    ((time, wallets),) = await connection.fetch("SELECT clock_timestamp(), count(*) FROM wallets")
    yield writer.header(time, wallets)
    async for rows in batches(connection, _HEADS):
        for row in rows:
            yield writer.head(Head(row["id"], row["version"], row["hash"]))
    yield writer.signature()


async def first_against(connection: Connection, heads: Iterable[Head]) -> Broken | None:
    """The first wallet that is gone, or whose log does not have that version with that hash any more."""
    following = iter(heads)
    while some := list(islice(following, _AT_ONCE)):
        values = [h.wallet_id for h in some], [h.version for h in some], [h.hash for h in some]
        row = await connection.fetchrow(_UNLIKE, *values)
        if row is not None:
            return _broken(row["id"], row["version"], row["hash"], row["newest"], row["found"])
    return None


def _broken(wallet_id: UUID, version: int, head: bytes, newest: int | None, found: bytes | None) -> Broken:
    if newest is None:
        return Broken(ids.make("wal", wallet_id), 6, f"the checkpoint has it with version {version}; it is gone")
    row = ids.make_numbered("txn", wallet_id, version)
    if found is None:
        return Broken(row, 6, f"the checkpoint has it; the log was cut and ends with version {newest}")
    return Broken(row, 6, f"the checkpoint has it with the hash {head.hex()}; in the log it is {found.hex()}")


async def list_heads(core: Core, viewer: Viewer, limit: int, after: UUID | None) -> list[SignedHead]:
    """By wallet, each signed by itself, for those who see all."""
    if not access.holds_everywhere(viewer, "audit:read"):
        return []
    time, key = await now(core.clock), Key(core.secret)
    heads = [Head(row["id"], row["version"], row["hash"]) for row in await read(_PAGE, after, limit)]
    return [SignedHead(head, time, key.sign(head, time)) for head in heads]


async def count_heads(viewer: Viewer) -> int | None:
    """None beyond 10,000."""
    if not access.holds_everywhere(viewer, "audit:read"):
        return 0
    return await count_rows("SELECT 1 FROM wallets")
