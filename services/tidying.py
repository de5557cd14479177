"""What has served its time is deleted: sessions that ended long ago, tries to sign in that count no more, and messages
of webhooks that were delivered, or failed, a month ago. What they did stays in the audit.
"""

from domain.sign_in import KEPT_DAYS
from domain.webhooks import DELIVERIES_KEPT_DAYS
from services.core import Core
from services.database import write

BATCH = 1_000
MOST_BATCHES = 20
"""In one round: the next one goes on."""
_AT = "coalesce($1::timestamptz, statement_timestamp())"
# Every session expires within days of its sign-in, also one that was ended before.
_SESSIONS = f"""
DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE expires_at < {_AT} - interval '{KEPT_DAYS} days' ORDER BY expires_at LIMIT $2
    FOR UPDATE SKIP LOCKED
) RETURNING id
"""
_ATTEMPTS = f"""
DELETE FROM sign_in_attempts WHERE key IN (
    SELECT key FROM sign_in_attempts WHERE forgotten_at < {_AT} ORDER BY forgotten_at LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING key
"""
_DELIVERIES = f"""
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT id FROM webhook_deliveries
    WHERE status <> 'PENDING' AND created_at < {_AT} - interval '{DELIVERIES_KEPT_DAYS} days'
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


async def tidy(core: Core) -> int:
    """One round; how many rows it deleted."""
    return sum([await _delete(core, sql) for sql in (_SESSIONS, _ATTEMPTS, _DELIVERIES)])


async def _delete(core: Core, sql: str) -> int:
    values, deleted = [core.clock.fixed, BATCH], 0
    for _ in range(MOST_BATCHES):
        rows = await write(lambda connection: connection.execute_query_dict(sql, values))
        deleted += len(rows)
        if len(rows) < BATCH:
            break
    return deleted
