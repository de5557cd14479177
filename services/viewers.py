"""Who a token stands for, as its process remembers it."""

import hmac
import time
from collections import OrderedDict
from hashlib import sha256

import orjson

from domain import access
from domain.access import Role, Viewer
from services.core import Core
from services.database import read

CACHE_SECONDS = 2.0
"""How long another process may go on honouring a credential that has ended: well within the 5 s of the laws."""
_CACHE_SIZE = 10_000

_VIEWER = """
SELECT 'session' AS kind, s.id, s.user_id, u.role, u.tenant_id, NULL::jsonb AS permissions FROM sessions s
JOIN users u ON u.id = s.user_id LEFT JOIN tenants t ON t.id = u.tenant_id
WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > coalesce($2::timestamptz, clock_timestamp())
    AND u.active AND u.closed_at IS NULL AND coalesce(t.active AND t.closed_at IS NULL, true)
UNION ALL
SELECT 'token', k.id, NULL, NULL, k.tenant_id, k.permissions FROM api_tokens k LEFT JOIN tenants t ON t.id = k.tenant_id
WHERE k.token_hash = $1 AND k.revoked_at IS NULL
    AND coalesce(k.expires_at > coalesce($2::timestamptz, clock_timestamp()), true)
    AND coalesce(t.active AND t.closed_at IS NULL, true)
"""


class Viewers:
    """Who a token stands for, remembered for two seconds."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._seen: OrderedDict[bytes, tuple[Viewer, float]] = OrderedDict()

    async def of(self, token: str) -> Viewer | None:
        """None for an unknown, expired, ended or revoked one, or a suspended owner's."""
        hashed = hash_token(self._core, token)
        seen = self._seen.get(hashed)
        if seen is not None and time.monotonic() - seen[1] < CACHE_SECONDS:
            return seen[0]
        viewer = await _load_viewer(self._core, hashed)
        self._seen.pop(hashed, None)
        if viewer is not None:
            self._seen[hashed] = (viewer, time.monotonic())
            if len(self._seen) > _CACHE_SIZE:
                self._seen.popitem(last=False)
        return viewer

    def forget(self) -> None:
        """After something has ended: here it ends at once."""
        self._seen.clear()


def hash_token(core: Core, token: str) -> bytes:
    """Keyed: a stolen table names no token."""
    return hmac.digest(core.secret, token.encode(errors="replace"), sha256)


async def _load_viewer(core: Core, hashed: bytes) -> Viewer | None:
    rows = await read(_VIEWER, hashed, core.clock.fixed)
    if not rows:
        return None
    row = rows[0]
    if row["kind"] == "token":
        return access.viewer_of_token(row["id"], row["tenant_id"], frozenset(orjson.loads(row["permissions"])))
    return access.viewer_of_user(row["user_id"], Role(row["role"]), row["tenant_id"], row["id"])
