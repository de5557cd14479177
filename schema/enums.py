"""The rules' enums, made known to the schema: one definition, in domain; their descriptions for clients are here."""

from enum import Enum

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from domain.access import Role
from domain.alerts import AlertCondition
from domain.billing import LineKind
from domain.changes import ChangeKind
from domain.commands import AdjustOperation
from domain.ledger import HoldStatus, InvoiceStatus, TransactionReason, TransactionType
from domain.pricing import PriceModel, PriceStatus
from domain.refusals import UsageRefusalCode
from domain.wallets import LockReason

__all__ = [
    "AdjustOperation",
    "AlertCondition",
    "ChangeKind",
    "HoldStatus",
    "InvoiceStatus",
    "LineKind",
    "LockReason",
    "PriceModel",
    "PriceStatus",
    "Role",
    "TransactionReason",
    "TransactionType",
    "UsageRefusalCode",
]


def _publish(enum: type[Enum], description: str | None = None, **of_values: str) -> None:
    definition: StrawberryEnumDefinition = strawberry.enum(enum, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = of_values.get(value.name)


_publish(
    Role,
    SUPER_ADMIN="Everything, wallets and prices included. The only role that moves money by hand.",
    SUPPORT="Reads everything, changes nothing.",
    TENANT_ADMIN="Reads its own tenant and all its wallet shows; manages that tenant's members; "
    "makes read-only tokens bound to it.",
    MEMBER="Reads its own tenant's wallet, or its own where it has no tenant.",
)
_publish(LockReason)
_publish(
    TransactionType,
    "Every change of a wallet is one of these; what is not in this log did not happen.",
    DUE="What is due changed: an invoice fell due (+), was collected or voided (−).",
)
_publish(TransactionReason)
_publish(HoldStatus)
_publish(AdjustOperation)
_publish(PriceStatus)
_publish(
    PriceModel,
    PER_UNIT="quantity × unitPriceMinor.",
    FLAT="flatMinor a month, used or not.",
    GRADUATED="Each tier's part of the month's quantity at that tier's price.",
    VOLUME="The whole quantity at the price of the tier it reaches.",
    PACKAGE="unitPriceMinor for every started packageSize.",
)
_publish(
    InvoiceStatus,
    PENDING="Issued, its amount held, not yet collected.",
    DUE="Issued, not covered: the wallet is locked until a top-up collects it.",
)
_publish(LineKind, LATE="Usage of a closed month that arrived late, or a correction of it.")
_publish(
    UsageRefusalCode,
    KEY_REUSED="This key was used for another event.",
    BELOW_ZERO="A correction of more than there is.",
)
_publish(
    ChangeKind,
    "What screens show; how wallets change has streams of its own.",
    USERS="Users, their vehicles, and wallets made for them.",
    PRICES="Pricing timelines.",
    INVOICES="Invoices, and months closed without one.",
    BILLING="Billing runs, for those who see all tenants.",
    ACCESS="Sessions and API tokens.",
    AUDIT="Who changed what, for those who read all of it.",
)
_publish(
    AlertCondition,
    "What a rule watches for. What fires goes on until the figure has left the threshold by a margin.",
    AVAILABLE_BELOW="Less is available than an amount, until a twentieth more than it is.",
    MONTHS_REMAINING_BELOW="monthsRemaining is below a number, until it is 0.2 above it.",
    LOCKS_WITHIN_DAYS="It is projected to lock for money within so many days, until that is a day further off.",
    LOCKED="The account is locked, for money or by hand.",
    PRICE_CHANGES_WITHIN_DAYS="A scheduled price begins within so many days, until it has begun or is cancelled.",
)
