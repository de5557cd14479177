"""The edges between things, as schema/context.py names them: who may follow one, and what it leads to."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from domain import access, ids, inputs
from domain.billing import month_text
from domain.ledger import InvoiceStatus
from domain.pricing import Stretch
from domain.refusals import Forbidden
from resolvers import paging, shapes
from resolvers.alert_edges import AlertEdges
from resolvers.billing import list_invoices
from resolvers.overview import OverviewEdges
from resolvers.paging import Slice
from resolvers.people import list_users
from resolvers.tenant_edges import TenantEdges
from resolvers.webhook_edges import WebhookEdges
from schema.access import ApiToken
from schema.billing import BillingFailure, BillingRun, Invoice, InvoiceLine
from schema.context import Edges
from schema.paging import Connection, Page
from schema.people import Tenant, User, Vehicle
from schema.pricing import Price
from schema.usage import MonthlyUsage
from schema.wallets import Wallet
from services import billing_queries, pricing_queries, usage_queries
from services.billing_queries import InvoiceFilter


class Loaders(TenantEdges, OverviewEdges, WebhookEdges, AlertEdges, Edges):
    """All of them: beside those of a wallet what a tenant, a user, an invoice and a billing run lead to."""

    async def tenant(self, tenant_id: strawberry.ID) -> Tenant:
        """Of something that the viewer sees, who then sees whose it is."""
        uuid = ids.read("ten", tenant_id)
        found = await self.tenants.get(uuid) if uuid else None
        assert found is not None, "a tenant's row stays"
        return Tenant.of(found)

    async def tenant_wallet(self, tenant: Tenant) -> Wallet:
        """It has the tenant's UUID."""
        uuid = ids.read("ten", tenant.id)
        if uuid is None or not access.sees_balance(self.viewer, uuid):
            raise Forbidden("This needs the permission wallet:read.")
        return await self.wallet(strawberry.ID(ids.make("wal", uuid)))

    async def user_tenant(self, user: User) -> Tenant | None:
        """Where the viewer may read tenants."""
        if user.tenant_id is None or self.readable("ten", user.tenant_id, "tenant:read") is None:
            return None
        return await self.tenant(user.tenant_id)

    async def token_tenant(self, token: ApiToken) -> Tenant | None:
        """Where the viewer may read tenants."""
        if token.tenant_id is None or self.readable("ten", token.tenant_id, "tenant:read") is None:
            return None
        return await self.tenant(token.tenant_id)

    async def user_wallet(self, user: User) -> Wallet | None:
        """It has the user's UUID."""
        uuid = ids.read("usr", user.id)
        shown = uuid is not None and access.sees_balance(self.viewer, uuid)
        found = await self._context.shared.wallets.get(uuid) if uuid and shown else None
        return Wallet.of(found) if found else None

    async def user_vehicles(self, user: User) -> list[Vehicle]:
        """Where the viewer sees the user, and not only a wallet of theirs."""
        uuid, tenant_id = ids.read("usr", user.id), ids.read("ten", user.tenant_id or "")
        if uuid is None or not access.may_know(self.viewer, uuid, tenant_id):
            return []
        return [Vehicle.of(vehicle) for vehicle in await self.vehicles.get(uuid) or ()]

    async def tenant_prices(
        self, tenant: Tenant, page: Page, service: str | None, at: datetime | None
    ) -> Connection[Price]:
        """A timeline is short, and each stretch needs the next: it is cut into pages here."""
        asked = paging.forward(page, paging.read_service_and_instant)
        uuid = self.readable("ten", tenant.id, "price:read")
        if uuid is None:
            return paging.empty()
        name = None if service is None else inputs.text("service", service, inputs.LONGEST_NAME)
        found, now = await pricing_queries.load_timelines(self._context.core, uuid, name)
        stretches = [stretch for stretch in found if at is None or stretch.holds(at)]

        def place(stretch: Stretch) -> tuple[str, datetime]:
            return stretch.price.service, stretch.price.effective_from

        async def count() -> int:
            return len(stretches)

        rows = [stretch for stretch in stretches if asked.key is None or place(stretch) > asked.key]
        return paging.connection(
            rows,
            asked,
            lambda stretch: Price.of(stretch, now),
            lambda stretch: f"{stretch.price.effective_from.isoformat()} {stretch.price.service}",
            count,
        )

    async def tenant_usage(
        self, tenant: Tenant, page: Page, since: date | None, until: date | None
    ) -> Connection[MonthlyUsage]:
        """Newest month first."""
        asked = paging.forward(page, paging.read_month_and_service)
        uuid = self.readable("ten", tenant.id, "usage:read")
        if uuid is None:
            return paging.empty()

        async def count() -> int | None:
            return await usage_queries.count_monthly_usage(uuid, since, until)

        rows = await usage_queries.list_monthly_usage(uuid, since, until, asked.limit, asked.key)
        return paging.connection(
            rows, asked, shapes.monthly_usage, lambda row: f"{month_text(row.month)}-01 {row.service}", count
        )

    async def tenant_invoices(self, tenant: Tenant, page: Page, status: InvoiceStatus | None) -> Connection[Invoice]:
        """Newest first."""
        uuid = ids.read("ten", tenant.id)
        if uuid is None:
            return paging.empty()
        return await list_invoices(self.viewer, page, InvoiceFilter(tenant_id=uuid, status=status))

    async def tenant_users(self, tenant: Tenant, page: Page) -> Connection[User]:
        """Those whom the viewer sees."""
        uuid = ids.read("ten", tenant.id)
        return await list_users(self.viewer, page, None, uuid) if uuid else paging.empty()

    async def invoice_lines(self, invoice: Invoice) -> list[InvoiceLine]:
        """In their order."""
        key = ids.read_numbered("inv", invoice.id)
        found = await self.lines.get(key) if key else None
        return [InvoiceLine.of(line) for line in found or ()]

    async def run_failures(self, run: BillingRun, page: Page) -> Connection[BillingFailure]:
        """By tenant."""
        asked = paging.forward(page, paging.read_uuid)
        uuid = ids.read("run", run.id)
        if uuid is None:
            return _of_dry_run(run.dry_failures or [], asked)

        async def count() -> int | None:
            return await billing_queries.count_failures(uuid)

        rows = await billing_queries.list_failures(uuid, asked.limit, asked.key)
        return paging.connection(rows, asked, shapes.billing_failure, lambda row: row[0].hex, count)


def _of_dry_run(failures: Sequence[BillingFailure], asked: Slice[UUID]) -> Connection[BillingFailure]:
    """They are not stored."""

    def place(failure: BillingFailure) -> UUID:
        return ids.read("ten", failure.tenant_id) or UUID(int=0)

    async def count() -> int:
        return len(failures)

    rows = [failure for failure in failures if asked.key is None or place(failure) > asked.key]
    return paging.connection(rows, asked, lambda failure: failure, lambda failure: place(failure).hex, count)
