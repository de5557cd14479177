"""What all wallets of a currency hold and owe, and what their tenants' months cost."""

from datetime import datetime
from decimal import Decimal

import strawberry

from schema.context import Info
from schema.scalars import Month

_CHARGE = "Usage at the prices in force when it happened, and the fees of the month; minimums are left to its invoices."


@strawberry.type
class BalancePoint:
    """What was held in all wallets of a currency as a day ended."""

    day: str = strawberry.field(description='In UTC: "2025-03-01".')
    total_minor: Decimal


@strawberry.type
class ServiceCharge:
    """What a service cost all tenants of a currency in a month."""

    month: Month
    service: str
    charge_minor: Decimal = strawberry.field(description=_CHARGE)


@strawberry.type
class CurrencyOverview:
    """All wallets of one currency, those of tenants and of people. Exact sums, which may pass what Minor holds."""

    currency: str
    currency_exponent: int
    wallets: int
    total_minor: Decimal = strawberry.field(description="What is held for all of them: prepaid, and not spent yet.")
    locked_minor: Decimal
    available_minor: Decimal
    due_minor: Decimal = strawberry.field(description="What is owed: the DUE invoices.")
    locked_wallets: int = strawberry.field(description="Accounts that are locked, for money or by hand.")
    due_wallets: int = strawberry.field(description="Accounts with DUE invoices.")
    month: Month = strawberry.field(description="The month that runs where most of its tenants are billed.")
    charge_this_month_minor: Decimal = strawberry.field(description=f"So far in that month. {_CHARGE}")
    charge_last_month_minor: Decimal = strawberry.field(description=f"In all of the month before. {_CHARGE}")
    at: strawberry.Private[datetime]

    @strawberry.field
    async def balance_history(self, info: Info, days: int = 30) -> list[BalancePoint]:
        """What was held as each of the last days ended, oldest first; the last point is what is held now.

        A day is there some minutes after its end.
        """
        return await info.context.edges.balance_history(self, days)

    @strawberry.field
    async def charges_by_service(self, info: Info, months: int = 6) -> list[ServiceCharge]:
        """The running month and those before it, oldest first; in each the services by name that cost something."""
        return await info.context.edges.charges_by_service(self, months)
