"""Forecasts, kept: worked out anew soon after a tenant's money, usage, prices or terms have changed, and every hour.

Several processes may do so at once. Each looks after what it has changed itself; what is due by the clock is claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from domain.billing import month_start, next_month
from domain.changes import Change, ChangeKind
from domain.forecast import Forecast
from domain.standing import Standing
from domain.wallets import Wallet
from services.alerts import judge
from services.core import Core
from services.database import Row, note, now, write
from services.forecast_facts import Fetch, load_facts
from services.projecting import work_out
from services.rows import columns
from services.runway import monthly_charges

KEPT = timedelta(minutes=50)
_BAD = (ValueError, ArithmeticError, LookupError, TypeError, AssertionError)
"""Nothing of the database's: its transaction goes on."""
AT = "coalesce($1::timestamptz, statement_timestamp())"

_BEGIN = """
INSERT INTO forecasts (tenant_id, currency, due_at)
SELECT id, currency, created_at FROM tenants WHERE id = ANY($1::uuid[]) AND closed_at IS NULL ORDER BY id
ON CONFLICT DO NOTHING
"""
_BEFORE = "tenant_id, locked_at, locks_at, computed_at"
# The row is held while its tenant is judged: the next one who comes sees what is newer.
_LOCK = f"SELECT {_BEFORE} FROM forecasts WHERE tenant_id = ANY($1::uuid[]) ORDER BY tenant_id FOR NO KEY UPDATE"
_CLAIM = f"""
SELECT {_BEFORE} FROM forecasts WHERE due_at <= {AT} AND tenant_id <> ALL($3::uuid[])
ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""
_STORE = """
UPDATE forecasts f SET locked_at = n.locked_at, locks_at = n.locks_at, months_remaining = n.months_remaining,
    price_changes_at = n.price_changes_at, wallet_version = n.wallet_version, due_at = n.due_at, computed_at = $1
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::numeric[], $6::timestamptz[], $7::bigint[],
    $8::timestamptz[])
    AS n(tenant_id, locked_at, locks_at, months_remaining, price_changes_at, wallet_version, due_at)
WHERE f.tenant_id = n.tenant_id
"""
_POSTPONE = "UPDATE forecasts SET due_at = $2 WHERE tenant_id = ANY($1::uuid[])"
# Whoever judged a tenant while it was deleted may have raised an alert behind the deletion: it ends quietly too.
_FORGET = """
WITH gone AS (
    DELETE FROM forecasts f USING tenants t
    WHERE f.tenant_id = ANY($1::uuid[]) AND t.id = f.tenant_id AND t.closed_at IS NOT NULL RETURNING f.tenant_id
)
UPDATE alerts a SET recovered_at = greatest($2, a.fired_at) FROM gone
WHERE a.tenant_id = gone.tenant_id AND a.recovered_at IS NULL
"""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What is kept of a forecast: the whole of it may be ten thousand lines."""

    wallet: Wallet
    locked_at: datetime | None
    locks_at: datetime | None
    price_changes_at: datetime | None
    due_at: datetime


async def refresh(
    core: Core,
    woken: Sequence[UUID] = (),
    most_due: int = 0,
    apart: Sequence[UUID] = (),
    begun: set[UUID] | None = None,
) -> tuple[int, int]:
    """Work out these tenants' forecasts, and those of so many whose time has come, and judge how they then stand.

    How many these were, and how many of them were due. `apart`: taken only if they are woken. `begun` is told whom it
    was about to work out, so that whoever calls knows it of one that fails.
    """
    begun = set() if begun is None else begun

    async def work(connection: BaseDBAsyncClient) -> tuple[int, int]:
        begun.update(woken)
        before, due = await _claim(core, connection, woken, most_due, apart)
        begun.update(before)
        if before:
            await _work_out(core, connection, before)
        return len(before), due

    return await write(work)


