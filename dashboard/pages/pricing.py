"""Finance → Pricing: a tenant's prices as a timeline that is added to and changed, and the rehearsal of a draft."""

from collections.abc import Callable

from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response

from dashboard.address import show_address
from dashboard.components import states
from dashboard.components.banner import Banner
from dashboard.components.crumbs import crumbs
from dashboard.components.price_actions import CancelPrice, ChangePrice, Deal, SetPrice
from dashboard.components.price_timeline import CANCEL, CHANGE
from dashboard.components.priced_tenants import PricedTenants
from dashboard.components.prices_card import PricesCard
from dashboard.components.rehearsal_panel import RehearsalPanel
from dashboard.components.tabs import Tabs
from dashboard.components.text import box
from dashboard.page import Page, WholePage, shown, title
from dashboard.session import Desk, Visit
from dashboard.shapes.lists import nodes
from dashboard.shapes.pricing import Price, TenantInBrief

TIMELINE, REHEARSAL = "timeline", "rehearsal"
TABS = {TIMELINE: "Timeline", REHEARSAL: "Rehearsal"}
ABOUT = "What each service costs a tenant, and from when."


def register(desk: Desk) -> None:
    """Makes the page known."""

    @ui.page("/pricing", title="Pricing · Tijori")
    async def pricing(request: Request, tenant: str = "", view: str = TIMELINE) -> Response | None:
        def make(visit: Visit, banner: Banner) -> Page:
            return PricingPage(visit, banner, tenant, view if view in TABS else TIMELINE)

        return await shown(desk, request, active="/pricing", make=make)


class PricingPage(WholePage):
    """Of the tenant in the address, or of the viewer's own; administrators choose one first."""

    kinds = ("PRICES", "TENANTS")

    def __init__(self, visit: Visit, banner: Banner, tenant_id: str, view: str) -> None:
        super().__init__(visit, banner)
        assert visit.viewer is not None
        own = visit.viewer["tenant"]
        self.tenant_id = tenant_id or (own["id"] if own and not visit.sees_all else "")
        self.view = view
        self.deal: Deal | None = None
        self.tenants: PricedTenants | None = None
        self.panels: dict[str, ui.element] = {}

    def wait(self) -> None:
        """Under the heading."""
        title("Pricing", ABOUT)
        with box("t-card"):
            states.skeleton(6)

    async def refresh(self) -> None:
        """The tenant with its prices, or the list to choose one from."""
        if self.tenant_id:
            await self.refresh_tenant()
        elif self.visit.sees_all:
            if self.tenants is None:
                self.build(self.build_list)
            assert self.tenants is not None
            await self.tenants.listing.load()
        else:
            self.say_missing("page", "To the first page", "/")

    async def refresh_tenant(self) -> None:
        """Whose prices they are may have changed too."""
        tenant: TenantInBrief | None = (await self.visit.api.send("TenantInBrief", id=self.tenant_id))["tenant"]
        if tenant is None:
            words, path = ("All tenants", "/pricing") if self.visit.sees_all else ("To the first page", "/")
            self.deal = None
            self.say_missing("tenant", words, path)
            return
        prices = await self.prices()
        if self.deal is None:
            self.deal = Deal(tenant, prices, self.refreshed)
            self.build(self.build_timeline)
        self.deal.tenant, self.deal.prices = tenant, prices
        self.card.fill(prices, self.deal.currency, self.deal.manner(self.visit))

    async def prices(self) -> list[Price]:
        """All of its timelines."""
        found: list[Price] = []
        after, more = None, True
        while more:
            tenant = (await self.visit.api.send("TenantPrices", id=self.tenant_id, after=after))["tenant"]
            if tenant is None:
                break
            found += nodes(tenant["prices"])
            page = tenant["prices"]["pageInfo"]
            after, more = page["endCursor"], page["hasNextPage"]
        return found

    def build(self, timeline: Callable[[], None]) -> None:
        """Its two parts for administrators, only the timeline for the tenant's own people."""
        self.body.clear()
        with self.body:
            self.head()
            if not self.visit.sees_all:
                timeline()
                return
            tabs = Tabs("Parts of pricing", TABS, self.view, self.turn)
            with tabs.panel:
                self.panels = {name: box("t-stack") for name in TABS}
            with self.panels[TIMELINE]:
                timeline()
            with self.panels[REHEARSAL]:
                RehearsalPanel(self.visit, self.deal)
        self.mark()

    def head(self) -> None:
        """Whose prices they are, and the way to others'."""
        if self.deal is None:
            title("Pricing", ABOUT)
            return
        tenant = self.deal.tenant
        if self.visit.sees_all:
            crumbs(("Pricing", "/pricing"), here=tenant["name"])
        ui.page_title(f"Prices of {tenant['name']} · Tijori")
        title(tenant["name"], f"Prices in {tenant['currency']}; months begin at midnight in {tenant['billingZone']}.")

    async def turn(self, view: str) -> None:
        """Shows the other part, which the address names too."""
        self.view = view
        asked = {"tenant": self.tenant_id, "view": view if view != TIMELINE else ""}
        show_address("/pricing", asked)
        self.mark()

    def mark(self) -> None:
        """Only the chosen part is in sight; what is typed in the other stays."""
        for name, panel in self.panels.items():
            panel.set_visibility(name == self.view)

    def build_list(self) -> None:
        """To choose a tenant from."""
        self.tenants = PricedTenants(self.visit)

    def build_timeline(self) -> None:
        """The drawing and its list, and the way to add to it."""
        may_set = self.visit.is_super_admin
        self.card = PricesCard(lambda: self.add(None), self.act) if may_set else PricesCard()

    async def add(self, price: Price | None) -> None:
        """A new stretch, to begin with as another one is."""
        assert self.deal is not None
        with self.body:
            await SetPrice(self.visit, self.deal, price).ask()

    async def act(self, price_id: str, act: str) -> None:
        """What was chosen beside a stretch, which may be gone by now."""
        assert self.deal is not None
        price = next((one for one in self.deal.prices if one["id"] == price_id), None)
        if price is None:
            return
        if act not in (CHANGE, CANCEL):
            await self.add(price)
            return
        with self.body:
            await (ChangePrice if act == CHANGE else CancelPrice)(self.visit, self.deal, price).ask()
