"""Tokens for programs: made, listed, revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotFound
from models.access import ApiToken
from models.people import Tenant
from services import audit
from services.core import Core
from services.database import Row, count_rows, now, read, write
from services.identity import new_uuid
from services.viewers import hash_token

_SHOWN = 10
"""Characters of a token that stay known, of 47: its kind and 36 of its 256 bits."""
_COLUMNS = "id, name, tenant_id, permissions, prefix, created_at, expires_at, last_used_at, revoked_at"
_LIST = f"""
SELECT {_COLUMNS} FROM api_tokens WHERE ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
"""
_LIST_OF_TENANT = f"""
SELECT {_COLUMNS} FROM api_tokens WHERE ($1::uuid IS NULL OR id < $1) AND tenant_id = $3 ORDER BY id DESC LIMIT $2
"""
_FIND = f"SELECT {_COLUMNS} FROM api_tokens WHERE id = $1"
_REVOKE = "UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING name"


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token as it is listed: what it is recognised by, never itself."""

    id: UUID
    name: str
    tenant_id: UUID | None
    permissions: list[str]
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


async def list_api_tokens(viewer: Viewer, limit: int, after: UUID | None) -> list[TokenRecord]:
    """Those that the viewer sees, newest first, the revoked ones too."""
    if not access.sees_token(viewer, viewer.home):
        return []
    if viewer.home is None:
        return [_read(row) for row in await read(_LIST, after, limit)]
    return [_read(row) for row in await read(_LIST_OF_TENANT, after, limit, viewer.home)]


async def list_tokens_of(viewer: Viewer, tenant_id: UUID, limit: int, after: UUID | None) -> list[TokenRecord]:
    """Those bound to the tenant, newest first, the revoked ones too; none for whoever does not see them."""
    if not access.sees_token(viewer, tenant_id):
        return []
    return [_read(row) for row in await read(_LIST_OF_TENANT, after, limit, tenant_id)]


async def count_tokens_of(viewer: Viewer, tenant_id: UUID) -> int | None:
    """None beyond 10,000."""
    if not access.sees_token(viewer, tenant_id):
        return 0
    return await count_rows("SELECT 1 FROM api_tokens WHERE tenant_id = $1", tenant_id)


async def find_api_token(viewer: Viewer, token_id: UUID) -> TokenRecord | None:
    """None for what is missing and for what the viewer does not see."""
    found = [_read(row) for row in await read(_FIND, token_id)]
    return found[0] if found and access.sees_token(viewer, found[0].tenant_id) else None


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
            prefix=token[:_SHOWN],
            token_hash=hash_token(core, token),
            created_by=viewer.actor,
            maker_id=await _maker(viewer),
            created_at=instant,
            expires_at=expires_at,
            using_db=connection,
        )
        facts = {
            "name": name,
            "tenant": tenant_id and ids.make("ten", tenant_id),
            "permissions": sorted(permissions),
            "expiresAt": expires_at and expires_at.isoformat(),
        }
        await audit.record(
            connection, core.clock, viewer, "createApiToken", ids.make("tok", token_id), after=facts, whose=tenant_id
        )

    await write(work)
    return token_id, token


async def _maker(viewer: Viewer) -> UUID | None:
    """The user behind it: also of a token that makes another."""
    if viewer.user_id is not None or viewer.credential is None:
        return viewer.user_id
    return (await ApiToken.get(id=viewer.credential)).maker_id


async def revoke_api_token(core: Core, viewer: Viewer, token_id: UUID) -> None:
    """It stays listed. Again changes nothing more. Raises NotFound, Forbidden."""
    token = await find_api_token(viewer, token_id)
    if token is None:
        raise NotFound("There is no such token.")
    access.require_may_revoke(viewer, token.tenant_id, token.permissions)

    async def work(connection: BaseDBAsyncClient) -> bool:
        revoked = await connection.execute_query_dict(_REVOKE, [token_id, await now(core.clock, connection)])
        if revoked:
            subject, facts = ids.make("tok", token_id), {"name": revoked[0]["name"]}
            await audit.record(
                connection, core.clock, viewer, "revokeApiToken", subject, before=facts, whose=token.tenant_id
            )
        return bool(revoked)

    if await write(work):
        core.tell_ended()


def _check_grantable(viewer: Viewer, tenant_id: UUID | None, permissions: list[str]) -> None:
    known = access.PERMISSIONS[Role.SUPER_ADMIN]
    if not permissions or len(set(permissions)) != len(permissions):
        raise BadInput("permissions takes at least one, each once.")
    if unknown := [p for p in permissions if p not in known]:
        raise BadInput(f"There is no permission {unknown[0][:40]!r}. There are: {', '.join(sorted(known))}.")
    if excess := set(permissions) - access.grantable(viewer, tenant_id):
        raise Forbidden(f"You cannot hand out {', '.join(sorted(excess))}.")


def _read(row: Row) -> TokenRecord:
    return TokenRecord(
        row["id"],
        row["name"],
        row["tenant_id"],
        orjson.loads(row["permissions"]),
        row["prefix"],
        row["created_at"],
        row["expires_at"],
        row["last_used_at"],
        row["revoked_at"],
    )
