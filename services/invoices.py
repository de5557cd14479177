"""Stories of single invoices: collected before their window ends, or taken back."""

from uuid import UUID

from domain import access, inputs
from domain.access import Viewer
from domain.commands import ApproveInvoice, VoidInvoice
from domain.refusals import NotFound
from services.billing_queries import load_invoices
from services.core import Core
from services.operations import keyed
from services.posting_batch import Posted


async def approve_invoice(
    core: Core, viewer: Viewer, wallet_id: UUID, count: int, reason: str, key: str, *, dry_run: bool = False
) -> Posted:
    """Collect a PENDING one now. Raises NotFound, Forbidden, BadInput, IdempotencyConflict, NotPossible (it is not
    pending), Unavailable."""
    reason = await _checked(viewer, wallet_id, count, reason)
    operation = keyed("approveInvoice", viewer, key, count, reason)
    return await core.posting.post(ApproveInvoice(wallet_id, operation, dry_run, count, reason))


async def void_invoice(
    core: Core, viewer: Viewer, wallet_id: UUID, count: int, reason: str, key: str, *, dry_run: bool = False
) -> Posted:
    """Take an invoice back, for ever; the usage it was for is billed by a later one, corrected by then.

    Raises what approve_invoice raises, and InsufficientFunds where it gave money back that is available no more.
    """
    reason = await _checked(viewer, wallet_id, count, reason)
    operation = keyed("voidInvoice", viewer, key, count, reason)
    return await core.posting.post(VoidInvoice(wallet_id, operation, dry_run, count, reason))


async def _checked(viewer: Viewer, wallet_id: UUID, count: int, reason: str) -> str:
    access.require(viewer, "invoice:write", wallet_id)
    if not await load_invoices([(wallet_id, count)]):
        raise NotFound("There is no such invoice.")
    return inputs.text("reason", reason, inputs.LONGEST_DESCRIPTION)
