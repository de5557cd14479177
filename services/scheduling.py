"""The server's own billing: each tenant's month some hours after its end, once however many processes look.

A round goes on with runs whose processes have died; then, while no run of the server's own is under way, it begins one
for the oldest month that is due. The database lets one such run be unfinished at a time.
"""

from collections.abc import Sequence
from datetime import date, datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.billing import bills_at, month_text
from domain.scheduling import first_open
from services import audit
from services.billing_runs import begin, resume
from services.billing_tenants import DUE, DueZones, Run, due_zones
from services.core import Core
from services.database import Row, now, read, write
from services.identity import new_uuid

_SOME = 1_000
_UNFINISHED = "SELECT 1 AS one FROM billing_runs WHERE scheduled AND finished_at IS NULL"
_BEGIN = f"""
INSERT INTO billing_runs (id, month, actor, tenants, started_at, worked_at, scheduled)
SELECT $5::uuid, $4::date, $6::text, count(*), $1::timestamptz, clock_timestamp(), true {DUE} HAVING count(*) > 0
ON CONFLICT DO NOTHING RETURNING tenants
"""
# Due by their date, but with no month that is over and open: made before there was such a date, or billed by hand.
_MISDATED = f"""
SELECT t.id, t.billing_zone, t.billing_delay_hours, t.created_at,
    (SELECT max(month) FROM billing_months m WHERE m.wallet_id = t.id) AS newest_closed,
    (SELECT min(month) FROM usage_totals u WHERE u.wallet_id = t.id) AS first_used
FROM tenants t JOIN unnest($2::text[], $3::int[], $4::timestamptz[]) AS z(zone, delay, end_at)
    ON z.zone = t.billing_zone AND z.delay = t.billing_delay_hours
WHERE t.closed_at IS NULL AND t.bills_at <= $1 AND (
    EXISTS (SELECT 1 FROM billing_months m WHERE m.wallet_id = t.id AND m.month >= $5::date)
    OR (t.created_at >= z.end_at AND NOT EXISTS (
        SELECT 1 FROM usage_totals u WHERE u.wallet_id = t.id AND u.month <= $5::date))
) LIMIT {_SOME} FOR NO KEY UPDATE OF t SKIP LOCKED
"""
_DATE = """
UPDATE tenants SET bills_at = n.bills_at FROM unnest($1::uuid[], $2::timestamptz[]) AS n(id, bills_at)
WHERE tenants.id = n.id
"""


async def schedule(core: Core) -> None:
    """One round."""
    await resume(core)
    if await read(_UNFINISHED):
        return
    instant = await now(core.clock)
    for month, due in (await due_zones(instant)).items():
        await _date_anew(month, due, instant)
        if await _begun(core, month, due, instant):
            return


async def _date_anew(month: date, due: DueZones, instant: datetime) -> None:
    async def work(connection: BaseDBAsyncClient) -> int:
        values = [instant, due.zones, due.delays, due.ends, month]
        rows = await connection.execute_query_dict(_MISDATED, values)
        if rows:
            dates = [_due_date(row) for row in rows]
            await connection.execute_query(_DATE, [[row["id"] for row in rows], dates])
        return len(rows)

    while await write(work) == _SOME:
        pass


def _due_date(row: Row) -> datetime:
    zone = row["billing_zone"]
    first = first_open(row["newest_closed"], row["created_at"], row["first_used"], zone)
    return bills_at(first, zone, row["billing_delay_hours"])


async def _begun(core: Core, month: date, due: DueZones, instant: datetime) -> bool:
    """False where nobody is due, or another process was first."""
    run = Run(new_uuid(), month, access.SYSTEM.actor, instant, scheduled=True)

    async def work(connection: BaseDBAsyncClient) -> bool:
        values = [instant, due.zones, due.delays, month, run.id, run.actor]
        rows: Sequence[Row] = await connection.execute_query_dict(_BEGIN, values)
        for row in rows:
            facts = {"month": month_text(month), "tenants": row["tenants"]}
            await audit.record(
                connection, core.clock, access.SYSTEM, "runBilling", ids.make("run", run.id), after=facts
            )
        return bool(rows)

    begun = await write(work)
    if begun:
        begin(core, run)
    return begun
