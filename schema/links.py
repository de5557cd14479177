"""Names for types of other modules, resolved when the schema is built: nouns refer to one another in circles."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from schema.access import ApiToken
    from schema.billing import Invoice, UnbilledMonth
    from schema.explanation import WalletExplanation
    from schema.forecast import Forecast
    from schema.ledger import Hold, Operation, Transaction
    from schema.people import Tenant, User, WalletOwner
    from schema.pricing import Price
    from schema.usage import DailyUsage, MonthlyUsage
    from schema.wallets import LockStatus, Wallet

ForecastLink = Annotated["Forecast", strawberry.lazy("schema.forecast")]
ApiTokenLink = Annotated["ApiToken", strawberry.lazy("schema.access")]
DailyUsageLink = Annotated["DailyUsage", strawberry.lazy("schema.usage")]
HoldLink = Annotated["Hold", strawberry.lazy("schema.ledger")]
InvoiceLink = Annotated["Invoice", strawberry.lazy("schema.billing")]
LockStatusLink = Annotated["LockStatus", strawberry.lazy("schema.wallets")]
MonthlyUsageLink = Annotated["MonthlyUsage", strawberry.lazy("schema.usage")]
OperationLink = Annotated["Operation", strawberry.lazy("schema.ledger")]
OwnerLink = Annotated["WalletOwner", strawberry.lazy("schema.people")]
PriceLink = Annotated["Price", strawberry.lazy("schema.pricing")]
TenantLink = Annotated["Tenant", strawberry.lazy("schema.people")]
TransactionLink = Annotated["Transaction", strawberry.lazy("schema.ledger")]
UnbilledMonthLink = Annotated["UnbilledMonth", strawberry.lazy("schema.billing")]
UserLink = Annotated["User", strawberry.lazy("schema.people")]
WalletExplanationLink = Annotated["WalletExplanation", strawberry.lazy("schema.explanation")]
WalletLink = Annotated["Wallet", strawberry.lazy("schema.wallets")]
