"""How tenants stand by what is stored: their wallets as they are, and what was last forecast of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.alerts import AlertCondition, AlertRule
from domain.standing import Standing
from services.database import Row, count_rows, read

_LOCKED = "(w.funds_locked_at IS NOT NULL OR w.manual_locked_at IS NOT NULL)"
_STANDINGS = f"""
SELECT f.tenant_id, w.currency, w.total - w.locked AS available, w.due, {_LOCKED} AS locked, f.months_remaining,
    f.locks_at, f.price_changes_at
FROM forecasts f JOIN wallets w ON w.id = f.tenant_id WHERE f.tenant_id = ANY($1::uuid[]) AND w.closed_at IS NULL
"""
# Whoever forecasts a tenant anew, and judges it then, comes before or after: never with what is older.
_LOCK = """
SELECT tenant_id FROM forecasts WHERE tenant_id = ANY($1::uuid[]) ORDER BY tenant_id FOR NO KEY UPDATE
"""
_MEETS = {
    AlertCondition.AVAILABLE_BELOW: "w.total - w.locked < $3",
    AlertCondition.MONTHS_REMAINING_BELOW: "f.months_remaining < $3",
    AlertCondition.LOCKS_WITHIN_DAYS: "f.locks_at IS NOT NULL AND coalesce(f.locked_at, f.locks_at) <= $3",
    AlertCondition.LOCKED: _LOCKED,
    AlertCondition.PRICE_CHANGES_WITHIN_DAYS: "f.price_changes_at <= $3 AND f.price_changes_at > $4",
}
"""As domain/alerts.py has it: what that decides, this only looks for."""
_MEETING = """
SELECT w.id FROM wallets w JOIN forecasts f ON f.tenant_id = w.id
WHERE w.closed_at IS NULL AND {} AND ($1::text IS NULL OR w.currency = $1) AND ($2::uuid IS NULL OR w.id = $2)
"""


# Each in the order of ids and only as far as it is wanted, so that all batches together read the tenants once.
_CONCERNED = """
SELECT id FROM (
    (SELECT a.tenant_id AS id FROM alerts a WHERE a.rule_id = ${0} AND a.recovered_at IS NULL
        AND (${1}::uuid IS NULL OR a.tenant_id > ${1}) ORDER BY a.tenant_id LIMIT {2})
    UNION ({3} AND (${1}::uuid IS NULL OR w.id > ${1}) ORDER BY w.id LIMIT {2})
) AS concerned ORDER BY id LIMIT {2}
"""


async def lock_standings(connection: BaseDBAsyncClient, tenant_ids: Sequence[UUID]) -> list[Standing]:
    """As they stand now; until the end of the transaction nobody else judges them."""
    await connection.execute_query_dict(_LOCK, [tenant_ids])
    rows = await connection.execute_query_dict(_STANDINGS, [tenant_ids])
    return [_read(row) for row in rows]


async def find_concerned(
    connection: BaseDBAsyncClient, rule: AlertRule, now: datetime, after: UUID | None, limit: int
) -> list[UUID]:
    """The next tenants by id that meet the rule's condition, or for whom it fires: all others stand as they should."""
    values = [*_values(rule, now), rule.id, after]
    sql = _CONCERNED.format(len(values) - 1, len(values), limit, _meeting(rule))
    return [row["id"] for row in await connection.execute_query_dict(sql, values)]


async def find_meeting(rule: AlertRule, now: datetime, limit: int) -> list[UUID]:
    """Tenants that meet the rule's condition, by id."""
    return [row["id"] for row in await read(f"{_meeting(rule)} ORDER BY w.id LIMIT {limit}", *_values(rule, now))]


async def count_meeting(rule: AlertRule, now: datetime) -> int | None:
    """How many there are; None beyond 10,000."""
    return await count_rows(_meeting(rule), *_values(rule, now))


def _meeting(rule: AlertRule) -> str:
    return _MEETING.format(_MEETS[rule.condition])


def _values(rule: AlertRule, now: datetime) -> list[object]:
    return [rule.currency, rule.tenant_id, *_bounds(rule, now)]


def _bounds(rule: AlertRule, now: datetime) -> list[object]:
    limit = rule.threshold
    soon = now + timedelta(days=limit.days or 0)
    match rule.condition:
        case AlertCondition.AVAILABLE_BELOW:
            return [limit.minor]
        case AlertCondition.MONTHS_REMAINING_BELOW:
            return [limit.months]
        case AlertCondition.LOCKS_WITHIN_DAYS:
            return [soon]
        case AlertCondition.PRICE_CHANGES_WITHIN_DAYS:
            return [soon, now]
        case AlertCondition.LOCKED:
            return []


def _read(row: Row) -> Standing:
    return Standing(
        row["tenant_id"],
        row["tenant_id"],
        row["currency"],
        row["available"],
        row["due"],
        row["locked"],
        row["months_remaining"],
        row["locks_at"],
        row["price_changes_at"],
    )
