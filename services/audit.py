"""Every change of state outside the wallets' logs leaves an audit row, in the transaction of the change."""

from collections.abc import Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.access import Viewer
from models.people import AuditEntry
from services.clock import Clock
from services.database import now
from services.identity import new_uuid

Facts = Mapping[str, object]


async def record(
    connection: BaseDBAsyncClient,
    clock: Clock,
    viewer: Viewer,
    action: str,
    subject_id: str,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Who did what to which thing (an id of the API), with what changed. Never a secret."""
    await AuditEntry.create(
        id=new_uuid(),
        time=await now(clock, connection),
        actor=viewer.actor,
        action=action,
        subject_id=subject_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        using_db=connection,
    )
