"""Stories of usage: record events with their monthly totals, all or none."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, inputs
from domain.access import Viewer
from domain.billing import FIRST_YEAR, check_chargeable
from domain.changes import Change, ChangeKind
from domain.money import MOST_QUANTITY, QUANTITY_DECIMALS, add, decimals
from domain.pricing import stretches
from domain.refusals import BadInput, NotFound
from domain.usage import MOST_EVENTS, Known, RecordedEvent, Tally, TenantFacts, UsageEvent, judge
from services.catching_up import lock_wallets, require_up_to_date, write_up_to_date
from services.core import Core
from services.database import Row, note, now
from services.rows import PRICE_COLUMNS, columns, read_price, read_wallet

T = TypeVar("T")

AT_A_TIME = 1_000
"""Events that are worked on without a break: some 10 ms."""

# In turn, never shared: a stream of requests that share a lock would keep postings, prices and closings waiting for
# ever, and two corrections or two copies of a key would not see each other.
_LOCK_TENANTS = """
SELECT t.id, t.billing_zone FROM tenants t
WHERE t.id = ANY($1::uuid[]) AND t.closed_at IS NULL ORDER BY t.id FOR NO KEY UPDATE
"""
_NEWEST_CLOSED = """
SELECT k.id, m.month FROM unnest($1::uuid[]) AS k(id)
JOIN LATERAL (SELECT month FROM billing_months WHERE wallet_id = k.id ORDER BY month DESC LIMIT 1) m ON true
"""
_PRICES = f"SELECT {PRICE_COLUMNS} FROM prices WHERE wallet_id = ANY($1::uuid[]) AND service = ANY($2::text[])"
# A look-up for each key, whatever the planner thinks: a plan cached while the table was small would read all of it.
_KNOWN = """
SELECT e.wallet_id, e.key, e.service, e.quantity, e.occurred_at, e.dated, e.month, e.corrects,
    (SELECT -sum(c.quantity) FROM usage_events c WHERE c.wallet_id = e.wallet_id AND c.corrects = e.key) AS corrected
FROM jsonb_array_elements($1::jsonb) AS k
CROSS JOIN LATERAL (SELECT * FROM usage_events u WHERE u.wallet_id = (k->>0)::uuid AND u.key = k->>1 OFFSET 0) e
"""
# Rows as JSON: to the driver they cost a sixth of an array of rows, and to the database little more.
_INSERT = """
INSERT INTO usage_events (wallet_id, key, service, quantity, occurred_at, dated, month, corrects, recorded_at)
SELECT (e->>0)::uuid, e->>1, e->>2, (e->>3)::numeric, (e->>4)::timestamptz, (e->>5)::boolean, (e->>6)::date, e->>7, $2
FROM jsonb_array_elements($1::jsonb) AS e ORDER BY 1, 2
"""
# PostgreSQL checks a row also where it is not inserted: what corrections take rides in a column that takes it as it is.
_ADD = """
INSERT INTO usage_totals AS u (wallet_id, month, service, price_id, quantity, billed_quantity, late_quantity, events)
SELECT wallet_id, month, service, price_id, greatest(quantity, 0), greatest(-quantity, 0), late_quantity, events
FROM unnest($1::uuid[], $2::date[], $3::text[], $4::uuid[], $5::numeric[], $6::numeric[], $7::bigint[])
    AS n(wallet_id, month, service, price_id, quantity, late_quantity, events)
ORDER BY wallet_id, month, service, price_id
ON CONFLICT (wallet_id, month, service, price_id) DO UPDATE
SET quantity = u.quantity + excluded.quantity - excluded.billed_quantity,
    late_quantity = u.late_quantity + excluded.late_quantity, events = u.events + excluded.events
RETURNING u.wallet_id, u.service, u.month, u.price_id, u.quantity
"""


async def record_usage(
    core: Core, viewer: Viewer, events: Sequence[UsageEvent], *, most: int = MOST_EVENTS, dry_run: bool = False
) -> Tally:
    """All or none. Raises NotFound (a tenant), Forbidden, BadInput, UsageRefused with every event that is why."""
    if not 1 <= len(events) <= most:
        raise BadInput(f"events takes 1 to {most:,} events; this has {len(events):,}. Send them in several requests.")
    access.require_each(viewer, "usage:write", dict.fromkeys(event.wallet_id for event in events))
    checked: list[UsageEvent] = []
    async for some in _parts(events):
        checked += [_checked(index, event) for index, event in enumerate(some, len(checked))]

    async def work(connection: BaseDBAsyncClient) -> Tally:
        zones = await _lock(connection, {event.wallet_id for event in checked})
        before = await _known_rows(connection, checked)
        services = {event.service for event in checked} | {row["service"] for row in before}
        tenants, wallets = await _facts(connection, zones, services)
        instant = await now(core.clock, connection)
        require_up_to_date(wallets, instant)
        result = await _judged(checked, before, tenants, instant)
        if result.recorded and not dry_run:
            async for some in _parts(result.recorded):
                await connection.execute_query(_INSERT, [_json(map(_event_row, some)), instant])
            note(Change(ChangeKind.USAGE, wallet_id) for wallet_id in zones)
            totals = await connection.execute_query_dict(_ADD, columns(_totals(result.recorded, tenants)))
            _check_chargeable(totals, tenants)
        return result

    return await write_up_to_date(core, work)


def _checked(index: int, event: UsageEvent) -> UsageEvent:
    where = f"events[{index}]"
    quantity = event.quantity
    if abs(quantity) > MOST_QUANTITY or decimals(quantity) > QUANTITY_DECIMALS:
        raise BadInput(f"{where}.quantity takes up to 10^15, with up to {QUANTITY_DECIMALS} decimals.")
    if not quantity or (quantity < 0) != (event.corrects is not None):
        raise BadInput(f"{where}.quantity is above zero; below zero only with corrects, the key that it corrects.")
    if event.occurred_at is not None and event.occurred_at.year < FIRST_YEAR:
        raise BadInput(f"{where}.occurredAt takes an instant from {FIRST_YEAR} on.")
    inputs.text(f"{where}.key", event.key, inputs.LONGEST_KEY, shortest=1)
    if event.corrects is not None:
        inputs.text(f"{where}.corrects", event.corrects, inputs.LONGEST_KEY, shortest=1)
    inputs.text(f"{where}.service", event.service, 64, shortest=1)
    return event


async def _lock(connection: BaseDBAsyncClient, wallet_ids: set[UUID]) -> dict[UUID, str]:
    """The tenants' billing zones, under their locks: no month closes and no price changes meanwhile."""
    rows = await connection.execute_query_dict(_LOCK_TENANTS, [sorted(wallet_ids)])
    if len(rows) < len(wallet_ids):
        raise NotFound("There is no such tenant.")
    return {row["id"]: row["billing_zone"] for row in rows}


