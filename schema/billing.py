"""Invoices, their lines, and the runs that issue them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain import billing, ids
from domain.people import invoice_number
from schema.context import Info
from schema.enums import InvoiceStatus, LineKind
from schema.links import TenantLink
from schema.node import Node, shown
from schema.paging import Connection, Page
from schema.refusals import IdempotencyConflict, InsufficientFunds, NotPossible
from schema.scalars import Minor, Month
from schema.wallets import OperationPayload


@strawberry.type
class InvoiceLine:
    """A service, and a stretch of its price."""

    kind: LineKind
    service: str
    month: Month = strawberry.field(
        description="The month that it is for: an earlier one than the invoice's where late."
    )
    quantity: Decimal
    unit_price_minor: Decimal | None
    since: datetime = strawberry.field(
        name="from", description="The stretch of the month that was billed at this price."
    )
    until: datetime
    amount_minor: Minor

    @classmethod
    def of(cls, line: billing.Line) -> "InvoiceLine":
        """A line, as the API shows it."""
        return cls(
            kind=line.kind,
            service=line.service,
            month=line.month,
            quantity=line.quantity,
            unit_price_minor=line.unit_price,
            since=line.start,
            until=line.end,
            amount_minor=line.amount,
        )


@strawberry.type
class Invoice(Node):
    """What a month cost a tenant."""

    number: str = strawberry.field(description="The tenant's code and a count without gaps: MSP-0007.")
    month: Month
    currency: str
    status: InvoiceStatus
    total_minor: Minor
    amount_due_minor: Minor = strawberry.field(description="The total while DUE, else 0.")
    issued_at: datetime
    locks_at: datetime | None = strawberry.field(description="While DUE: when its grace ends.")
    finalizes_at: datetime | None = strawberry.field(
        description="While PENDING: when it is collected from what is held for it, unless approved or voided before."
    )
    paid_at: datetime | None
    voided_at: datetime | None
    tenant_id: strawberry.Private[strawberry.ID]
    dry_lines: strawberry.Private[list[InvoiceLine] | None] = None

    @classmethod
    def of(cls, invoice: billing.Invoice, *, dry: bool = False) -> "Invoice":
        """What a month cost, as the API shows it."""
        is_due = invoice.status is InvoiceStatus.DUE
        return cls(
            id=shown(ids.make_numbered("inv", invoice.wallet_id, invoice.count), dry=dry),
            number=invoice_number(invoice.code, invoice.count),
            month=invoice.month,
            currency=invoice.currency,
            status=invoice.status,
            total_minor=invoice.total,
            amount_due_minor=invoice.total if is_due else 0,
            issued_at=invoice.issued_at,
            locks_at=invoice.locks_at if is_due else None,
            finalizes_at=invoice.finalizes_at if invoice.status is InvoiceStatus.PENDING else None,
            paid_at=invoice.paid_at,
            voided_at=invoice.voided_at,
            tenant_id=shown(ids.make("ten", invoice.wallet_id)),
            dry_lines=[InvoiceLine.of(line) for line in invoice.lines or ()] if dry else None,
        )

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Who owes it."""
        return await info.context.edges.tenant(self.tenant_id)

    @strawberry.field
    async def lines(self, info: Info) -> list[InvoiceLine]:
        """Their sum is the total."""
        return self.dry_lines or await info.context.edges.invoice_lines(self)


@strawberry.type
class UnbilledMonth:
    """A month that is not closed, as it would be billed now."""

    month: Month
    since: datetime = strawberry.field(name="from")
    until: datetime
    running: bool = strawberry.field(description="Not over yet.")
    charge_minor: Minor = strawberry.field(
        description="All that the invoice would come to: usage, fees and minimums; on the oldest month also what came "
        "late for closed ones."
    )
    closes_at: datetime = strawberry.field(description="When the server closes it by itself.")
    lines: list[InvoiceLine]

    @classmethod
    def of(cls, bill: billing.MonthBill, closes_at: datetime, *, running: bool) -> "UnbilledMonth":
        """As the API shows it."""
        return cls(
            month=bill.month,
            since=bill.start,
            until=bill.end,
            running=running,
            charge_minor=Minor(bill.capped_total),
            closes_at=closes_at,
            lines=[InvoiceLine.of(line) for line in bill.lines],
        )


@strawberry.type
class RunAmounts:
    """Exact sums, which may pass what Minor holds."""

    currency: str
    billed_minor: Decimal
    collected_minor: Decimal


@strawberry.type
class BillingFailure:
    """A bad tenant stops only itself."""

    message: str
    tenant_id: strawberry.Private[strawberry.ID]

    @strawberry.field
    async def tenant(self, info: Info) -> TenantLink:
        """Who was not billed."""
        return await info.context.edges.tenant(self.tenant_id)


@strawberry.type
class BillingRun(Node):
    """One closing of a month, for all tenants or some."""

    month: Month
    tenants: int
    done: int
    invoice_count: int
    amounts: list[RunAmounts] = strawberry.field(description="Per currency: unlike ones are never added.")
    locked: int = strawberry.field(description="Wallets that this run locked.")
    started_at: datetime
    finished_at: datetime | None
    dry_failures: strawberry.Private[list[BillingFailure] | None] = None

    @strawberry.field
    async def failures(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[BillingFailure]:
        """Tenants that were not billed, and why."""
        return await info.context.edges.run_failures(self, Page(first, after))


@strawberry.input
class InvoiceActionInput:
    """The key is scoped to the wallet that the invoice is collected from."""

    invoice_id: strawberry.ID
    reason: str = ""
    idempotency_key: str
    dry_run: bool = False


@strawberry.type
class InvoicePayload(OperationPayload):
    """An invoice that was approved or voided."""

    invoice: Invoice = strawberry.field(description="Right after this operation; in a dry run, as it would be.")


@strawberry.input
class RunBillingInput:
    """A month that is over."""

    month: Month
    tenant_ids: list[strawberry.ID] | None = None
    dry_run: bool = False


@strawberry.type
class BillingPayload:
    """What a run did."""

    run: BillingRun
    invoices: list[Invoice] = strawberry.field(
        description="Those that this run issued, the first 100; a repeat issues none."
    )


BillingResult = Annotated[BillingPayload | NotPossible, strawberry.union("BillingResult")]
InvoiceResult = Annotated[
    InvoicePayload | InsufficientFunds | IdempotencyConflict | NotPossible, strawberry.union("InvoiceResult")
]
