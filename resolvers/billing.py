"""Billing: closing months, and reading invoices and runs."""

from typing import Annotated

import strawberry

from domain import access, ids
from domain.access import Viewer
from domain.billing import month_text
from resolvers import paging, shapes
from resolvers.context import Info
from resolvers.named import INPUT, Id, all_found, checked_text, named_tenant
from schema.billing import BillingPayload, BillingResult, BillingRun, Invoice, RunBillingInput
from schema.billing_months import BillingMonth
from schema.enums import InvoiceStatus
from schema.paging import Connection, Page
from schema.scalars import Month
from services import billing as stories
from services import billing_months, billing_queries
from services.billing_queries import InvoiceFilter


@strawberry.type
class BillingQueries:
    """What was billed."""

    @strawberry.field
    async def invoice(self, info: Info, invoice_id: Id) -> Invoice | None:
        """One invoice."""
        return await find_invoice(info.context.signed_in, invoice_id)

    @strawberry.field
    async def invoices(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        status: InvoiceStatus | None = None,
        month: Month | None = None,
        tenant_id: strawberry.ID | None = None,
        search: str | None = None,
    ) -> Connection[Invoice]:
        """Newest first; search finds a number, or all whose numbers begin with a code."""
        where = InvoiceFilter(named_tenant(tenant_id), status, month, checked_text("search", search))
        return await list_invoices(info.context.signed_in, Page(first, after), where)

    @strawberry.field
    async def billing_months(
        self, info: Info, first: int | None = 12, after: str | None = None
    ) -> Connection[BillingMonth]:
        """Newest first, without a gap, for those who see all tenants."""
        core, viewer = info.context.core, info.context.signed_in
        asked = paging.forward(Page(first, after), paging.read_month)

        async def count() -> int:
            return await billing_months.count_billing_months(core, viewer)

        rows = await billing_months.list_billing_months(core, viewer, asked.limit, asked.key)
        return paging.connection(rows, asked, BillingMonth.of, lambda row: month_text(row.month), count)

    @strawberry.field
    async def billing_runs(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[BillingRun]:
        """Newest first, for those who see all tenants."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_uuid)

        async def count() -> int | None:
            return await billing_queries.count_runs(viewer)

        rows = await billing_queries.list_runs(viewer, asked.limit, asked.key)
        return paging.connection(rows, asked, shapes.billing_run, lambda row: row.id.hex, count)


@strawberry.type
class BillingMutations:
    """What is billed."""

    @strawberry.mutation
    async def run_billing(self, info: Info, asked: Annotated[RunBillingInput, INPUT]) -> BillingResult:
        """Bills a month that is over, for all tenants or the ones named.

        First each tenant's earlier months that are still open. Repeating it changes nothing. Up to 100 named tenants:
        answered when done. Else at once, with the run to watch.
        """
        viewer, tenant_ids = info.context.signed_in, all_found("ten", asked.tenant_ids)
        billed = await stories.run_billing(info.context.core, viewer, asked.month, tenant_ids, dry_run=asked.dry_run)
        failures = [shapes.billing_failure(failure) for failure in billed.failures] if asked.dry_run else None
        return BillingPayload(
            run=shapes.billing_run(billed.run, failures),
            invoices=[Invoice.of(invoice, dry=asked.dry_run) for invoice in billed.invoices],
        )


async def find_invoice(viewer: Viewer, invoice_id: str) -> Invoice | None:
    """None for what is missing and for what the viewer does not see."""
    key = ids.read_numbered("inv", invoice_id)
    if key is None or not access.reads(viewer, "invoice:read", key[0]):
        return None
    found = (await billing_queries.load_invoices([key])).get(key)
    return Invoice.of(found) if found else None


async def list_invoices(viewer: Viewer, page: Page, where: InvoiceFilter) -> Connection[Invoice]:
    """Those that the viewer sees, newest first."""
    asked = paging.forward(page, paging.read_invoice)

    async def count() -> int | None:
        return await billing_queries.count_invoices(viewer, where)

    rows = await billing_queries.list_invoices(viewer, where, asked.limit, asked.key)
    return paging.connection(
        rows,
        asked,
        Invoice.of,
        lambda row: f"{row.issued_at.isoformat()} {row.wallet_id.hex} {row.count}",
        count,
    )
