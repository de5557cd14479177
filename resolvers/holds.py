"""Holds: placing, capturing and releasing them."""

from typing import Annotated

import strawberry

from domain.ledger import HoldStatus
from resolvers import shapes
from resolvers.context import Info
from resolvers.named import INPUT, found, found_numbered
from resolvers.wallets import money
from schema.holds import CaptureHoldInput, HoldPayload, HoldResult, PlaceHoldInput, ReleaseHoldInput
from schema.money import MoneyResult
from services import holds as stories
from services.hold_queries import HoldRecord, load_holds
from services.posting_batch import Posted


@strawberry.type
class HoldMutations:
    """Money that is promised."""

    @strawberry.mutation
    async def place_hold(self, info: Info, asked: Annotated[PlaceHoldInput, INPUT]) -> HoldResult:
        """Moves money from available to locked, until it is captured, released, or expires."""
        posted = await stories.place_hold(
            info.context.core,
            info.context.signed_in,
            found("wal", asked.wallet_id),
            asked.amount_minor,
            asked.description,
            asked.expires_in_seconds,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        hold = shapes.hold(await _placed(posted), dry=shapes.is_dry(posted))
        return shapes.payload(HoldPayload, posted, hold=hold)

    @strawberry.mutation
    async def capture_hold(self, info: Info, asked: Annotated[CaptureHoldInput, INPUT]) -> MoneyResult:
        """Takes the amount (all of it where none is given) and releases the rest."""
        posted = await stories.capture_hold(
            info.context.core,
            info.context.signed_in,
            *found_numbered("hld", asked.hold_id),
            asked.amount_minor,
            asked.description,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)

    @strawberry.mutation
    async def release_hold(self, info: Info, asked: Annotated[ReleaseHoldInput, INPUT]) -> MoneyResult:
        """All of it becomes available again."""
        posted = await stories.release_hold(
            info.context.core,
            info.context.signed_in,
            *found_numbered("hld", asked.hold_id),
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return money(posted, info.context.signed_in)


async def _placed(posted: Posted) -> HoldRecord:
    """The hold right after it was placed, whatever has become of it since."""
    line = posted.transactions[0]
    key = line.wallet_id, line.after.version
    held = posted.account.holds if posted.account else (await load_holds([key])).values()
    expires_at = next(hold.expires_at for hold in held if hold.number == line.after.version)
    return HoldRecord(
        *key, line.locked_amount, 0, HoldStatus.ACTIVE, line.description, expires_at, None, line.after.time
    )
