"""All wallets at a glance, and the newest operations."""

import strawberry

from domain import inputs
from resolvers import paging, shapes
from resolvers.context import Info
from resolvers.wallet_edges import WalletEdges
from schema.ledger import Operation
from schema.overview import BalancePoint, CurrencyOverview, ServiceCharge
from schema.paging import Connection, Page
from services import operation_queries, overview
from services.overview import CurrencyOverview as Found

MOST_DAYS, MOST_MONTHS = 366, 24


@strawberry.type
class OverviewQueries:
    """What happens, and what it comes to."""

    @strawberry.field
    async def overview(self, info: Info) -> list[CurrencyOverview]:
        """Per currency, for those who see all: unlike currencies are never added."""
        context = info.context
        return [_shown(found) for found in await context.shared.overview.currencies(context.signed_in)]

    @strawberry.field
    async def operations(self, info: Info, first: int | None = 25, after: str | None = None) -> Connection[Operation]:
        """Newest first; those who see one tenant see those that touch its wallet."""
        viewer, asked = info.context.signed_in, paging.forward(Page(first, after), paging.read_instant_and_uuid)

        async def count() -> int | None:
            return await operation_queries.count_operations(viewer)

        rows = await operation_queries.list_operations(viewer, asked.limit, asked.key)
        return paging.connection(
            rows,
            asked,
            lambda row: shapes.operation(row, viewer),
            lambda row: f"{row.created_at.isoformat()} {row.operation.id.hex}",
            count,
        )


class OverviewEdges(WalletEdges):
    """What a currency's overview leads to."""

    async def balance_history(self, of: CurrencyOverview, days: int) -> list[BalancePoint]:
        """Whoever has the overview may see it."""
        inputs.within("days", days, 1, MOST_DAYS)
        found = await overview.balance_history(of.currency, of.at, of.total_minor, days)
        return [BalancePoint(day=day.isoformat(), total_minor=total) for day, total in found]

    async def charges_by_service(self, of: CurrencyOverview, months: int) -> list[ServiceCharge]:
        """The same."""
        inputs.within("months", months, 1, MOST_MONTHS)
        found = await self._context.shared.overview.charges_by_service(of.currency, of.month, months)
        return [ServiceCharge(month=one.month, service=one.service, charge_minor=one.charge) for one in found]


def _shown(found: Found) -> CurrencyOverview:
    return CurrencyOverview(
        currency=found.currency,
        currency_exponent=found.exponent,
        wallets=found.wallets,
        total_minor=found.total,
        locked_minor=found.locked,
        available_minor=found.available,
        due_minor=found.due,
        locked_wallets=found.locked_wallets,
        due_wallets=found.due_wallets,
        month=found.month,
        charge_this_month_minor=found.charge_this_month,
        charge_last_month_minor=found.charge_last_month,
        at=found.now,
    )
