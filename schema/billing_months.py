"""Months over all tenants: for how many they are closed, and what was billed."""

from decimal import Decimal

import strawberry

from domain import billed_months
from domain.billed_months import Sums
from schema.enums import InvoiceStatus
from schema.scalars import Month


@strawberry.type
class StatusAmounts:
    """A month's invoices of one status."""

    status: InvoiceStatus
    invoices: int
    total_minor: Decimal


@strawberry.type
class MonthAmounts:
    """A month's invoices in one currency. Exact sums, which may pass what Minor holds."""

    currency: str
    invoices: int = strawberry.field(description="All but the VOID ones.")
    total_minor: Decimal = strawberry.field(description="Of all but the VOID ones.")
    statuses: list[StatusAmounts] = strawberry.field(description="Each status, also one without invoices.")

    @classmethod
    def of(cls, currency: str, sums: dict[InvoiceStatus, Sums]) -> "MonthAmounts":
        """By status, as the API shows them."""
        counted = [of for status, of in sums.items() if status is not InvoiceStatus.VOID]
        every = [(status, sums.get(status, Sums())) for status in InvoiceStatus]
        return cls(
            currency=currency,
            invoices=sum(of.invoices for of in counted),
            total_minor=sum((of.total for of in counted), Decimal(0)),
            statuses=[StatusAmounts(status=status, invoices=of.invoices, total_minor=of.total) for status, of in every],
        )


@strawberry.type
class BillingMonth:
    """A month over all tenants, each in its billing zone."""

    month: Month
    open_tenants: int = strawberry.field(description="For which it runs, or is over and not closed yet.")
    closed_tenants: int
    running: bool = strawberry.field(description="Not over yet for some of its tenants.")
    amounts: list[MonthAmounts] = strawberry.field(description="Per currency: unlike ones are never added.")

    @classmethod
    def of(cls, month: billed_months.BilledMonth) -> "BillingMonth":
        """As the API shows it."""
        return cls(
            month=month.month,
            open_tenants=month.open_tenants,
            closed_tenants=month.closed_tenants,
            running=month.is_running,
            amounts=[MonthAmounts.of(currency, sums) for currency, sums in sorted(month.amounts.items())],
        )
