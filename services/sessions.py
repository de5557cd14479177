"""Stories of who asks: signing in and out, API tokens, and the viewer that a token stands for."""

import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from domain import access, ids, inputs, people
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotFound, NotPossible
from models.people import ApiToken, Session, Tenant, User
from services import audit, passwords
from services.core import Core
from services.database import now, read, reading, write
from services.identity import new_uuid
from services.people import e164, read_user

SESSION_DAYS = 7
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
# As _VIEWER has it: the session of anyone else would stand for nobody.
_MAY_ENTER = Q(active=True, closed_at=None) & (Q(tenant_id=None) | Q(tenant__active=True, tenant__closed_at=None))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token is shown this once."""

    token: str
    user: people.User
    expires_at: datetime
    viewer: Viewer


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


async def sign_in(core: Core, phone: str, password: str, *, address: str, user_agent: str) -> SignedIn:
    """A new session. Raises NotPossible, alike for an unknown phone, a wrong password and whoever is suspended."""
    try:
        number = e164(phone)
        user = await reading(lambda: User.filter(_MAY_ENTER, phone=number).first())
    except BadInput:
        user = None
    right = await passwords.is_right(password, user.password_hash if user else None)
    if not right or user is None:
        raise NotPossible("The phone or the password is wrong.")
    token = f"tjs_{secrets.token_urlsafe(32)}"
    owner = user

    session_id = new_uuid()
    viewer = access.viewer_of_user(owner.id, Role(owner.role), owner.tenant_id, session_id)

    async def work(connection: BaseDBAsyncClient) -> datetime:
        instant = await now(core.clock, connection)
        expires_at = instant + timedelta(days=SESSION_DAYS)
        await Session.create(
            id=session_id,
            user_id=owner.id,
            token_hash=hash_token(core, token),
            address=address[:64],
            user_agent=user_agent[:255],
            created_at=instant,
            expires_at=expires_at,
            last_seen_at=instant,
            using_db=connection,
        )
        await audit.record(connection, core.clock, viewer, "signIn", ids.make("ses", session_id))
        return expires_at

    return SignedIn(token, read_user(owner), await write(work), viewer)


async def sign_out(core: Core, viewers: Viewers, viewer: Viewer) -> None:
    """End the session that asks; an API token has none, and stays."""
    if viewer.user_id is None or viewer.credential is None:
        raise Forbidden("An API token does not sign out: revoke it.")
    session_id = viewer.credential

    async def work(connection: BaseDBAsyncClient) -> None:
        instant = await now(core.clock, connection)
        await Session.filter(id=session_id, ended_at=None).using_db(connection).update(ended_at=instant)
        await audit.record(connection, core.clock, viewer, "signOut", ids.make("ses", session_id))

    await write(work)
    viewers.forget()


async def create_api_token(
    core: Core,
    viewer: Viewer,
    name: str,
    tenant_id: UUID | None,
    permissions: list[str],
    expires_at: datetime | None,
) -> tuple[UUID, str]:
    """Its id and, this once, the token. Raises NotFound, Forbidden, BadInput."""
    access.require(viewer, "token:write", tenant_id)
    name = inputs.name("name", name)
    _check_grantable(viewer, tenant_id, permissions)
    token = f"tjt_{secrets.token_urlsafe(32)}"
    token_id = new_uuid()

    async def work(connection: BaseDBAsyncClient) -> None:
        if tenant_id and not await Tenant.exists(id=tenant_id, closed_at=None):
            raise NotFound("There is no such tenant.")
        instant = await now(core.clock, connection)
        if expires_at is not None and expires_at <= instant:
            raise BadInput("expiresAt has passed: send a later instant, or none.")
        await ApiToken.create(
            id=token_id,
            name=name,
            tenant_id=tenant_id,
            permissions=sorted(permissions),
            prefix=token[:10],
            token_hash=hash_token(core, token),
            created_by=viewer.actor,
            created_at=instant,
            expires_at=expires_at,
            using_db=connection,
        )
        facts = {"name": name, "tenant": tenant_id and ids.make("ten", tenant_id), "permissions": sorted(permissions)}
        await audit.record(connection, core.clock, viewer, "createApiToken", ids.make("tok", token_id), after=facts)

    await write(work)
    return token_id, token


def _check_grantable(viewer: Viewer, tenant_id: UUID | None, permissions: list[str]) -> None:
    known = access.PERMISSIONS[Role.SUPER_ADMIN]
    if not permissions or len(set(permissions)) != len(permissions):
        raise BadInput("permissions takes at least one, each once.")
    if unknown := [p for p in permissions if p not in known]:
        raise BadInput(f"There is no permission {unknown[0][:40]!r}. There are: {', '.join(sorted(known))}.")
    if excess := set(permissions) - access.grantable(viewer, tenant_id):
        raise Forbidden(f"You cannot hand out {', '.join(sorted(excess))}.")
