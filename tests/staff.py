"""Who asks in a world: users of each role as viewers, and what the audit says of what they did."""

from typing import Any
from uuid import UUID

from domain import access, ids
from domain.access import Role, Viewer
from tests.world import World

PASSWORD = "a wren, nine kites & rain"
OTHER_PASSWORD = "seven herons under tin roofs"


async def staff(world: World, role: Role, tenant: UUID | None = None) -> Viewer:
    """A new user of that role, signed in."""
    user_id = await world.user(role=role, tenant_id=tenant)
    return access.viewer_of_user(user_id, role, tenant, await session_of(world, user_id))


async def session_of(world: World, user_id: UUID) -> UUID:
    """A session of theirs, begun now."""
    begun = """
    INSERT INTO sessions (id, user_id, token_hash, address, user_agent, created_at, expires_at, last_seen_at)
    SELECT gen_random_uuid(), $1, sha256(gen_random_uuid()::text::bytea), '', '', n, n + interval '7 days', n
    FROM (SELECT $2::timestamptz AS n) AS begun RETURNING id
    """
    [(session_id,)] = await world.sql(begun, user_id, world.core.clock.fixed)
    found: UUID = session_id
    return found


async def open_sessions(world: World, user_id: UUID) -> int:
    return int(
        (await world.sql("SELECT count(*) FROM sessions WHERE user_id = $1 AND ended_at IS NULL", user_id))[0][0]
    )


async def audited(world: World, subject: str) -> list[tuple[Any, ...]]:
    """Who, what, before and after, in order: JSON as text."""
    rows = "SELECT actor, action, before, after FROM audit_entries WHERE subject_id = $1 ORDER BY id"
    return await world.sql(rows, subject)


def usr(user_id: UUID | None) -> str:
    assert user_id is not None
    return ids.make("usr", user_id)
