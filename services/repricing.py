"""A price that begins in the past takes the usage of its stretch with it: the totals follow, the events stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.billing import check_chargeable
from domain.pricing import Price, in_force, stretches
from services.database import Row
from services.rows import columns

_USED = """
SELECT month, sum(quantity) AS quantity, count(*) AS events FROM usage_events
WHERE wallet_id = $1 AND service = $2 AND occurred_at >= $3 AND ($4::timestamptz IS NULL OR occurred_at < $4)
GROUP BY month
"""
# Only open months can hold such usage: nothing of it has been billed, and none came late.
_MOVE = """
WITH moved AS (
    SELECT * FROM unnest($5::date[], $6::numeric[], $7::bigint[]) AS m(month, quantity, events)
), taken AS (
    UPDATE usage_totals u SET quantity = u.quantity - m.quantity, events = u.events - m.events
    FROM moved m WHERE u.wallet_id = $1 AND u.month = m.month AND u.service = $2 AND u.price_id = $3
)
INSERT INTO usage_totals (wallet_id, month, service, price_id, quantity, events)
SELECT $1, month, $2, $4, quantity, events FROM moved
"""
_EMPTY_TOTALS = "DELETE FROM usage_totals WHERE wallet_id = $1 AND service = $2 AND events = 0"


@dataclass(frozen=True, slots=True)
class Moving:
    """What a new stretch takes over, month by month, from the price that was in force until now."""

    taken_from: UUID | None = None
    months: Sequence[Row] = field(default_factory=list)


async def usage_of(
    connection: BaseDBAsyncClient, new: Price, before: Sequence[Price], after: Sequence[Price]
) -> Moving:
    """The usage that occurred in the new stretch. Raises BadInput where it would cost more than an amount can say."""
    cut = in_force(stretches(before), new.service, new.effective_from)
    if cut is None:  # usage without a price is never recorded
        return Moving()
    until = next(stretch.until for stretch in stretches(after) if stretch.price is new)
    months = await connection.execute_query_dict(_USED, [new.wallet_id, new.service, new.effective_from, until])
    for row in months:
        check_chargeable(new, row["month"], row["quantity"], "Check the price.")
    return Moving(cut.id, months)


async def move(connection: BaseDBAsyncClient, new: Price, moving: Moving) -> None:
    """Once the new price is stored."""
    if not moving.months:
        return
    amounts = columns((row["month"], row["quantity"], row["events"]) for row in moving.months)
    await connection.execute_query(_MOVE, [new.wallet_id, new.service, moving.taken_from, new.id, *amounts])
    await connection.execute_query(_EMPTY_TOTALS, [new.wallet_id, new.service])
