"""The tenants of a billing run, group after group by their ids: never all of them at once."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.billing import month_start, next_month
from domain.refusals import NotFound
from domain.scheduling import newest_due
from services.database import Row, read

GROUP = 256
"""Tenants that go through the posting task together."""
_FIRST = UUID(int=0)
_COLUMNS = "t.id, t.billing_zone, t.currency, t.code"
_ALL = "FROM tenants t WHERE t.closed_at IS NULL AND t.created_at <= $1"
_NAMED = "FROM tenants t WHERE t.closed_at IS NULL AND t.id = ANY($1::uuid[])"
# Those whose due date has come, of the zones and delays for which the month is the newest that is due.
DUE = """
FROM tenants t JOIN unnest($2::text[], $3::int[]) AS z(zone, delay)
    ON z.zone = t.billing_zone AND z.delay = t.billing_delay_hours
WHERE t.closed_at IS NULL AND t.bills_at <= $1::timestamptz
    AND NOT EXISTS (SELECT 1 FROM billing_months m WHERE m.wallet_id = t.id AND m.month >= $4::date)
"""
_DUE_ZONES = """
SELECT DISTINCT billing_zone, billing_delay_hours FROM tenants WHERE closed_at IS NULL AND bills_at <= $1
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way: whose tenants are all that there were, or some by id, or those due by the server's own round."""

    id: UUID
    month: date
    actor: str
    started_at: datetime
    tenant_ids: tuple[UUID, ...] | None = None
    scheduled: bool = False
    cursor: UUID | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class BilledTenant:
    """What a run needs to know of one."""

    id: UUID
    zone: str
    currency: str
    code: str


@dataclass(frozen=True, slots=True)
class Group:
    """Some tenants, and the cursor after them."""

    tenants: list[BilledTenant]
    before: UUID | None
    cursor: UUID | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class DueZones:
    """Zones and delays that have the same newest month due, side by side, and when it ends in each."""

    zones: list[str]
    delays: list[int]
    ends: list[datetime]


Next = Callable[[UUID | None], Awaitable[Group]]


async def count_by_zone(tenant_ids: Sequence[UUID] | None, instant: datetime) -> dict[str, int]:
    """How many tenants a run over these, or all, is over. Raises NotFound for one that is not there."""
    where, value = (_ALL, instant) if tenant_ids is None else (_NAMED, list(tenant_ids))
    rows = await read(f"SELECT t.billing_zone, count(*) AS tenants {where} GROUP BY t.billing_zone", value)
    counts = {row["billing_zone"]: row["tenants"] for row in rows}
    if tenant_ids is not None and sum(counts.values()) < len(tenant_ids):
        raise NotFound("There is no such tenant.")
    return counts


async def due_zones(instant: datetime) -> dict[date, DueZones]:
    """By the newest month that is due, oldest first: the zones and delays of the tenants whose due date has come."""
    by_month: dict[date, DueZones] = {}
    for row in await read(_DUE_ZONES, instant):
        zone, delay = row["billing_zone"], row["billing_delay_hours"]
        month = newest_due(zone, delay, instant)
        due = by_month.setdefault(month, DueZones([], [], []))
        due.zones.append(zone)
        due.delays.append(delay)
        due.ends.append(month_start(next_month(month), zone))
    return dict(sorted(by_month.items()))


async def groups(run: Run) -> Next:
    """What answers with the tenants that follow a cursor."""
    if run.tenant_ids is not None:
        return _named(run.tenant_ids)
    if not run.scheduled:
        return _paged(_ALL, run.started_at)
    due = (await due_zones(run.started_at)).get(run.month, DueZones([], [], []))
    return _paged(DUE, run.started_at, due.zones, due.delays, run.month)


def _named(tenant_ids: tuple[UUID, ...]) -> Next:
    async def after(cursor: UUID | None) -> Group:
        start = bisect_right(tenant_ids, cursor) if cursor else 0
        some = tenant_ids[start : start + GROUP]
        rows = await read(f"SELECT {_COLUMNS} {_NAMED} ORDER BY t.id", list(some))
        return Group(_tenants(rows), cursor, some[-1] if some else cursor, start + GROUP >= len(tenant_ids))

    return after


def _paged(where: str, *values: object) -> Next:
    place = len(values) + 1
    sql = f"SELECT {_COLUMNS} {where} AND t.id > ${place} ORDER BY t.id LIMIT {GROUP}"

    async def after(cursor: UUID | None) -> Group:
        tenants = _tenants(await read(sql, *values, cursor or _FIRST))
        return Group(tenants, cursor, tenants[-1].id if tenants else cursor, len(tenants) < GROUP)

    return after


def _tenants(rows: Sequence[Row]) -> list[BilledTenant]:
    return [BilledTenant(row["id"], row["billing_zone"], row["currency"], row["code"]) for row in rows]
