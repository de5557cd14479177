"""Single invoices: approving and voiding them by hand."""

from dataclasses import replace
from typing import Annotated

import strawberry

from domain.ledger import InvoiceStatus
from resolvers import shapes
from resolvers.context import Info
from resolvers.named import INPUT, found_numbered
from schema.billing import Invoice, InvoiceActionInput, InvoicePayload, InvoiceResult
from services import invoices as stories
from services.billing_queries import load_invoices
from services.posting_batch import Posted


@strawberry.type
class InvoiceMutations:
    """What was billed, decided by hand."""

    @strawberry.mutation
    async def approve_invoice(self, info: Info, asked: Annotated[InvoiceActionInput, INPUT]) -> InvoiceResult:
        """Collects a PENDING invoice now."""
        posted = await stories.approve_invoice(
            info.context.core,
            info.context.signed_in,
            *found_numbered("inv", asked.invoice_id),
            asked.reason,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return await _payload(posted, InvoiceStatus.PAID)

    @strawberry.mutation
    async def void_invoice(self, info: Info, asked: Annotated[InvoiceActionInput, INPUT]) -> InvoiceResult:
        """PENDING: its hold is released. DUE: no longer due. PAID: the money returns. Final; its month stays closed."""
        posted = await stories.void_invoice(
            info.context.core,
            info.context.signed_in,
            *found_numbered("inv", asked.invoice_id),
            asked.reason,
            asked.idempotency_key,
            dry_run=asked.dry_run,
        )
        return await _payload(posted, InvoiceStatus.VOID)


async def _payload(posted: Posted, status: InvoiceStatus) -> InvoicePayload:
    """The invoice right after it was decided, whatever has become of it since."""
    line = posted.transactions[0]
    assert line.invoice is not None, "the first line is about the invoice"
    key, at = (line.wallet_id, line.invoice), line.after.time
    stored = (await load_invoices([key]))[key]
    paid_at, voided_at = (at, None) if status is InvoiceStatus.PAID else (None, at)
    invoice = Invoice.of(replace(stored, status=status, paid_at=paid_at, voided_at=voided_at))
    return shapes.payload(InvoicePayload, posted, invoice=invoice)
