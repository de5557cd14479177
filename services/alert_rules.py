"""Stories of alert rules: made, changed, deleted. What a rule no longer watches for recovers quietly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Viewer
from domain.alert_rules import MOST_RULES, RuleChanges, changed, checked_threshold
from domain.alerts import AlertCondition, AlertRule, Threshold
from domain.changes import Change, ChangeKind
from domain.money import plain
from domain.refusals import BadInput, NotFound, NotPossible
from models import alerts as tables
from services import audit
from services.alert_preview import Preview, preview
from services.alert_rows import RULE_COLUMNS, read_rule
from services.core import Core
from services.database import note, now, write
from services.identity import new_uuid
from services.people_input import iso_currency

NO_RULE = "There is no such alert rule."
_LOCK = f"SELECT {RULE_COLUMNS} FROM alert_rules WHERE id = $1 FOR UPDATE"
_FIND = f"SELECT {RULE_COLUMNS} FROM alert_rules WHERE id = $1"
_COUNT = """
SELECT count(*) AS n FROM alert_rules WHERE closed_at IS NULL AND tenant_id IS NOT DISTINCT FROM $1::uuid
"""
# Of those who make rules at once, each sees what the one before has made.
_IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('alert rules'))"
_TENANT = "SELECT currency FROM tenants WHERE id = $1 AND closed_at IS NULL"
_RECOVER = """
UPDATE alerts SET recovered_at = greatest($2, fired_at) WHERE rule_id = $1 AND recovered_at IS NULL RETURNING tenant_id
"""


@dataclass(frozen=True, slots=True)
class NewRule:
    """As asked for."""

    name: str
    condition: AlertCondition
    threshold: Threshold
    currency: str | None = None
    tenant_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule as it now stands, or would, and whom it fires for as far as is known now."""

    rule: AlertRule
    fires: Preview


async def create_rule(core: Core, viewer: Viewer, new: NewRule, *, dry_run: bool = False) -> RuleOutcome:
    """Raises NotFound, Forbidden, BadInput, NotPossible (there are as many as there may be)."""
    _require(viewer, new.tenant_id)
    new = _checked(new)

    async def work(connection: BaseDBAsyncClient) -> AlertRule:
        await connection.execute_query_dict(_IN_TURN)
        currency = await _currency(connection, new)
        if (await connection.execute_query_dict(_COUNT, [new.tenant_id]))[0]["n"] >= MOST_RULES:
            raise NotPossible(f"There are {MOST_RULES} such rules, which is the most: delete one first.")
        instant = await now(core.clock, connection)
        whose = new.name, new.condition, new.threshold, currency, new.tenant_id
        exponent = iso_currency(currency).exponent if currency else None
        rule = AlertRule(new_uuid(), *whose, active=True, created_at=instant, currency_exponent=exponent)
        if not dry_run:
            await tables.AlertRule.create(
                id=rule.id, created_at=instant, judging=True, currency=currency, tenant_id=new.tenant_id,
                condition=new.condition, **_columns(rule), using_db=connection,
            )  # fmt: skip
            await _record(connection, core, viewer, "createAlertRule", rule, after=_facts(rule))
        return rule

    return await _outcome(core, await write(work))


async def update_rule(
    core: Core, viewer: Viewer, rule_id: UUID, changes: RuleChanges, *, dry_run: bool = False
) -> RuleOutcome:
    """Raises NotFound, Forbidden, BadInput, NotPossible (it was deleted)."""

    async def work(connection: BaseDBAsyncClient) -> AlertRule:
        rule = await _locked(connection, viewer, rule_id)
        after = changed(rule, changes)
        if after == rule or dry_run:
            return after
        judging = {"judging": after.active, "judged_until": None}
        await tables.AlertRule.filter(id=rule_id).using_db(connection).update(**_columns(after), **judging)
        if not after.active:
            await _recover_quietly(connection, core, rule_id)
        was, now_is = _facts(rule), _facts(after)
        differing = [field for field in now_is if was[field] != now_is[field]]
        before, told = ({field: facts[field] for field in differing} for facts in (was, now_is))
        await _record(connection, core, viewer, "updateAlertRule", after, before=before, after=told)
        return after

    return await _outcome(core, await write(work))


