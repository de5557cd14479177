"""Invoices and usage, as the documents answer them. Amounts are minor units."""

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from dashboard.shapes.lists import Edge

if TYPE_CHECKING:
    from dashboard.shapes.wallets import Lock


class InvoiceRef(TypedDict):
    """Which invoice a line of the log, or a hold, is about."""

    id: str
    number: str
    month: str


# "from" is a word of Python's own.
InvoiceLine = TypedDict(
    "InvoiceLine",
    {
        "kind": Literal["USAGE", "FLAT", "MINIMUM", "LATE"],
        "service": str,
        "month": str,
        "quantity": str,
        "unitPriceMinor": str | None,
        "from": str,
        "until": str,
        "amountMinor": int,
    },
)


class InvoiceHead(TypedDict):
    """What a month came to, without its lines."""

    id: str
    number: str
    month: str
    status: Literal["PENDING", "PAID", "DUE", "VOID"]
    totalMinor: int
    amountDueMinor: int
    issuedAt: str
    finalizesAt: str | None
    paidAt: str | None
    voidedAt: str | None
    locksAt: str | None


class Invoice(InvoiceHead):
    """A month's bill."""

    lines: list[InvoiceLine]


class MonthlyUsage(TypedDict):
    """What a service was used in a month."""

    service: str
    month: str
    quantity: str
    lateQuantity: str
    events: int
    chargeMinor: int


class ExponentRef(TypedDict):
    """How many decimals a wallet's currency has."""

    currencyExponent: int


class Billed(TypedDict):
    """Who owes an invoice."""

    id: str
    name: str
    wallet: ExponentRef


class ListedInvoice(InvoiceHead):
    """An invoice among those of all tenants."""

    currency: str
    tenant: Billed


class BilledWallet(TypedDict):
    """From which an invoice is collected."""

    id: str
    currency: str
    currencyExponent: int
    lock: "Lock"


class Debtor(TypedDict):
    """A tenant as its invoice names it."""

    id: str
    name: str
    externalId: str | None
    billingZone: str
    wallet: BilledWallet


class WholeInvoice(Invoice):
    """An invoice on its own page."""

    currency: str
    tenant: Debtor


class StatusAmounts(TypedDict):
    """A month's invoices of one status."""

    status: Literal["PENDING", "PAID", "DUE", "VOID"]
    invoices: int
    totalMinor: str


class MonthAmounts(TypedDict):
    """A month's invoices in one currency; counted without those that are void."""

    currency: str
    invoices: int
    totalMinor: str
    statuses: list[StatusAmounts]


class BillingMonth(TypedDict):
    """A month over all tenants."""

    month: str
    openTenants: int
    closedTenants: int
    running: bool
    amounts: list[MonthAmounts]


class RunAmounts(TypedDict):
    """What a run billed and collected in one currency."""

    currency: str
    billedMinor: str
    collectedMinor: str


class TenantName(TypedDict):
    """Which tenant."""

    id: str
    name: str


class BillingFailure(TypedDict):
    """Who was not billed, and why."""

    message: str
    tenant: TenantName


class Failures(TypedDict):
    """How many tenants were not billed; some of them where a page asks for them."""

    totalCount: int | None
    edges: list[Edge[BillingFailure]]


class BillingRun(TypedDict):
    """One closing of a month."""

    id: str
    month: str
    tenants: int
    done: int
    invoiceCount: int
    locked: int
    startedAt: str
    finishedAt: str | None
    amounts: list[RunAmounts]
    failures: Failures


class OpenMonth(TypedDict):
    """A month that is not closed, as it would be billed now."""

    month: str
    running: bool
    chargeMinor: int
    closesAt: str
    lines: NotRequired[list[InvoiceLine]]
