"""Stories of wallets: money in and out by hand, the lock by hand."""

from uuid import UUID

from domain import access, inputs
from domain.access import Viewer
from domain.commands import (
    AdjustBalance,
    AdjustOperation,
    ReverseTransaction,
    SetManualLock,
    Tick,
    TopUp,
    TransactionKey,
    Transfer,
)
from domain.ledger import Operation
from domain.refusals import BadInput, NotFound
from services.core import Core
from services.database import read
from services.identity import new_uuid
from services.operations import keyed
from services.posting_batch import Posted

# A transfer's rows come first in their operation, on both sides.
_REVERSED = """
SELECT o.wallet_id, o.first_version FROM wallet_transactions t
LEFT JOIN operations o ON o.wallet_id = t.counterparty AND o.id = t.operation_id AND t.reason = 'TRANSFER'
WHERE t.wallet_id = $1 AND t.version = $2
"""


async def top_up(
    core: Core, viewer: Viewer, wallet_id: UUID, amount: int, description: str, key: str, *, dry_run: bool = False
) -> Posted:
    """Any amount from 1 minor unit; collects due invoices, oldest first, then unlocks.

    Raises NotFound, Forbidden, BadInput, IdempotencyConflict, NotPossible (a balance beyond 2^53−1), Unavailable.
    """
    access.require(viewer, "wallet:topup", wallet_id)
    amount, description = inputs.amount(amount), inputs.description(description)
    operation = keyed("topUp", viewer, key, amount, description)
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
    operation = keyed("adjustBalance", viewer, key, how, amount, description, expected_version)
    return await core.posting.post(
        AdjustBalance(wallet_id, operation, dry_run, how, amount, description, expected_version)
    )


async def transfer(
    core: Core,
    viewer: Viewer,
    from_id: UUID,
    to_id: UUID,
    amount: int,
    description: str,
    key: str,
    *,
    dry_run: bool = False,
) -> Posted:
    """Between two wallets of one currency, in minor units; what comes in collects due invoices there.

    Raises what adjust_balance raises but VersionConflict, and NotPossible for another currency.
    """
    access.require(viewer, "wallet:transfer", from_id)
    access.require(viewer, "wallet:transfer", to_id)
    if from_id == to_id:
        raise BadInput("fromWalletId and toWalletId are the same wallet: name another one to move money to.")
    amount, description = inputs.amount(amount), inputs.description(description)
    operation = keyed("transfer", viewer, key, to_id, amount, description)
    return await core.posting.post(Transfer(from_id, operation, dry_run, to_id, amount, description))


async def reverse_transaction(
    core: Core,
    viewer: Viewer,
    wallet_id: UUID,
    version: int,
    amount: int | None,
    description: str,
    key: str,
    *,
    reopen_invoices: bool = False,
    dry_run: bool = False,
) -> Posted:
    """Take a credit or a debit back (None: all that is left of it), of a transfer both sides.

    `reopen_invoices`: a charge-back, in which what the top-up collected falls due again and the wallet locks.
    Raises NotFound, Forbidden, BadInput, IdempotencyConflict, InsufficientFunds, NotPossible, Unavailable.
    """
    access.require(viewer, "wallet:reverse", wallet_id)
    other_side = await _other_side(viewer, wallet_id, version)
    amount = None if amount is None else inputs.amount(amount)
    description = inputs.description(description)
    operation = keyed("reverseTransaction", viewer, key, version, amount, description, reopen_invoices)
    return await core.posting.post(
        ReverseTransaction(wallet_id, operation, dry_run, version, amount, description, reopen_invoices, other_side)
    )


async def _other_side(viewer: Viewer, wallet_id: UUID, version: int) -> TransactionKey | None:
    rows = await read(_REVERSED, wallet_id, version)
    if not rows:
        raise NotFound("There is no such transaction.")
    if rows[0]["wallet_id"] is None:
        return None
    access.require(viewer, "wallet:reverse", rows[0]["wallet_id"])
    return TransactionKey(rows[0]["wallet_id"], rows[0]["first_version"])


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
