"""The rehearsal: a draft price, against what was really used, for one tenant or all; then to set it for them."""

from typing import Any

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.fields import choice_field, text_field
from dashboard.components.figure import Figure
from dashboard.components.icon import Icon
from dashboard.components.listing import Listing
from dashboard.components.price_actions import Deal
from dashboard.components.schedule_panel import SchedulePanel, SchedulePrice
from dashboard.components.terms_fields import TermsFields
from dashboard.components.text import Text, box
from dashboard.currencies import Currencies
from dashboard.format import Currency
from dashboard.rehearsals import COLUMNS, currency_of, figures, row_of
from dashboard.scheduling import Plan
from dashboard.session import Visit
from dashboard.shapes.rehearsal import Rehearsal, RehearsedTenant

RUPEES = Currency("INR", 2)
MONTHS = {
    "1": "The last month",
    "2": "The last 2 months",
    "3": "The last 3 months",
    "6": "The last 6",
    "12": "The last 12",
}
ONE, ALL = "one", "all"


class RehearsalPanel:
    """A form, and below it what came of the last question. `deal` is None while no tenant is chosen."""

    def __init__(self, visit: Visit, deal: Deal | None) -> None:
        self.visit = visit
        self.deal = deal
        self.currency = deal.currency if deal else RUPEES
        self.currencies = Currencies()
        self.told: Rehearsal | None = None
        self.input: dict[str, Any] = {}
        with box("t-card", "section").props('aria-label="Rehearse a price"'):
            with box("t-card__head"):
                Text("Rehearse a price", "t-h2", tag="h2")
                Text("A draft, on what was really used. Nothing is written", "t-sub")
            with box("t-terms-form"):
                self.form()
        self.result = box("t-stack").props("aria-live=polite")
        self.schedule = SchedulePanel(visit)

    def form(self) -> None:
        """What is rehearsed, whose it would be, and against what."""
        services = list(self.deal.units()) if self.deal else []
        with box("t-pair t-pair--three"):
            self.service = text_field("Service", value=services[0] if services else "EPAPER", props="maxlength=64")
            if self.deal:
                whose = {ONE: self.deal.tenant["name"], ALL: f"All tenants in {self.currency.code}"}
                self.whose = choice_field("For", whose, value=ONE)
            else:
                self.code = text_field("For all tenants in", self.turn, value=self.currency.code, props="maxlength=3")
            self.months = choice_field("Against", MONTHS, value="3")
        self.terms = TermsFields(self.currency, self.forget)
        self.problem = Text("", "t-callout t-callout--danger", tag="p").props("role=alert")
        self.say(None)
        with box("t-actions"), box("t-btn t-btn--primary", "button").props("type=button") as self.button:
            Icon("play")
            Text("Rehearse")
        self.button.on("click", self.rehearse)

    async def forget(self) -> None:
        """What is typed is not what was asked any more: only an answer to it may be scheduled."""
        self.say(None)

    def say(self, problem: str | None) -> None:
        """Shows why it could not be rehearsed."""
        self.problem.show(problem or "")
        self.problem.set_visibility(problem is not None)

    async def turn(self) -> None:
        """Another currency has other decimals, which a wallet of it knows."""
        code = (self.code.value or "").strip().upper()
        self.code.error = None
        if len(code) != 3 or code == self.currency.code:
            return
        try:
            await self.currencies.learn([code], self.visit.api)
        except ApiError as error:
            self.say(str(error))
            return
        if code not in self.currencies:
            self.code.error = f"No wallet is in {code}."
            return
        self.currency = self.currencies[code]
        self.terms.use(self.currency)

    def read(self) -> dict[str, Any] | None:
        """The question; None, with words, while something is missing."""
        terms, service = self.terms.read(), (self.service.value or "").strip()
        if terms is None or not service:
            self.say("Type the service and what it would cost.")
            return None
        one = self.deal if self.deal and self.whose.value == ONE else None
        whose = {"tenantIds": [one.tenant["id"]]} if one else {"currency": self.currency.code}
        return {"service": service, "months": int(self.months.value), **whose, **terms}

    async def rehearse(self) -> None:
        """Asks, and shows what came of it. Pressed again while it is asked, it is asked once."""
        if self.button.props.get("disabled") or (given := self.read()) is None:
            return
        self.say(None)
        self.work(True)
        self.told, self.input = None, given
        self.result.clear()
        with self.result, box("t-card"):
            states.skeleton(4)
        await self.show()
        self.work(False)

    def work(self, busy: bool) -> None:
        """While it is worked out nothing else is asked."""
        self.button.props["disabled"] = busy
        self.button.props["aria-busy"] = "true" if busy else "false"
        self.button.update()

    async def show(self) -> None:
        """The sums over all, and the tenants page by page."""
        try:
            self.told = told = await self.question(None)
        except ApiError as error:
            self.fail(error)
            return
        self.result.clear()
        with self.result:
            if not told["tenantCount"]:
                with box("t-card"):
                    service = self.input["service"]
                    states.empty("Nothing to rehearse", f"Nobody here has {service} and a month that was billed.")
                return
            with box("t-card t-balances", "section").props('aria-label="What it would have come to"') as sums:
                for number, (name, text, note) in enumerate(figures(told, self.visit.manner)):
                    Figure(name, main=not number).show(text, note, quietly=True)
            await self.rows(told)
        ui.run_javascript(f"getHtmlElement({sums.id})?.scrollIntoView({{block: 'nearest'}})")

    async def question(self, after: str | None) -> Rehearsal:
        """The same draft; each page works out all of it."""
        answer = await self.visit.api.send("PriceRehearsal", input=self.input, after=after)
        told: Rehearsal = answer["priceRehearsal"]
        return told

    async def ask(self, _first: int, after: str | None) -> Any:
        """A page of the tenants, of which the first is there; its size is in the document."""
        told = self.told if after is None and self.told else await self.question(after)
        return told["tenants"]

    async def rows(self, told: Rehearsal) -> None:
        """Tenant by tenant, and the way to set it for them."""
        manner, currency = self.visit.manner, currency_of(told)

        def row(one: RehearsedTenant) -> Any:
            return row_of(one, currency, manner)

        with box("t-card", "section").props('aria-label="Tenant by tenant"'):
            with box("t-card__head"):
                Text("Tenant by tenant", "t-h2", tag="h2")
                if self.visit.is_super_admin:
                    with box("t-btn t-btn--primary t-btn--small", "button").props("type=button") as button:
                        Icon("calendar")
                        Text("Schedule it")
                    button.on("click", self.plan)
            listing: Listing[RehearsedTenant] = Listing(
                "tenants", COLUMNS, ask=self.ask, row=row, empty=lambda: None, expire=self.visit.expire
            )
        await listing.load()

    async def plan(self) -> None:
        """To set what was rehearsed for those with whom it was."""
        if self.told is None:
            return
        units = self.deal.units() if self.deal else {}
        plan = Plan(self.input, self.told, units.get(self.input["service"], "unit"))
        SchedulePrice(self.visit, plan, self.schedule.start)

    def fail(self, error: ApiError) -> None:
        """No answer, or a draft that no price could be."""
        self.result.clear()
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        self.say(states.WHAT_TO_DO.get(error.code, str(error)))