async def _claim(
    core: Core, connection: BaseDBAsyncClient, woken: Sequence[UUID], most_due: int, apart: Sequence[UUID]
) -> tuple[dict[UUID, Row], int]:
    """The rows as they were, held. First those that are waited for, in one order: nobody waits in a circle."""
    rows: list[Row] = []
    if woken:
        await connection.execute_query(_BEGIN, [woken])
        rows += await connection.execute_query_dict(_LOCK, [woken])
    due: Sequence[Row] = ()
    if most_due:
        due = await connection.execute_query_dict(_CLAIM, [core.clock.fixed, most_due, apart])
    return {row["tenant_id"]: row for row in (*rows, *due)}, len(due)


async def _work_out(core: Core, connection: BaseDBAsyncClient, before: Mapping[UUID, Row]) -> None:
    async def fetch(sql: str, *values: object) -> Sequence[Row]:
        rows: Sequence[Row] = await connection.execute_query_dict(sql, list(values))
        return rows

    instant = await now(core.clock, connection)
    worked_out = await _each(fetch, list(before), instant)
    charges = await monthly_charges(core, list(worked_out)) if worked_out else {}
    standings = [_standing(one, charges[tenant_id]) for tenant_id, one in worked_out.items()]
    await _store(connection, instant, standings, worked_out)
    gone = [tenant_id for tenant_id in before if tenant_id not in worked_out]
    if gone:
        await connection.execute_query(_POSTPONE, [gone, instant + KEPT])
        await connection.execute_query(_FORGET, [gone, instant])
    note(Change(ChangeKind.ALERTS, of) for of in await judge(connection, instant, standings))
    note(Change(ChangeKind.FORECASTS, one.tenant_id) for one in standings if _moved(one, before, worked_out))


async def _each(fetch: Fetch, tenant_ids: Sequence[UUID], instant: datetime) -> dict[UUID, _Outlook]:
    """Of those that there are. One that cannot be worked out stops only itself, and is said."""
    try:
        done = {}
        async for some in load_facts(fetch, tenant_ids, instant):
            for tenant_id, (wallet, facts) in some.items():
                done[tenant_id] = _outlook(wallet, await work_out(facts))
        return done
    except _BAD:
        if len(tenant_ids) == 1:
            log.exception("a forecast failed", tenant=str(tenant_ids[0]))
            return {}
        middle = len(tenant_ids) // 2
        halves = tenant_ids[:middle], tenant_ids[middle:]
        return {key: one for half in halves for key, one in (await _each(fetch, half, instant)).items()}


def _outlook(wallet: Wallet, made: Forecast) -> _Outlook:
    """Due within the hour, and when a month or a price begins."""
    facts = made.facts
    begins = [stretch.price.effective_from for stretch in facts.timeline]
    price_changes_at = min((begin for begin in begins if begin > facts.now), default=None)
    month_ends = month_start(next_month(facts.running), facts.zone)
    due_at = min(facts.now + KEPT, month_ends, price_changes_at or month_ends)
    locks_at = made.locks_at if facts.locked_since is None else None
    return _Outlook(wallet, facts.locked_since, locks_at, price_changes_at, due_at)


def _standing(one: _Outlook, charge: int) -> Standing:
    wallet, state = one.wallet, one.wallet.state
    return Standing(
        wallet.id,
        wallet.id,
        wallet.currency.code,
        state.available,
        state.due,
        state.is_locked,
        Decimal(10 * state.available // charge).scaleb(-1) if charge > 0 else None,
        one.locks_at,
        one.price_changes_at,
    )


async def _store(
    connection: BaseDBAsyncClient,
    instant: datetime,
    standings: Sequence[Standing],
    worked_out: Mapping[UUID, _Outlook],
) -> None:
    rows = []
    for one in standings:
        of = worked_out[one.tenant_id]
        version = of.wallet.state.version
        rows.append(
            (one.tenant_id, of.locked_at, one.locks_at, one.months_remaining, one.price_changes_at, version, of.due_at)
        )
    if rows:
        await connection.execute_query(_STORE, [instant, *columns(rows)])


def _moved(one: Standing, before: Mapping[UUID, Row], worked_out: Mapping[UUID, _Outlook]) -> bool:
    """Whether it locks at another time than was said last."""
    row, of = before[one.tenant_id], worked_out[one.tenant_id]
    now_says = of.wallet.state.funds_locked_at, one.locks_at
    return row["computed_at"] is not None and (row["locked_at"], row["locks_at"]) != now_says
