"""Edges from a tenant that its page shows: usage by day, months not billed yet, tokens."""

from datetime import date
from uuid import UUID

from domain import ids, inputs, people
from domain.billing import FIRST_YEAR, LAST_YEAR
from resolvers import paging
from resolvers.access import shown_token
from resolvers.wallet_edges import WalletEdges
from schema.access import ApiToken
from schema.billing import UnbilledMonth
from schema.paging import Connection, Page
from schema.people import Tenant
from schema.usage import DailyUsage
from services import api_tokens, tenant_usage


class TenantEdges(WalletEdges):
    """What is worked out for a tenant."""

    async def tenant_usage_by_day(self, tenant: Tenant, month: date) -> list[DailyUsage]:
        """Where the viewer may read usage."""
        inputs.within("The month's year", month.year, FIRST_YEAR, LAST_YEAR)
        core, found = self._context.core, await self._tenant(tenant, "usage:read")
        return [
            DailyUsage(day=one.day.isoformat(), service=one.service, quantity=one.quantity, events=one.events)
            for one in (await tenant_usage.usage_by_day(core, found, month) if found else ())
        ]

    async def tenant_unbilled_months(self, tenant: Tenant, first: int | None) -> list[UnbilledMonth]:
        """Where the viewer may read invoices."""
        size = inputs.within("first", paging.MOST if first is None else first, 1, paging.MOST)
        uuid = self.readable("ten", tenant.id, "invoice:read")
        found = await self.unbilled_months.get(uuid) if uuid else None
        return [UnbilledMonth.of(one.bill, one.closes_at, running=one.is_running) for one in (found or ())[:size]]

    async def tenant_api_tokens(self, tenant: Tenant, page: Page) -> Connection[ApiToken]:
        """Those that the viewer sees."""
        asked, uuid, viewer = paging.forward(page, paging.read_uuid), ids.read("ten", tenant.id), self.viewer
        if uuid is None:
            return paging.empty()

        async def count() -> int | None:
            return await api_tokens.count_tokens_of(viewer, uuid)

        rows = await api_tokens.list_tokens_of(viewer, uuid, asked.limit, asked.key)
        return paging.connection(rows, asked, shown_token, lambda row: row.id.hex, count)

    async def _tenant(self, tenant: Tenant, permission: str) -> people.Tenant | None:
        uuid: UUID | None = self.readable("ten", tenant.id, permission)
        return await self.tenants.get(uuid) if uuid else None
