"""Stories of holds: money that is locked for a purpose, taken or given free again."""

from uuid import UUID

from domain import access, inputs
from domain.access import Viewer
from domain.commands import CaptureHold, PlaceHold, ReleaseHold
from domain.refusals import NotFound
from services.core import Core
from services.hold_queries import load_holds
from services.operations import keyed
from services.posting_batch import Posted

SHORTEST_SECONDS, LONGEST_SECONDS = 60, 30 * 24 * 3600


async def place_hold(
    core: Core,
    viewer: Viewer,
    wallet_id: UUID,
    amount: int,
    description: str,
    expires_in_seconds: int,
    key: str,
    *,
    dry_run: bool = False,
) -> Posted:
    """From 60 seconds to 30 days. Raises NotFound, Forbidden, BadInput, IdempotencyConflict, WalletLocked,
    InsufficientFunds, Unavailable."""
    access.require(viewer, "hold:write", wallet_id)
    amount, description = inputs.amount(amount), inputs.description(description)
    seconds = inputs.within("expiresInSeconds", expires_in_seconds, SHORTEST_SECONDS, LONGEST_SECONDS)
    operation = keyed("placeHold", viewer, key, amount, description, seconds)
    return await core.posting.post(PlaceHold(wallet_id, operation, dry_run, amount, description, seconds))


async def capture_hold(
    core: Core,
    viewer: Viewer,
    wallet_id: UUID,
    number: int,
    amount: int | None,
    description: str,
    key: str,
    *,
    dry_run: bool = False,
) -> Posted:
    """Take the amount (None: all) and release the rest, also while the wallet is locked.

    Raises NotFound, Forbidden, BadInput, IdempotencyConflict, NotPossible (ended, or less is held), Unavailable.
    """
    await _check_exists(viewer, wallet_id, number)
    amount = None if amount is None else inputs.amount(amount)
    description = inputs.description(description)
    operation = keyed("captureHold", viewer, key, number, amount, description)
    return await core.posting.post(CaptureHold(wallet_id, operation, dry_run, number, amount, description))


async def release_hold(
    core: Core, viewer: Viewer, wallet_id: UUID, number: int, key: str, *, dry_run: bool = False
) -> Posted:
    """All of it. Raises what capture_hold raises."""
    await _check_exists(viewer, wallet_id, number)
    operation = keyed("releaseHold", viewer, key, number)
    return await core.posting.post(ReleaseHold(wallet_id, operation, dry_run, number))


async def _check_exists(viewer: Viewer, wallet_id: UUID, number: int) -> None:
    access.require(viewer, "hold:write", wallet_id)
    if not await load_holds([(wallet_id, number)]):
        raise NotFound("There is no such hold.")
