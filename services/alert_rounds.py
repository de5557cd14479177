"""Judging by a rule that is new, or was changed: every tenant, by what is stored of it.

What happens to a tenant, time included, is judged with its forecast.
"""

from uuid import UUID

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from domain.changes import Change, ChangeKind
from services.alert_rows import RULE_COLUMNS, read_rule
from services.alerts import judge_by
from services.core import Core
from services.database import note, now, write
from services.resting import Resting
from services.standings import find_concerned, lock_standings

SOME = 500
# A process takes a rule that no other has taken; of what it has judged, the cursor remembers the end.
_TAKE = f"""
SELECT {RULE_COLUMNS}, judged_until FROM alert_rules WHERE judging AND id <> ALL($1::uuid[])
ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
_GO_ON = "UPDATE alert_rules SET judging = $2, judged_until = $3 WHERE id = $1"

log = structlog.get_logger()


async def judge_changed_rules(core: Core, resting: Resting[UUID] | None = None) -> None:
    """One round: every rule that was made or changed, against every tenant, some at a time.

    A rule that fails is said and rests; the others go on.
    """
    resting = Resting() if resting is None else resting
    while await _judge_some(core, resting):
        pass


async def _judge_some(core: Core, resting: Resting[UUID]) -> bool:
    """False where no rule waits."""
    taken: list[UUID] = []

    async def work(connection: BaseDBAsyncClient) -> None:
        rows = await connection.execute_query_dict(_TAKE, [resting.resting()])
        if not rows:
            return
        rule, after = read_rule(rows[0]), rows[0]["judged_until"]
        taken.append(rule.id)
        instant = await now(core.clock, connection)
        tenant_ids = await find_concerned(connection, rule, instant, after, SOME)
        standings = await lock_standings(connection, tenant_ids)
        changed = await judge_by(connection, await now(core.clock, connection), standings, [rule])
        goes_on = len(tenant_ids) == SOME
        await connection.execute_query(_GO_ON, [rule.id, goes_on, tenant_ids[-1] if goes_on else None])
        note(Change(ChangeKind.ALERTS, tenant_id) for tenant_id in changed)

    try:
        await write(work)
    except Exception:
        if not taken:
            raise
        log.exception("an alert rule could not be judged", rule=str(taken[0]))
        resting.fail(taken[0])
    else:
        for rule_id in taken:
            resting.succeed(rule_id)
    return bool(taken)
