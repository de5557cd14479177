"""Judging where nothing has happened to a tenant: a rule is new or was changed, or time alone has come to a threshold.

What happens to a tenant is judged with its forecast, at once.
"""

from collections.abc import Sequence
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.alerts import AlertRule
from domain.changes import ChangeKind
from services.alert_rows import RULE_COLUMNS, read_rule
from services.alerts import judge_by
from services.core import Core
from services.database import now, read, write
from services.standings import find_unannounced, lock_standings

SOME = 500
# A process takes a rule that no other has taken; of what it has judged, the cursor remembers the end.
_TAKE = f"""
SELECT {RULE_COLUMNS}, judged_until FROM alert_rules WHERE judging ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
_NEXT = """
SELECT tenant_id FROM forecasts WHERE ($1::uuid IS NULL OR tenant_id > $1) AND ($2::uuid IS NULL OR tenant_id = $2)
ORDER BY tenant_id LIMIT $3
"""
_GO_ON = "UPDATE alert_rules SET judging = $2, judged_until = $3 WHERE id = $1"
_BY_TIME = f"""
SELECT {RULE_COLUMNS} FROM alert_rules
WHERE active AND condition IN ('LOCKS_WITHIN_DAYS', 'PRICE_CHANGES_WITHIN_DAYS') ORDER BY id
"""
# Prices that were told of and have begun.
_BEGUN = "SELECT DISTINCT tenant_id FROM alerts WHERE recovered_at IS NULL AND about <= $1 ORDER BY tenant_id LIMIT $2"


async def judge_changed_rules(core: Core) -> None:
    """One round: every rule that was made or changed, against every tenant, some at a time."""
    while await _judge_some(core):
        pass


async def _judge_some(core: Core) -> bool:
    """False where no rule waits."""

    async def work(connection: BaseDBAsyncClient) -> tuple[bool, set[UUID | None]]:
        taken = await connection.execute_query_dict(_TAKE)
        if not taken:
            return False, set()
        rule, after = read_rule(taken[0]), taken[0]["judged_until"]
        rows = await connection.execute_query_dict(_NEXT, [after, rule.tenant_id, SOME])
        tenant_ids = [row["tenant_id"] for row in rows]
        changed = await _judge(connection, core, tenant_ids, [rule])
        goes_on = len(tenant_ids) == SOME
        await connection.execute_query(_GO_ON, [rule.id, goes_on, tenant_ids[-1] if goes_on else None])
        return True, changed

    worked, changed = await write(work)
    _tell(core, changed)
    return worked


async def judge_by_time(core: Core) -> None:
    """One round: what has come within its days, and the prices that have begun."""
    instant = await now(core.clock)
    rules = [read_rule(row) for row in await read(_BY_TIME)]
    for rule in rules:
        after = None
        while tenant_ids := await find_unannounced(rule, instant, SOME, after):
            await _judge_these(core, tenant_ids, [rule])
            after = tenant_ids[-1]
    begun = [row["tenant_id"] for row in await read(_BEGUN, instant, SOME)]
    if begun:
        await _judge_these(core, begun, rules)


async def _judge_these(core: Core, tenant_ids: Sequence[UUID], rules: Sequence[AlertRule]) -> None:
    async def work(connection: BaseDBAsyncClient) -> set[UUID | None]:
        return await _judge(connection, core, tenant_ids, rules)

    _tell(core, await write(work))


async def _judge(
    connection: BaseDBAsyncClient, core: Core, tenant_ids: Sequence[UUID], rules: Sequence[AlertRule]
) -> set[UUID | None]:
    """The clock is read after the locks."""
    standings = await lock_standings(connection, tenant_ids)
    return await judge_by(connection, await now(core.clock, connection), standings, rules)


def _tell(core: Core, changed: set[UUID | None]) -> None:
    for tenant_id in changed:
        core.tell_changed(ChangeKind.ALERTS, tenant_id)