async def delete_rule(core: Core, viewer: Viewer, rule_id: UUID, *, dry_run: bool = False) -> RuleOutcome:
    """Its alerts stay, recovered. Raises NotFound, Forbidden, NotPossible (it was deleted already)."""

    async def work(connection: BaseDBAsyncClient) -> AlertRule:
        rule = await _locked(connection, viewer, rule_id)
        instant = await now(core.clock, connection)
        gone = replace(rule, active=False, closed_at=instant)
        if dry_run:
            return gone
        columns = {"active": False, "closed_at": instant, "judging": False, "judged_until": None}
        await tables.AlertRule.filter(id=rule_id).using_db(connection).update(**columns)
        await _recover_quietly(connection, core, rule_id)
        await _record(connection, core, viewer, "deleteAlertRule", rule, before=_facts(rule))
        return gone

    return await _outcome(core, await write(work))


def _require(viewer: Viewer, tenant_id: UUID | None) -> None:
    """A rule about one tenant, or about several."""
    if tenant_id is None:
        access.require_everywhere(viewer, "alert:write")
    else:
        access.require(viewer, "alert:write", tenant_id)


async def _locked(connection: BaseDBAsyncClient, viewer: Viewer, rule_id: UUID) -> AlertRule:
    """Whoever does not see it does not wait for it either."""
    for statement in (_FIND, _LOCK):
        rows = await connection.execute_query_dict(statement, [rule_id])
        if not rows or not access.sees(viewer, rows[0]["tenant_id"]):
            raise NotFound(NO_RULE)
        _require(viewer, rows[0]["tenant_id"])
    rule = read_rule(rows[0])
    if rule.closed_at is not None:
        raise NotPossible(f"This was deleted on {rule.closed_at:%Y-%m-%d}: its alerts stay as they are.")
    return rule


def _checked(new: NewRule) -> NewRule:
    if new.condition is AlertCondition.AVAILABLE_BELOW and new.currency is None and new.tenant_id is None:
        raise BadInput("An amount is of one currency: give currency, or the tenant whose it is.")
    return replace(
        new,
        name=inputs.name("name", new.name),
        threshold=checked_threshold(new.condition, new.threshold),
        currency=None if new.currency is None else iso_currency(new.currency).code,
    )


async def _currency(connection: BaseDBAsyncClient, new: NewRule) -> str | None:
    """A tenant's own, where the rule is about one."""
    if new.tenant_id is None:
        return new.currency
    rows = await connection.execute_query_dict(_TENANT, [new.tenant_id])
    if not rows:
        raise NotFound("There is no such tenant.")
    currency: str = rows[0]["currency"]
    if new.currency not in (None, currency):
        raise BadInput(f"The tenant's currency is {currency}: give that one, or none.")
    return currency


async def _recover_quietly(connection: BaseDBAsyncClient, core: Core, rule_id: UUID) -> None:
    """Nothing has become better: no other program is told."""
    rows = await connection.execute_query_dict(_RECOVER, [rule_id, await now(core.clock, connection)])
    note(Change(ChangeKind.ALERTS, row["tenant_id"]) for row in rows)


async def recover_of_tenant(connection: BaseDBAsyncClient, instant: datetime, tenant_id: UUID) -> None:
    """Of one that is deleted: nothing is watched any more."""
    await connection.execute_query(_RECOVER.replace("rule_id = $1", "tenant_id = $1"), [tenant_id, instant])


async def _outcome(core: Core, rule: AlertRule) -> RuleOutcome:
    return RuleOutcome(rule, await preview(core, rule))


def _columns(rule: AlertRule) -> Mapping[str, object]:
    """What a change may change."""
    return {
        "name": rule.name,
        "threshold_minor": rule.threshold.minor,
        "threshold_months": rule.threshold.months,
        "threshold_days": rule.threshold.days,
        "active": rule.active,
    }


def _facts(rule: AlertRule) -> dict[str, object]:
    months = rule.threshold.months
    return {
        "name": rule.name,
        "condition": rule.condition,
        "currency": rule.currency,
        "tenant": rule.tenant_id and ids.make("ten", rule.tenant_id),
        "threshold_minor": rule.threshold.minor,
        "threshold_months": None if months is None else plain(months),
        "threshold_days": rule.threshold.days,
        "active": rule.active,
    }


async def _record(
    connection: BaseDBAsyncClient,
    core: Core,
    viewer: Viewer,
    action: str,
    rule: AlertRule,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts | None = None,
) -> None:
    subject = ids.make("alr", rule.id)
    await audit.record(
        connection, core.clock, viewer, action, subject, before=before, after=after, whose=rule.tenant_id
    )
