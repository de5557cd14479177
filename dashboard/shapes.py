"""What the documents of operations.graphql answer, as types. Field names are the API's; amounts are minor units."""

from typing import Generic, Literal, NotRequired, TypedDict, TypeVar

from dashboard.format import Currency

T = TypeVar("T")


class Viewer(TypedDict):
    """The signed-in person."""

    id: str
    name: str
    phone: str
    role: Literal["SUPER_ADMIN", "SUPPORT", "TENANT_ADMIN", "MEMBER"]


class Balance(TypedDict):
    """The three balances of a wallet."""

    total: int
    locked: int
    available: int


class Lock(TypedDict):
    """Whether a wallet is locked, why, and what unlocks it."""

    locked: bool
    reasons: list[Literal["INSUFFICIENT_FUNDS", "MANUAL"]]
    since: str | None
    amountDue: int
    locksAt: str | None
    unlockAmount: int
    topUpUnlocks: bool


class State(TypedDict):
    """A wallet at one moment."""

    version: int
    time: str
    balance: Balance
    lock: Lock


class Edge(TypedDict, Generic[T]):
    """One entry of a page."""

    node: T


class PageInfo(TypedDict):
    """Where a page ends."""

    hasNextPage: bool
    endCursor: str | None


class Connection(TypedDict, Generic[T]):
    """One page of a list."""

    edges: list[Edge[T]]
    pageInfo: PageInfo
    totalCount: NotRequired[int | None]


class InvoiceRef(TypedDict):
    """Which invoice a line of the log, or a hold, is about."""

    id: str
    number: str
    month: str


class HoldRef(TypedDict):
    """Which hold a line of the log is about."""

    id: str
    description: str
    status: Literal["ACTIVE", "CAPTURED", "RELEASED", "EXPIRED"]


class Reversed(TypedDict):
    """What a reversal takes back."""

    id: str
    type: str
    reason: str
    amountMinor: int
    createdAt: str


class Party(TypedDict):
    """The other side of a transfer."""

    __typename: Literal["Tenant", "User"]
    id: str
    name: str


class LogLine(TypedDict):
    """A transaction."""

    id: str
    version: int
    type: str
    reason: str
    amountMinor: int
    lockedAmountMinor: int
    dueAmountMinor: int
    balanceAfterMinor: int
    lockedAfterMinor: int
    dueAfterMinor: int
    description: str
    operationId: str
    actor: str
    createdAt: str
    invoice: InvoiceRef | None
    hold: HoldRef | None
    reverses: Reversed | None
    counterparty: Party | None


class Hold(TypedDict):
    """Locked money. Without an expiry it ends with its invoice."""

    id: str
    amountMinor: int
    description: str
    expiresAt: str | None
    invoice: InvoiceRef | None


class Tier(TypedDict):
    """A tier of a price; the last one has no end."""

    upTo: str | None
    unitPriceMinor: str
    flatMinor: int


class Price(TypedDict):
    """One stretch of a pricing timeline."""

    id: str
    service: str
    unit: str
    model: Literal["PER_UNIT", "FLAT", "GRADUATED", "VOLUME", "PACKAGE"]
    unitPriceMinor: str | None
    flatMinor: int | None
    packageSize: str | None
    tiers: list[Tier]
    minimumMinor: int
    effectiveFrom: str
    effectiveUntil: str | None
    status: Literal["SCHEDULED", "ACTIVE", "EXPIRED"]


class MonthlyUsage(TypedDict):
    """What a service was used in a month."""

    service: str
    month: str
    quantity: str
    lateQuantity: str
    events: int
    chargeMinor: int


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


class Invoice(TypedDict):
    """A month's bill."""

    id: str
    number: str
    month: str
    status: Literal["PENDING", "PAID", "DUE", "VOID"]
    totalMinor: int
    amountDueMinor: int
    issuedAt: str
    paidAt: str | None
    voidedAt: str | None
    locksAt: str | None
    lines: list[InvoiceLine]


class Owner(TypedDict):
    """Whose wallet it is: a tenant with its timelines, or a person."""

    __typename: Literal["Tenant", "User"]
    id: str
    name: str
    phone: NotRequired[str]
    externalId: NotRequired[str | None]
    finalizationDays: NotRequired[int]
    prices: NotRequired[list[Price]]
    usage: NotRequired[Connection[MonthlyUsage]]
    invoices: NotRequired[Connection[Invoice]]


class Wallet(TypedDict):
    """A wallet; its log and its holds only where a page asks for them."""

    id: str
    version: int
    currency: str
    currencyExponent: int
    balance: Balance
    lock: Lock
    monthlyCharge: int
    monthsRemaining: float | None
    createdAt: str
    updatedAt: str
    owner: Owner
    transactions: NotRequired[Connection[LogLine]]
    holds: NotRequired[Connection[Hold]]


def currency_of(wallet: Wallet) -> Currency:
    """The currency of a wallet."""
    return Currency(wallet["currency"], wallet["currencyExponent"])


def nodes(connection: Connection[T] | None) -> list[T]:
    """The entries of a page, or of none."""
    return [edge["node"] for edge in connection["edges"]] if connection else []


def goes_on(connection: Connection[T] | None) -> bool:
    """Whether more follows a page."""
    return connection is not None and connection["pageInfo"]["hasNextPage"]
