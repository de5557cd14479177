"""Sessions: the caller's own, and what ends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.access import Viewer
from domain.refusals import Forbidden, NotFound
from domain.sign_in import IDLE_HOURS
from services import audit
from services.core import Core
from services.database import Row, read, write

_AT = "coalesce($2::timestamptz, clock_timestamp())"
_LIVE = f"""
user_id = $1 AND ended_at IS NULL AND expires_at > {_AT} AND last_seen_at > {_AT} - interval '{IDLE_HOURS} hours'
"""
_COLUMNS = "id, address, user_agent, created_at, last_seen_at"
_LIST = f"SELECT {_COLUMNS} FROM sessions WHERE {_LIVE} ORDER BY id DESC LIMIT 100"
_FIND = f"SELECT {_COLUMNS} FROM sessions WHERE {_LIVE} AND id = $3"
_END = f"UPDATE sessions SET ended_at = {_AT} WHERE {_LIVE} AND id = $3 RETURNING id"
_END_OTHERS = f"UPDATE sessions SET ended_at = {_AT} WHERE {_LIVE} AND id <> $3 RETURNING id"
_END_OF_USERS = """
UPDATE sessions SET ended_at = $2
WHERE user_id = ANY($1::uuid[]) AND ended_at IS NULL AND id IS DISTINCT FROM $3::uuid
"""
_END_OF_TENANT = """
UPDATE sessions s SET ended_at = $2 FROM users u WHERE u.tenant_id = $1 AND s.user_id = u.id AND s.ended_at IS NULL
"""
_END_OLDEST = """
UPDATE sessions SET ended_at = $2 WHERE id IN (
    SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id DESC OFFSET $3
) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A place that somebody is signed in at."""

    id: UUID
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


async def list_sessions(core: Core, viewer: Viewer) -> list[LiveSession]:
    """The caller's own that have not ended, newest first; a token has none."""
    if viewer.user_id is None:
        return []
    return [_read(row) for row in await read(_LIST, viewer.user_id, core.clock.fixed)]


async def find_session(core: Core, viewer: Viewer, session_id: UUID) -> LiveSession | None:
    """None for one that has ended, or is another's."""
    rows = await read(_FIND, viewer.user_id, core.clock.fixed, session_id)
    return _read(rows[0]) if rows else None


async def end_session(core: Core, viewer: Viewer, session_id: UUID, action: str) -> None:
    """Raises NotFound for one that has ended, or is another's."""

    async def work(connection: BaseDBAsyncClient) -> None:
        values = [viewer.user_id, core.clock.fixed, session_id]
        if not await connection.execute_query_dict(_END, values):
            raise NotFound("There is no such session.")
        await audit.record(connection, core.clock, viewer, action, ids.make("ses", session_id), whose=viewer.user_id)

    await write(work)
    core.tell_ended()


async def end_other_sessions(core: Core, viewer: Viewer) -> int:
    """All of the caller's but the one that asks; how many those were. Raises Forbidden for an API token."""
    if viewer.user_id is None or viewer.credential is None:
        raise Forbidden("An API token has no sessions.")

    async def work(connection: BaseDBAsyncClient) -> int:
        ended = await connection.execute_query_dict(_END_OTHERS, [viewer.user_id, core.clock.fixed, viewer.credential])
        if ended:
            facts = {"sessions": len(ended)}
            await audit.record(connection, core.clock, viewer, "endOtherSessions", viewer.actor, before=facts)
        return len(ended)

    ended = await write(work)
    if ended:
        core.tell_ended()
    return ended


async def sign_out(core: Core, viewer: Viewer) -> None:
    """End the session that asks; an API token has none, and stays."""
    if viewer.user_id is None or viewer.credential is None:
        raise Forbidden("An API token does not sign out: revoke it.")
    await end_session(core, viewer, viewer.credential, "signOut")


# What follows ends sessions in the transaction of what is the reason: a new password, role or tenant, a suspension, a
# deletion. Whoever calls it holds the row of the user or of their tenant, which a session that is just beginning waits
# for (services/sign_in.py), and calls core.tell_ended after the commit.


async def end_of_users(
    connection: BaseDBAsyncClient,
    instant: datetime,
    user_ids: Sequence[UUID],
    *,
    except_session: UUID | None = None,
) -> None:
    """All of theirs, but the one that is kept. The users' rows are locked."""
    await connection.execute_query(_END_OF_USERS, [list(user_ids), instant, except_session])


async def end_of_tenant(connection: BaseDBAsyncClient, instant: datetime, tenant_id: UUID) -> None:
    """All of its users'. The tenant's row is locked."""
    await connection.execute_query(_END_OF_TENANT, [tenant_id, instant])


async def end_oldest(connection: BaseDBAsyncClient, instant: datetime, user_id: UUID, kept: int) -> bool:
    """Those beyond the newest; whether there were any. The user's row is locked."""
    return bool(await connection.execute_query_dict(_END_OLDEST, [user_id, instant, kept]))


def _read(row: Row) -> LiveSession:
    return LiveSession(row["id"], row["address"], row["user_agent"], row["created_at"], row["last_seen_at"])
