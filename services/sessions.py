"""Sessions: the caller's own, and what ends them."""

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
from services.viewers import Viewers

_AT = "coalesce($2::timestamptz, clock_timestamp())"
_LIVE = f"""
user_id = $1 AND ended_at IS NULL AND expires_at > {_AT} AND last_seen_at > {_AT} - interval '{IDLE_HOURS} hours'
"""
_COLUMNS = "id, address, user_agent, created_at, last_seen_at"
_LIST = f"SELECT {_COLUMNS} FROM sessions WHERE {_LIVE} ORDER BY id DESC LIMIT 100"
_FIND = f"SELECT {_COLUMNS} FROM sessions WHERE {_LIVE} AND id = $3"
_END = f"UPDATE sessions SET ended_at = {_AT} WHERE {_LIVE} AND id = $3 RETURNING id"
_LOCK_USER = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE"
_END_ALL = """
UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3::uuid
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


async def end_session(core: Core, viewers: Viewers, viewer: Viewer, session_id: UUID, action: str) -> None:
    """Raises NotFound for one that has ended, or is another's."""

    async def work(connection: BaseDBAsyncClient) -> None:
        values = [viewer.user_id, core.clock.fixed, session_id]
        if not await connection.execute_query_dict(_END, values):
            raise NotFound("There is no such session.")
        await audit.record(connection, core.clock, viewer, action, ids.make("ses", session_id))

    await write(work)
    viewers.forget()


async def sign_out(core: Core, viewers: Viewers, viewer: Viewer) -> None:
    """End the session that asks; an API token has none, and stays."""
    if viewer.user_id is None or viewer.credential is None:
        raise Forbidden("An API token does not sign out: revoke it.")
    await end_session(core, viewers, viewer, viewer.credential, "signOut")


async def end_all(
    connection: BaseDBAsyncClient, instant: datetime, user_id: UUID, *, except_session: UUID | None = None
) -> None:
    """End the user's sessions, in the transaction of what is the reason: a new password, role, phone or tenant, a
    suspension. After it commits the caller has its process forget whom tokens stand for (`Viewers.forget`)."""
    await connection.execute_query(_LOCK_USER, [user_id])  # a session that is just beginning is there first, or not
    await connection.execute_query(_END_ALL, [user_id, instant, except_session])


def _read(row: Row) -> LiveSession:
    return LiveSession(row["id"], row["address"], row["user_agent"], row["created_at"], row["last_seen_at"])
