"""Judging by a rule that is new, or was changed: every tenant, by what is stored of it.

What happens to a tenant, time included, is judged with its forecast.
"""

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.changes import Change, ChangeKind
from services.alert_rows import RULE_COLUMNS, read_rule
from services.alerts import judge_by
from services.core import Core
from services.database import note, now, write
from services.standings import find_concerned, lock_standings

SOME = 500
# A process takes a rule that no other has taken; of what it has judged, the cursor remembers the end.
_TAKE = f"""
SELECT {RULE_COLUMNS}, judged_until FROM alert_rules WHERE judging ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
_GO_ON = "UPDATE alert_rules SET judging = $2, judged_until = $3 WHERE id = $1"


async def judge_changed_rules(core: Core) -> None:
    """One round: every rule that was made or changed, against every tenant, some at a time."""
    while await _judge_some(core):
        pass


async def _judge_some(core: Core) -> bool:
    """False where no rule waits."""

    async def work(connection: BaseDBAsyncClient) -> bool:
        taken = await connection.execute_query_dict(_TAKE)
        if not taken:
            return False
        rule, after = read_rule(taken[0]), taken[0]["judged_until"]
        instant = await now(core.clock, connection)
        tenant_ids = await find_concerned(connection, rule, instant, after, SOME)
        standings = await lock_standings(connection, tenant_ids)
        changed = await judge_by(connection, await now(core.clock, connection), standings, [rule])
        goes_on = len(tenant_ids) == SOME
        await connection.execute_query(_GO_ON, [rule.id, goes_on, tenant_ids[-1] if goes_on else None])
        note(Change(ChangeKind.ALERTS, tenant_id) for tenant_id in changed)
        return True

    return await write(work)
