"""Reading alerts and their rules, and how far each person has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access
from domain.access import Viewer
from domain.alerts import AlertRule
from domain.changes import Change, ChangeKind
from domain.refusals import Forbidden
from services.alert_rows import ALERT_COLUMNS, RULE_COLUMNS, AlertRecord, read_alert, read_rule
from services.core import Core
from services.database import count_rows, note, now, read, write

MOST_UNREAD = 1_000
"""So many are counted: whoever has more unread does not read a figure."""
_ALERTS = f"SELECT {ALERT_COLUMNS} FROM alerts a JOIN wallets w ON w.id = a.tenant_id"
_WHICH = {None: "true", True: "a.recovered_at IS NULL", False: "a.recovered_at IS NOT NULL"}
_OF_TENANT = {True: "a.tenant_id = $1::uuid", False: "$1::uuid IS NULL"}
_AFTER = "($3::timestamptz IS NULL OR (a.fired_at, a.id) < ($3, $4::uuid))"
_READ_UNTIL = """
SELECT coalesce(m.read_until, u.created_at) AS read_until FROM users u LEFT JOIN alert_marks m ON m.user_id = u.id
WHERE u.id = $1
"""
_UNREAD = "SELECT count(*) AS n FROM (SELECT 1 FROM alerts a WHERE {} AND a.fired_at > $2 LIMIT {}) AS unread"
_MARK = """
INSERT INTO alert_marks (user_id, read_until) VALUES ($1, least($2::timestamptz, $3))
ON CONFLICT (user_id) DO UPDATE SET read_until = greatest(alert_marks.read_until, excluded.read_until)
"""
_RULES = f"""
SELECT {RULE_COLUMNS} FROM alert_rules
WHERE closed_at IS NULL AND ($2::uuid IS NULL OR id < $2) AND {{}} ORDER BY id DESC LIMIT $3
"""
_OF_HOME = {True: "tenant_id = $1::uuid", False: "$1::uuid IS NULL"}
_FIND_RULES = f"SELECT {RULE_COLUMNS} FROM alert_rules WHERE id = ANY($1::uuid[])"
_FIRING = """
SELECT rule_id, count(*)::int AS n FROM alerts WHERE rule_id = ANY($1::uuid[]) AND recovered_at IS NULL GROUP BY rule_id
"""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What is not given does not filter."""

    firing: bool | None = None
    tenant_id: UUID | None = None


Place = tuple[datetime, UUID]
"""An alert's in the list: when it fired, and its id."""


async def list_alerts(viewer: Viewer, where: AlertFilter, limit: int, after: Place | None) -> list[AlertRecord]:
    """Those that the viewer sees, newest first."""
    if not _reads(viewer, where):
        return []
    tenant_id = where.tenant_id or viewer.home
    sql = f"{_ALERTS} WHERE {_narrowed(where, tenant_id)} AND {_AFTER} ORDER BY a.fired_at DESC, a.id DESC LIMIT $2"
    return [read_alert(row) for row in await read(sql, tenant_id, limit, *(after or (None, None)))]


async def count_alerts(viewer: Viewer, where: AlertFilter) -> int | None:
    """None beyond 10,000."""
    if not _reads(viewer, where):
        return 0
    tenant_id = where.tenant_id or viewer.home
    return await count_rows(f"SELECT 1 FROM alerts a WHERE {_narrowed(where, tenant_id)}", tenant_id)


async def find_alert(viewer: Viewer, alert_id: UUID) -> AlertRecord | None:
    """None for what is missing and for what the viewer does not see."""
    found = [read_alert(row) for row in await read(f"{_ALERTS} WHERE a.id = $1", alert_id)]
    return found[0] if found and access.reads(viewer, "alert:read", found[0].tenant_id) else None


def _reads(viewer: Viewer, where: AlertFilter) -> bool:
    return access.holds(viewer, "alert:read") and (where.tenant_id is None or access.sees(viewer, where.tenant_id))


def _narrowed(where: AlertFilter, tenant_id: UUID | None) -> str:
    return f"{_OF_TENANT[tenant_id is not None]} AND {_WHICH[where.firing]}"


async def read_until(viewer: Viewer) -> datetime | None:
    """What fired until then, the viewer has read; None for programs, which read nothing."""
    if viewer.user_id is None:
        return None
    rows = await read(_READ_UNTIL, viewer.user_id)
    found: datetime | None = rows[0]["read_until"] if rows else None
    return found


async def count_unread(viewer: Viewer) -> int:
    """Up to 1,000; 0 for programs."""
    mark = await read_until(viewer)
    if mark is None or not access.holds(viewer, "alert:read"):
        return 0
    unread: int = (await read(_UNREAD.format(_OF_TENANT[viewer.home is not None], MOST_UNREAD), viewer.home, mark))[0][
        "n"
    ]
    return unread


async def mark_read(core: Core, viewer: Viewer, until: datetime) -> None:
    """What has fired until then; never backwards, and nothing that is still to fire. Raises Forbidden."""
    access.require(viewer, "alert:read")
    if viewer.user_id is None:
        raise Forbidden("A person marks what they have read: sign in.")

    async def work(connection: BaseDBAsyncClient) -> None:
        await connection.execute_query(_MARK, [viewer.user_id, until, await now(core.clock, connection)])
        note([Change(ChangeKind.ALERTS, viewer.home)])

    await write(work)


async def list_rules(viewer: Viewer, limit: int, after: UUID | None) -> list[AlertRule]:
    """Those that the viewer sees, newest first: of tenants' people those about their tenant alone."""
    if not access.holds(viewer, "alert:read"):
        return []
    rows = await read(_RULES.format(_OF_HOME[viewer.home is not None]), viewer.home, after, limit)
    return [read_rule(row) for row in rows]


async def count_rules(viewer: Viewer) -> int | None:
    """None beyond 10,000."""
    if not access.holds(viewer, "alert:read"):
        return 0
    narrowed = _OF_HOME[viewer.home is not None]
    return await count_rows(f"SELECT 1 FROM alert_rules WHERE closed_at IS NULL AND {narrowed}", viewer.home)


async def find_rule(viewer: Viewer, rule_id: UUID) -> AlertRule | None:
    """None for what is missing and for what the viewer does not see; a deleted one is for those who see all."""
    rule = (await load_rules([rule_id])).get(rule_id)
    return rule if rule is not None and sees_rule(viewer, rule) else None


def sees_rule(viewer: Viewer, rule: AlertRule) -> bool:
    """A rule about several tenants says of the others too."""
    seen = access.holds(viewer, "alert:read") and access.sees(viewer, rule.tenant_id)
    return seen and (rule.closed_at is None or access.sees_all(viewer))


async def load_rules(rule_ids: Sequence[UUID]) -> dict[UUID, AlertRule]:
    """Whoever asks."""
    return {row["id"]: read_rule(row) for row in await read(_FIND_RULES, rule_ids)}


async def load_firing(rule_ids: Sequence[UUID]) -> dict[UUID, int]:
    """For how many tenants each fires, whoever asks."""
    found = {row["rule_id"]: row["n"] for row in await read(_FIRING, rule_ids)}
    return {rule_id: found.get(rule_id, 0) for rule_id in rule_ids}
