"""What all wallets held as each day (UTC) ended, kept once nothing dated in that day can come any more.

A past balance is a look-up in each wallet's log, so a day costs as much as there are wallets, however long their logs.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from services.core import Core
from services.database import now, read, write

MOST_DAYS = 90
"""That a round adds of the time before it."""
SETTLES = timedelta(minutes=2)
"""After a day's end: what was begun before it is committed, or never will be."""
AT_ONCE = 2_000
"""Wallets that one statement looks into."""
_FIRST = "SELECT created_at FROM wallets ORDER BY id LIMIT 1"
_KEPT = "SELECT DISTINCT day FROM day_balances WHERE day >= $1"
_UNDECIDED = "SELECT 1 FROM wallets WHERE next_instant < $1 LIMIT 1"
_NEXT = (
    "SELECT max(id::text)::uuid AS last FROM (SELECT id FROM wallets WHERE id > $1 ORDER BY id LIMIT $2) AS following"
)
# A wallet that has not changed since says it itself; of the others the last line before is found by halving.
_HELD = """
WITH w AS MATERIALIZED (
    SELECT id, currency, total, version, updated_at FROM wallets WHERE id > $1 AND id <= $2 AND created_at < $3
)
SELECT currency, sum(total) AS total FROM (
    SELECT currency, total FROM w WHERE updated_at < $3
    UNION ALL
    SELECT w.currency, coalesce(past.total_after, 0) FROM w LEFT JOIN LATERAL (
        WITH RECURSIVE s(lo, hi) AS (
            SELECT 0::bigint, w.version
            UNION ALL
            SELECT CASE WHEN t.created_at < $3 THEN t.version ELSE s.lo END,
                CASE WHEN t.created_at < $3 THEN s.hi ELSE t.version - 1 END
            FROM s JOIN wallet_transactions t ON t.wallet_id = w.id AND t.version = (s.lo + s.hi + 1) / 2
            WHERE s.lo < s.hi
        )
        SELECT x.total_after FROM s JOIN wallet_transactions x ON x.wallet_id = w.id AND x.version = s.lo
        WHERE s.lo >= s.hi
    ) AS past ON true WHERE w.updated_at >= $3
) AS held GROUP BY currency
"""
_KEEP = """
INSERT INTO day_balances (day, currency, total)
SELECT $1, currency, total FROM unnest($2::text[], $3::numeric[]) AS n(currency, total) ON CONFLICT DO NOTHING
"""
# Of several processes one adds up, and no other waits for it.
_TURN = "SELECT pg_try_advisory_xact_lock(hashtext('day balances')) AS mine"
_IS_KEPT = "SELECT 1 FROM day_balances WHERE day = $1 LIMIT 1"


async def keep_days(core: Core) -> int:
    """One round: adds the days that are missing, newest first; how many. None while another process does so."""
    instant = await now(core.clock)
    first = await read(_FIRST)
    if not first:
        return 0
    last = (instant - SETTLES).astimezone(UTC).date() - timedelta(days=1)
    oldest = max(first[0]["created_at"].astimezone(UTC).date(), last - timedelta(days=MOST_DAYS - 1))
    kept = {row["day"] for row in await read(_KEPT, oldest)}
    days = [last - timedelta(days=back) for back in range((last - oldest).days + 1)]
    added = 0
    for day in days:
        if day not in kept:
            mine, done = await write(partial(_keep, day))
            if not mine:
                break
            added += done
    return added


async def _keep(day: date, connection: BaseDBAsyncClient) -> tuple[bool, bool]:
    """Whether it is this process's turn, and whether it added the day.

    It adds none while the sweeper has not yet written what the clock decided by then.
    """
    if not (await connection.execute_query_dict(_TURN))[0]["mine"]:
        return False, False
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    if await connection.execute_query_dict(_IS_KEPT, [day]) or await connection.execute_query_dict(_UNDECIDED, [end]):
        return True, False
    held = await _held(connection, end)
    await connection.execute_query(_KEEP, [day, list(held), list(held.values())])
    return True, True


async def _held(connection: BaseDBAsyncClient, end: datetime) -> dict[str, Decimal]:
    """By currency. Some wallets after others: what they held then is so for ever."""
    held: dict[str, Decimal] = {}
    cursor = UUID(int=0)
    while last := (await connection.execute_query_dict(_NEXT, [cursor, AT_ONCE]))[0]["last"]:
        for row in await connection.execute_query_dict(_HELD, [cursor, last, end]):
            held[row["currency"]] = held.get(row["currency"], Decimal(0)) + row["total"]
        cursor = last
    return held
