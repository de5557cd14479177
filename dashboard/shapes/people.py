"""Who signs in, and whose a wallet is, as the documents answer them."""

from typing import Literal, NotRequired, TypedDict

from dashboard.shapes.billing import Invoice, MonthlyUsage
from dashboard.shapes.lists import Connection
from dashboard.shapes.pricing import Price


class WalletRef(TypedDict):
    """Which wallet."""

    id: str


class TenantRef(TypedDict):
    """Which tenant, and its wallet."""

    id: str
    name: str
    wallet: WalletRef


class Viewer(TypedDict):
    """The signed-in person."""

    id: str
    name: str
    phone: str
    role: Literal["SUPER_ADMIN", "SUPPORT", "TENANT_ADMIN", "MEMBER"]
    tenant: TenantRef | None
    wallet: WalletRef | None


class Owner(TypedDict):
    """Whose wallet it is: a tenant with its timelines, or a person."""

    __typename: Literal["Tenant", "User"]
    id: str
    name: str
    phone: NotRequired[str]
    externalId: NotRequired[str | None]
    prices: NotRequired[list[Price]]
    usage: NotRequired[Connection[MonthlyUsage]]
    invoices: NotRequired[Connection[Invoice]]
