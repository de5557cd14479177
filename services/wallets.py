"""Stories of wallets: money in and out by hand, the lock by hand."""

from hashlib import sha256
from uuid import UUID

import orjson

from domain import access, inputs
from domain.access import Viewer
from domain.commands import AdjustBalance, AdjustOperation, SetManualLock, Tick, TopUp
from domain.ledger import Operation
from services.core import Core
from services.identity import new_uuid
from services.posting_batch import Posted


async def top_up(
    core: Core, viewer: Viewer, wallet_id: UUID, amount: int, description: str, key: str, *, dry_run: bool = False
) -> Posted:
    """Any amount from 1 minor unit; collects due invoices, oldest first, then unlocks.

    Raises NotFound, Forbidden, BadInput, IdempotencyConflict, NotPossible (a balance beyond 2^53−1), Unavailable.
    """
    access.require(viewer, "wallet:topup", wallet_id)
    amount, description = inputs.amount(amount), inputs.description(description)
    operation = _operation("topUp", viewer, key, amount, description)
    return await core.posting.post(TopUp(wallet_id, operation, dry_run, amount, description))


async def adjust_balance(
    core: Core,
    viewer: Viewer,
    wallet_id: UUID,
    how: AdjustOperation,
    amount: int,
    description: str,
    key: str,
    *,
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Posted:
    """Add, subtract, or set the total (before due invoices are collected from it), in minor units.

    Raises what top_up raises, and VersionConflict, WalletLocked, InsufficientFunds.
    """
    access.require(viewer, "wallet:adjust", wallet_id)
    amount = inputs.amount(amount, zero=how is AdjustOperation.SET)
    description = inputs.description(description)
    operation = _operation("adjustBalance", viewer, key, how, amount, description, expected_version)
    return await core.posting.post(
        AdjustBalance(wallet_id, operation, dry_run, how, amount, description, expected_version)
    )


async def set_manual_lock(
    core: Core, viewer: Viewer, wallet_id: UUID, reason: str, *, on: bool, dry_run: bool = False
) -> Posted:
    """Lock by hand, or take that lock off. Raises NotPossible where it is so already, or the lock is for money."""
    access.require(viewer, "wallet:lock", wallet_id)
    reason = inputs.text("reason", reason, inputs.LONGEST_DESCRIPTION, shortest=1)
    operation = Operation(new_uuid(), "lockWallet" if on else "unlockWallet", viewer.actor)
    return await core.posting.post(SetManualLock(wallet_id, operation, dry_run, on, reason))


async def tick(core: Core, wallet_id: UUID) -> None:
    """Have what the clock has decided in this wallet written now."""
    await core.posting.post(Tick(wallet_id, Operation(new_uuid(), "clock", access.SYSTEM.actor), False))


def _operation(kind: str, viewer: Viewer, key: str, *content: object) -> Operation:
    """With a hash of what was asked for: the same key may come again only with the same."""
    asked = sha256(orjson.dumps([kind, *content])).digest()
    return Operation(new_uuid(), kind, viewer.actor, inputs.key(key), asked)
