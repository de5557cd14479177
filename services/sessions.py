"""Sessions: what ends them."""

from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.access import Viewer
from domain.refusals import Forbidden
from models.people import Session
from services import audit
from services.core import Core
from services.database import now, write
from services.viewers import Viewers

_END_ALL = """
UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3::uuid
"""


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


async def end_all(
    connection: BaseDBAsyncClient, instant: datetime, user_id: UUID, *, except_session: UUID | None = None
) -> None:
    """End the user's sessions, in the transaction of what is the reason: a new password, role, phone or tenant, a
    suspension. After it commits the caller has its process forget whom tokens stand for (`Viewers.forget`)."""
    await connection.execute_query(_END_ALL, [user_id, instant, except_session])
