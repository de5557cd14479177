"""Tokens for programs."""

import secrets
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Role, Viewer
from domain.refusals import BadInput, Forbidden, NotFound
from models.people import ApiToken, Tenant
from services import audit
from services.core import Core
from services.database import now, write
from services.identity import new_uuid
from services.viewers import hash_token


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
