"""What the first page shows, as the documents answer it. Sums over wallets are exact decimals of minor units."""

from typing import TypedDict

from dashboard.format import Currency
from dashboard.shapes.billing import InvoiceRef
from dashboard.shapes.lists import Connection
from dashboard.shapes.pricing import Price
from dashboard.shapes.wallets import Balance, Lock, WalletLabel


class Overview(TypedDict):
    """All wallets of one currency."""

    currency: str
    currencyExponent: int
    wallets: int
    totalMinor: str
    lockedMinor: str
    availableMinor: str
    dueMinor: str
    lockedWallets: int
    dueWallets: int
    month: str
    chargeThisMonthMinor: str
    chargeLastMonthMinor: str


class DayBalance(TypedDict):
    """What was held in all of them as a day (UTC) ended; on the last day, what is held now."""

    day: str
    totalMinor: str


class ServiceCharge(TypedDict):
    """What a service cost all tenants in a month."""

    month: str
    service: str
    chargeMinor: str


class Charts(TypedDict):
    """What is drawn of a currency: both oldest first."""

    currency: str
    currencyExponent: int
    month: str
    balanceHistory: list[DayBalance]
    chargesByService: list[ServiceCharge]


class NewLine(TypedDict):
    """A transaction of an operation that has just happened."""

    type: str
    amountMinor: int
    lockedAmountMinor: int
    dueAmountMinor: int
    description: str
    invoice: InvoiceRef | None
    wallet: WalletLabel


class NewOperation(TypedDict):
    """An operation that has just happened."""

    id: str
    kind: str
    actor: str
    createdAt: str
    transactions: list[NewLine]


class RiskTenant(TypedDict):
    """Whose money runs out."""

    id: str
    name: str
    externalId: str | None


class RiskWallet(TypedDict):
    """Where it is to be paid in."""

    id: str
    balance: Balance
    lock: Lock


class LockRisk(TypedDict):
    """A tenant that is locked for money, or is projected to be."""

    locksAt: str
    chargeThisMonthMinor: int
    monthsRemaining: float | None
    topUpMinor: int | None
    tenant: RiskTenant
    wallet: RiskWallet


class WalletId(TypedDict):
    """A wallet, of which nothing more is asked."""

    id: str


class ServiceName(TypedDict):
    """Usage, of which only the service is asked."""

    service: str


class FirstTenant(TypedDict):
    """A tenant, as far as the first steps are about it."""

    id: str
    name: str
    wallet: WalletId
    prices: Connection[Price]
    usage: Connection[ServiceName]


def currency_of(overview: Overview | Charts) -> Currency:
    """The currency that it is of."""
    return Currency(overview["currency"], overview["currencyExponent"])
