"""Judging: what fires and what recovers as tenants stand now. Once per crossing, whoever judges and however many."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import ids
from domain.alerts import AlertRule, Crossings, Firing, about, crossings, figures, message
from domain.standing import Standing
from services.alert_rows import ALERT_COLUMNS, RULE_COLUMNS, AlertRecord, read_alert, read_rule
from services.identity import new_uuid
from services.rows import columns
from services.webhooks import WebhookEvent, announce

_RULES = f"""
SELECT {RULE_COLUMNS} FROM alert_rules
WHERE active AND closed_at IS NULL AND (tenant_id IS NULL OR tenant_id = ANY($1::uuid[])) ORDER BY id
"""
# By tenant, whatever the planner knows of a rule that fires for thousands since a moment ago.
_FIRING = """
SELECT a.id, a.rule_id, a.tenant_id, a.about FROM unnest($1::uuid[]) AS t(id) CROSS JOIN LATERAL (
    SELECT id, rule_id, tenant_id, about FROM alerts WHERE tenant_id = t.id AND recovered_at IS NULL OFFSET 0
) a WHERE a.rule_id = ANY($2::uuid[])
"""
# In the order of ids: two that judge the same tenants wait for one another, and never in a circle.
_RECOVER = f"""
WITH ending AS (
        SELECT id FROM alerts WHERE id = ANY($1::uuid[]) AND recovered_at IS NULL ORDER BY id FOR NO KEY UPDATE),
    ended AS (UPDATE alerts SET recovered_at = greatest($2, fired_at) FROM ending WHERE alerts.id = ending.id
        RETURNING alerts.*)
SELECT {ALERT_COLUMNS} FROM ended a JOIN wallets w ON w.id = a.tenant_id ORDER BY a.tenant_id, a.rule_id
"""
# Whoever changes a rule comes before, and then it may not watch any more, or after, and ends what is written here.
_LIVE = "SELECT id FROM alert_rules WHERE id = ANY($1::uuid[]) AND active ORDER BY id FOR KEY SHARE"
_FIRE = f"""
WITH fired AS (
    INSERT INTO alerts (id, rule_id, tenant_id, condition, threshold_minor, threshold_months, threshold_days,
        available, due, months_remaining, locks_at, price_changes_at, about, fired_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::numeric[], $7::int[],
        $8::bigint[], $9::bigint[], $10::numeric[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
        $14::timestamptz[]) AS n(id, rule_id, tenant_id) ORDER BY n.tenant_id, n.rule_id
    ON CONFLICT (tenant_id, rule_id) WHERE recovered_at IS NULL DO NOTHING RETURNING *
)
SELECT {ALERT_COLUMNS} FROM fired a JOIN wallets w ON w.id = a.tenant_id ORDER BY a.tenant_id, a.rule_id
"""


async def judge(connection: BaseDBAsyncClient, now: datetime, standings: Sequence[Standing]) -> set[UUID | None]:
    """By all active rules, in the caller's transaction. The tenants whose alerts changed: tell of them after it."""
    if not standings:
        return set()
    rows = await connection.execute_query_dict(_RULES, [[standing.tenant_id for standing in standings]])
    return await judge_by(connection, now, standings, [read_rule(row) for row in rows])


async def judge_by(
    connection: BaseDBAsyncClient, now: datetime, standings: Sequence[Standing], rules: Sequence[AlertRule]
) -> set[UUID | None]:
    """The same by these rules alone."""
    if not standings or not rules:
        return set()
    asked = [[standing.tenant_id for standing in standings], [rule.id for rule in rules]]
    rows = await connection.execute_query_dict(_FIRING, asked)
    firings = [Firing(row["id"], row["rule_id"], row["tenant_id"], row["about"]) for row in rows]
    found = crossings(rules, standings, firings, now)
    live = await _lock_rules(connection, found)
    recovered = await _recover(connection, now, [firing.id for firing, _ in found.recovered])
    fired = await _fire(connection, now, [(rule, standing) for rule, standing in found.fired if rule.id in live])
    events = [_event("alert.recovered", alert) for alert in recovered] + [_event("alert.fired", one) for one in fired]
    await announce(connection, now, events)
    return {alert.tenant_id for alert in [*recovered, *fired]}


async def _lock_rules(connection: BaseDBAsyncClient, found: Crossings) -> set[UUID]:
    """Those of the rules that still watch; none of them is changed until this transaction ends."""
    rule_ids = {rule.id for rule, _ in found.fired} | {firing.rule_id for firing, _ in found.recovered}
    if not rule_ids:
        return set()
    return {row["id"] for row in await connection.execute_query_dict(_LIVE, [list(rule_ids)])}


async def _recover(connection: BaseDBAsyncClient, now: datetime, alert_ids: Sequence[UUID]) -> list[AlertRecord]:
    """Those that this transaction ended: another may have been first."""
    if not alert_ids:
        return []
    return [read_alert(row) for row in await connection.execute_query_dict(_RECOVER, [alert_ids, now])]


async def _fire(
    connection: BaseDBAsyncClient, now: datetime, fired: Sequence[tuple[AlertRule, Standing]]
) -> list[AlertRecord]:
    """Those that this transaction began: the database refuses a second one of a rule and a tenant."""
    if not fired:
        return []
    values = columns(_row(rule, standing, now) for rule, standing in fired)
    return [read_alert(row) for row in await connection.execute_query_dict(_FIRE, list(values))]


def _row(rule: AlertRule, standing: Standing, now: datetime) -> tuple[object, ...]:
    told = figures(rule, standing)
    return (
        new_uuid(), rule.id, standing.tenant_id, told.condition, told.threshold.minor, told.threshold.months,
        told.threshold.days, told.available, told.due, told.months_remaining, told.locks_at, told.price_changes_at,
        about(rule, standing), now,
    )  # fmt: skip


def _event(kind: str, alert: AlertRecord) -> WebhookEvent:
    """As the API names things. Of the tenant alone: its own endpoints hear of it."""
    told = alert.figures
    facts: dict[str, object] = {
        "id": ids.make("alt", alert.id),
        "ruleId": ids.make("alr", alert.rule_id),
        "tenantId": ids.make("ten", alert.tenant_id),
        "walletId": ids.make("wal", alert.tenant_id),
        "condition": told.condition,
        "message": message(told, alert.currency),
        "currency": alert.currency.code,
        "currencyExponent": alert.currency.exponent,
        "availableMinor": told.available,
        "dueMinor": told.due,
        "monthsRemaining": None if told.months_remaining is None else str(told.months_remaining),
        "locksAt": told.locks_at,
        "priceChangesAt": told.price_changes_at,
        "firedAt": alert.fired_at,
        "recoveredAt": alert.recovered_at,
    }
    return WebhookEvent(kind, alert.tenant_id, facts)
