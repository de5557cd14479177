"""What a billing run would do: the same decisions, told and dropped. Keeps sums, not what they are of."""

from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from domain.billing import Invoice
from domain.draft import Issued
from domain.ledger import InvoiceStatus, TransactionReason, TransactionType
from services.billing_queries import RunAmounts, RunRecord
from services.billing_runs import billed_groups
from services.billing_tenants import BilledTenant, Run
from services.core import Core
from services.posting_batch import Posted


@dataclass(slots=True)
class Rehearsal:
    """What the real run would come to."""

    shown: int
    invoices: list[Invoice] = field(default_factory=list)
    """The first so many."""
    failures: list[tuple[UUID, str]] = field(default_factory=list)
    _amounts: dict[str, RunAmounts] = field(default_factory=dict)
    _tenants: int = 0
    _issued: int = 0
    _locked: int = 0

    def add(self, tenant: BilledTenant, outcome: Posted | str) -> None:
        """One tenant more."""
        self._tenants += 1
        if isinstance(outcome, str):
            self.failures.append((tenant.id, outcome))
            return
        self._locked += sum(
            t.type is TransactionType.LOCK and t.reason is TransactionReason.INSUFFICIENT_FUNDS
            for t in outcome.transactions
        )
        for issued in outcome.issued:
            self._add(tenant, issued)

    def _add(self, tenant: BilledTenant, issued: Issued) -> None:
        self._issued += 1
        total = Decimal(issued.invoice.total)
        paid = total if issued.invoice.status is InvoiceStatus.PAID else Decimal(0)
        before = self._amounts.get(tenant.currency, RunAmounts(tenant.currency, Decimal(0), Decimal(0)))
        self._amounts[tenant.currency] = RunAmounts(tenant.currency, before.billed + total, before.collected + paid)
        if len(self.invoices) < self.shown:
            self.invoices.append(_invoice(tenant, issued))

    def record(self, run: Run) -> RunRecord:
        """As of a run that has finished."""
        return RunRecord(
            run.id,
            run.month,
            self._tenants,
            self._tenants,
            self._issued,
            [amounts for _, amounts in sorted(self._amounts.items())],
            self._locked,
            run.started_at,
            run.started_at,
        )


async def rehearse(core: Core, run: Run, shown: int) -> Rehearsal:
    """All of a dry run."""
    told = Rehearsal(shown)
    async with aclosing(billed_groups(core, run)) as billed:
        async for group, outcomes in billed:
            for tenant, outcome in zip(group.tenants, outcomes, strict=True):
                told.add(tenant, outcome)
    return told


def _invoice(tenant: BilledTenant, issued: Issued) -> Invoice:
    invoice = issued.invoice
    return Invoice(
        wallet_id=tenant.id,
        count=invoice.count,
        code=tenant.code,
        currency=tenant.currency,
        month=invoice.month,
        status=invoice.status,
        total=invoice.total,
        issued_at=invoice.issued_at,
        locks_at=invoice.locks_at,
        finalizes_at=invoice.finalizes_at,
        paid_at=invoice.closed_at,
        voided_at=None,
        lines=issued.bill.lines,
    )
