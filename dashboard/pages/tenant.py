"""/tenants/{id}: one tenant: terms, balance, usage by day and by month, months not billed yet, people, tokens."""

from typing import Any

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.components.banner import Banner
from dashboard.components.tenant_actions import ActivateTenant, DeleteTenant, EditTenant, SuspendTenant
from dashboard.components.tenant_report import TenantReport
from dashboard.nav import STAFF
from dashboard.page import WholePage, shown
from dashboard.session import Desk, Visit
from dashboard.shapes.access import ApiToken
from dashboard.shapes.lists import nodes
from dashboard.shapes.tenants import DailyUsage, Tenant


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/tenants/{tenant_id}", title="Tenant · Tijori")
    async def tenant(request: Request, tenant_id: str) -> Response | None:
        def make(visit: Visit, banner: Banner) -> TenantPage:
            return TenantPage(visit, banner, tenant_id)

        return await shown(desk, request, active="/tenants", make=make, roles=STAFF)


class TenantPage(WholePage):
    """Built once the tenant is known; shown anew after each change."""

    kinds = ("TENANTS", "USERS", "USAGE", "PRICES", "INVOICES", "ACCESS")

    def __init__(self, visit: Visit, banner: Banner, tenant_id: str) -> None:
        super().__init__(visit, banner)
        self.tenant_id = tenant_id
        self.tenant: Tenant | None = None
        self.report: TenantReport | None = None

    async def refresh(self) -> None:
        """All of it, anew."""
        tenant: Tenant | None = (await self.visit.api.send("TenantReport", id=self.tenant_id))["tenant"]
        if tenant is None:
            self.report = None
            self.say_missing("tenant", "All tenants", "/tenants")
            return
        tokens = await self.tokens()
        self.tenant = tenant
        if self.report is None:
            self.body.clear()
            with self.body:
                ui.page_title(f"{tenant['name']} · Tijori")
                self.report = TenantReport(self.visit, tenant, self)
            wallet_id = tenant["wallet"]["id"]
            self.follow("WalletsChanged", lambda: {"ids": [wallet_id]}, self.wallet_moved)
        await self.report.show(tenant, tokens)

    async def wallet_moved(self, _: dict[str, Any]) -> None:
        """Its balance or lock has changed, or the feed is live: what happened before it is asked for now."""
        self.painter.request()

    async def tokens(self) -> list[ApiToken]:
        """Those bound to it."""
        answer = await self.visit.api.send("TenantTokens", id=self.tenant_id)
        return nodes(answer["tenant"]["apiTokens"]) if answer["tenant"] else []

    async def days(self, month: str) -> list[DailyUsage]:
        """What was used in a month, day by day."""
        answer = await self.visit.api.send("TenantUsageByDay", id=self.tenant_id, month=month)
        found: list[DailyUsage] = answer["tenant"]["usageByDay"] if answer["tenant"] else []
        return found

    async def members(self, first: int, after: str | None) -> Any:
        """A page of its people."""
        answer = await self.visit.api.send("TenantMembers", id=self.tenant_id, first=first, after=after)
        return answer["tenant"]["users"]

    async def open(self, kind: type[EditTenant | SuspendTenant | ActivateTenant | DeleteTenant]) -> None:
        """Opens a dialog about this tenant."""
        assert self.tenant is not None
        with self.body:
            await kind(self.visit, self.tenant, self.refreshed).ask()
