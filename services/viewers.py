"""Who a token stands for, as its process remembers it, and when it was last used."""

import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import orjson

from domain import access
from domain.access import Role, Viewer
from domain.sign_in import IDLE_HOURS
from services.coalescing import Coalescer
from services.core import Core
from services.database import Row, read, write
from services.people_rows import may_enter

CACHE_SECONDS = 2.0
"""How long another process may go on honouring a credential that has ended: well within the 5 s of the laws."""
_CACHE_SIZE = 10_000
_OURS = re.compile(r"tj[st]_[\w-]{43}", re.ASCII)
_LONG_AGO = "1 hour"
"""After so long a new use is written at once: were it lost, the session might seem idle that is not."""

_AT = "coalesce($2::timestamptz, clock_timestamp())"
_FIND = f"""
SELECT s.token_hash, s.id, s.user_id, u.role, u.tenant_id, NULL::uuid AS bound_to, NULL::jsonb AS permissions,
    s.last_seen_at < {_AT} - interval '{_LONG_AGO}' AS long_ago
FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN tenants t ON t.id = u.tenant_id
WHERE s.token_hash = ANY($1::bytea[]) AND s.ended_at IS NULL AND s.expires_at > {_AT}
    AND s.last_seen_at > {_AT} - interval '{IDLE_HOURS} hours' AND {may_enter("u", "t")}
UNION ALL
SELECT k.token_hash, k.id, NULL, m.role, m.tenant_id, k.tenant_id, k.permissions, false
FROM api_tokens k LEFT JOIN tenants b ON b.id = k.tenant_id
LEFT JOIN users m ON m.id = k.maker_id LEFT JOIN tenants t ON t.id = m.tenant_id
WHERE k.token_hash = ANY($1::bytea[]) AND k.revoked_at IS NULL AND coalesce(k.expires_at > {_AT}, true)
    AND coalesce(b.active AND b.closed_at IS NULL, true)
    AND (m.id IS NULL OR ({may_enter("m", "t")}))
"""
# In order, and past those that are being ended or that another process is writing.
_USED = """
WITH used AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, at)),
    of_users AS (SELECT s.id FROM sessions s JOIN used USING (id) WHERE s.ended_at IS NULL
        ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED),
    of_programs AS (SELECT k.id FROM api_tokens k JOIN used USING (id) WHERE k.revoked_at IS NULL
        ORDER BY k.id FOR NO KEY UPDATE OF k SKIP LOCKED),
    seen AS (UPDATE sessions s SET last_seen_at = greatest(s.last_seen_at, coalesce(used.at, clock_timestamp()))
        FROM of_users JOIN used USING (id) WHERE s.id = used.id)
UPDATE api_tokens k SET last_used_at = greatest(k.last_used_at, coalesce(used.at, clock_timestamp()))
FROM of_programs JOIN used USING (id) WHERE k.id = used.id
"""


@dataclass(slots=True)
class _Known:
    """Whom a token stands for. `long_ago`: by the store its session was last used an hour ago or more."""

    viewer: Viewer
    long_ago: bool
    until: float


class Viewers:
    """One per process. Who a token stands for is remembered for two seconds, its use until the next round."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._forgotten = 0
        self._used: dict[UUID, datetime | None] = {}
        self._unknown = Coalescer(self._load)
        """However many made-up tokens come at once: a statement for all of them."""

    async def of(self, token: str) -> Viewer | None:
        """None for an unknown, expired, ended or revoked one, or a suspended owner's. Asking is no use of it."""
        known = await self._find(token)
        return known.viewer if known else None

    async def using(self, token: str) -> Viewer | None:
        """The same for a request: from then on its session is not idle."""
        known = await self._find(token)
        if known is None:
            return None
        self.note(known.viewer)
        if known.long_ago:
            known.long_ago = False
            await self.write_uses()
        return known.viewer

    def note(self, viewer: Viewer) -> None:
        """Its session or token is in use; written with the next round."""
        if viewer.credential is not None:
            self._used[viewer.credential] = self._core.clock.fixed

    async def write_uses(self) -> None:
        """What was used since the last time, in one statement."""
        if not self._used:
            return
        used, self._used = self._used, {}
        try:
            await write(lambda connection: connection.execute_query(_USED, [list(used), list(used.values())]))
        except BaseException:
            self._used = used | self._used
            raise

    def forget(self) -> None:
        """After something has ended: here it ends at once."""
        self._known.clear()
        self._forgotten += 1

    async def _find(self, token: str) -> _Known | None:
        if not _OURS.fullmatch(token):
            return None
        hashed = hash_token(self._core, token)
        known = self._known.get(hashed)
        if known is not None and time.monotonic() < known.until:
            return known
        forgotten = self._forgotten
        row = await self._unknown.get(hashed)
        self._known.pop(hashed, None)
        if row is None:
            return None
        found = _Known(_viewer(row), row["long_ago"], time.monotonic() + CACHE_SECONDS)
        if forgotten == self._forgotten:  # else it may have been read before what ended meanwhile
            self._known[hashed] = found
            if len(self._known) > _CACHE_SIZE:
                self._known.popitem(last=False)
        return found

    async def _load(self, hashes: Sequence[bytes]) -> dict[bytes, Row]:
        rows = await read(_FIND, hashes, self._core.clock.fixed)
        return {bytes(row["token_hash"]): row for row in rows}


def hash_token(core: Core, token: str) -> bytes:
    """Keyed: a stolen table names no token."""
    return hmac.digest(core.secret, token.encode(errors="replace"), sha256)


def _viewer(row: Row) -> Viewer:
    role = Role(row["role"]) if row["role"] else None
    if row["permissions"] is None:
        assert role is not None
        return access.viewer_of_user(row["user_id"], role, row["tenant_id"], row["id"])
    permissions = frozenset(orjson.loads(row["permissions"]))
    if role is not None:
        permissions = access.still_carried(permissions, row["bound_to"], role, row["tenant_id"])
    return access.viewer_of_token(row["id"], row["bound_to"], permissions)