async def _facts(
    connection: BaseDBAsyncClient, zones: dict[UUID, str], services: set[str]
) -> tuple[dict[UUID, TenantFacts], Sequence[Row]]:
    """And the wallets' rows. They are locked last: no lock of theirs comes between the look at it and the write."""
    ids = sorted(zones)
    closed = {row["id"]: row["month"] for row in await connection.execute_query_dict(_NEWEST_CLOSED, [ids])}
    prices = [read_price(row) for row in await connection.execute_query_dict(_PRICES, [ids, sorted(services)])]
    timelines = {wallet_id: stretches(price for price in prices if price.wallet_id == wallet_id) for wallet_id in ids}
    rows = await lock_wallets(connection, ids)
    states = {row["id"]: read_wallet(row).state for row in rows}
    facts = {
        wallet_id: TenantFacts(zones[wallet_id], closed.get(wallet_id), timelines[wallet_id], states[wallet_id])
        for wallet_id in ids
    }
    return facts, rows


async def _parts(whole: Sequence[T]) -> AsyncIterator[Sequence[T]]:
    """Between two of them everybody else in the process has a turn."""
    for start in range(0, len(whole), AT_A_TIME):
        yield whole[start : start + AT_A_TIME]
        await asyncio.sleep(0)


async def _known_rows(connection: BaseDBAsyncClient, events: Sequence[UsageEvent]) -> list[Row]:
    wanted = {(event.wallet_id, event.key) for event in events}
    wanted |= {(event.wallet_id, event.corrects) for event in events if event.corrects}
    rows: list[Row] = []
    async for some in _parts(list(wanted)):
        rows += await connection.execute_query_dict(_KNOWN, [_json(some)])
    return rows


async def _judged(
    events: Sequence[UsageEvent], before: Sequence[Row], tenants: dict[UUID, TenantFacts], instant: datetime
) -> Tally:
    """All or none of them."""
    known: Known = {}
    async for rows in _parts(before):
        known |= _known(rows, tenants)
    result = Tally()
    async for some in _parts(list(enumerate(events))):
        judge(some, tenants, known, instant, result)
    result.all_or_none()
    return result


def _known(rows: Sequence[Row], tenants: dict[UUID, TenantFacts]) -> Known:
    known: Known = {}
    for row in rows:
        event = UsageEvent(
            row["wallet_id"],
            row["key"],
            row["service"],
            row["quantity"],
            row["occurred_at"] if row["dated"] else None,
            row["corrects"],
        )
        price = tenants[event.wallet_id].price_at(event.service, row["occurred_at"])
        assert price is not None, "a price that usage depends on stays"
        known[event.wallet_id, event.key] = RecordedEvent(
            event, row["occurred_at"], row["month"], price.id, row["corrected"] or Decimal(0)
        )
    return known


def _check_chargeable(totals: Sequence[Row], tenants: dict[UUID, TenantFacts]) -> None:
    """All is rolled back where a month would cost more than an amount can say."""
    for row in totals:
        price = next(s.price for s in tenants[row["wallet_id"]].timeline if s.price.id == row["price_id"])
        check_chargeable(price, row["month"], row["quantity"], "Nothing was recorded: check the quantities.")


def _event_row(recorded: RecordedEvent) -> tuple[object, ...]:
    event, dated = recorded.event, recorded.event.occurred_at is not None
    return (
        event.wallet_id, event.key, event.service, event.quantity, recorded.occurred_at, dated, recorded.month,
        event.corrects,
    )  # fmt: skip


def _json(rows: Iterable[tuple[object, ...]]) -> str:
    """Decimals as text, which is exact; instants to the microsecond."""
    return orjson.dumps(list(rows), default=str).decode()


def _totals(events: Iterable[RecordedEvent], tenants: dict[UUID, TenantFacts]) -> list[tuple[object, ...]]:
    used: dict[tuple[UUID, date, str, UUID], list[Decimal]] = {}
    for recorded in events:
        event = recorded.event
        used.setdefault((event.wallet_id, recorded.month, event.service, recorded.price_id), []).append(event.quantity)
    rows: list[tuple[object, ...]] = []
    for (wallet_id, month, service, price_id), quantities in used.items():
        closed, quantity = tenants[wallet_id].newest_closed, add(quantities)
        late = quantity if closed is not None and month <= closed else Decimal(0)
        rows.append((wallet_id, month, service, price_id, quantity, late, len(quantities)))
    return rows
