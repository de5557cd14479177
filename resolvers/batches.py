"""Loading by key, many at once: what the rows of a list each lead to is read in one statement."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from domain import people
from domain.billing import Invoice, Line
from domain.forecast import Forecast
from domain.ledger import Transaction
from services import (
    billing_queries,
    forecast_queries,
    hold_queries,
    people_queries,
    reversal_queries,
    runway,
    tenant_usage,
    wallet_queries,
)
from services.billing_queries import InvoiceKey
from services.coalescing import Coalescer
from services.hold_queries import HoldKey, HoldRecord
from services.tenant_usage import UnbilledMonth
from services.wallet_queries import OperationRecord

if TYPE_CHECKING:
    from resolvers.context import RequestContext

Owner = people.Tenant | people.User
TransactionKey = tuple[UUID, int]
OperationKey = tuple[UUID, UUID]


class Batches:
    """Of one request, each made when first asked. They gather keys and remember nothing, so nothing grows stale."""

    def __init__(self, context: "RequestContext") -> None:
        self._context = context

    @cached_property
    def owners(self) -> Coalescer[UUID, Owner]:
        """Tenants and users."""
        return Coalescer(_load_owners)

    @cached_property
    def tenants(self) -> Coalescer[UUID, people.Tenant]:
        """Tenants."""
        return Coalescer(people_queries.load_tenants)

    @cached_property
    def vehicles(self) -> Coalescer[UUID, list[people.Vehicle]]:
        """Vehicles by user."""
        return Coalescer(people_queries.load_vehicles)

    @cached_property
    def transactions(self) -> Coalescer[TransactionKey, Transaction]:
        """Lines of logs."""
        return Coalescer(wallet_queries.load_transactions)

    @cached_property
    def reversible(self) -> Coalescer[TransactionKey, int]:
        """What can still be taken back of lines of logs."""
        return Coalescer(reversal_queries.load_reversible)

    @cached_property
    def operations(self) -> Coalescer[OperationKey, OperationRecord]:
        """Operations."""
        return Coalescer(wallet_queries.load_operations)

    @cached_property
    def holds(self) -> Coalescer[HoldKey, HoldRecord]:
        """Holds."""
        return Coalescer(hold_queries.load_holds)

    @cached_property
    def invoices(self) -> Coalescer[InvoiceKey, Invoice]:
        """Invoices."""
        return Coalescer(billing_queries.load_invoices)

    @cached_property
    def lines(self) -> Coalescer[InvoiceKey, list[Line]]:
        """Lines of invoices."""
        return Coalescer(billing_queries.load_lines)

    @cached_property
    def forecasts(self) -> Coalescer[UUID, Forecast]:
        """Of tenants' wallets."""

        async def load(wallet_ids: list[UUID]) -> Mapping[UUID, Forecast]:
            return await forecast_queries.load_forecasts(self._context.core, wallet_ids)

        return Coalescer(load)

    @cached_property
    def unbilled_months(self) -> Coalescer[UUID, list[UnbilledMonth]]:
        """Of tenants, newest first."""

        async def load(tenant_ids: list[UUID]) -> Mapping[UUID, list[UnbilledMonth]]:
            return await tenant_usage.unbilled_months(self._context.core, tenant_ids)

        return Coalescer(load)

    @cached_property
    def monthly_charges(self) -> Coalescer[UUID, int]:
        """What wallets cost a month."""

        async def load(wallet_ids: list[UUID]) -> Mapping[UUID, int]:
            return await runway.monthly_charges(self._context.core, wallet_ids)

        return Coalescer(load)


async def _load_owners(owner_ids: list[UUID]) -> Mapping[UUID, Owner]:
    tenants = await people_queries.load_tenants(owner_ids)
    others = [owner_id for owner_id in owner_ids if owner_id not in tenants]
    users = await people_queries.load_users(others) if others else {}
    return {**tenants, **users}
