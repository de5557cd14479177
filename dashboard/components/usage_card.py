"""A tenant's usage: a month day by day as a chart."""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from decimal import Decimal

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.fields import choice_field
from dashboard.components.text import Text, box
from dashboard.components.usage_bars import Day, UsageBars
from dashboard.format import Manner, month_name
from dashboard.shapes.billing import MonthlyUsage
from dashboard.shapes.tenants import DailyUsage

EVERY = 5


class UsageByDay:
    """A month and a service are chosen; `ask` brings the days."""

    def __init__(self, manner: Manner, ask: Callable[[str], Awaitable[list[DailyUsage]]]) -> None:
        self.manner = manner
        self.ask = ask
        self.months: dict[str, str] = {}
        self.services: dict[str, str] = {}
        with box("t-card", "section").props('aria-label="Usage by day"'):
            with box("t-card__head"):
                Text("Usage by day", "t-h2", tag="h2")
                with box("t-choices"):
                    self.month = choice_field("Month", {"": "\u2014"}, self.load, value="")
                    self.service = choice_field("Service", {"": "\u2014"}, self.load, value="")
            self.nothing = Text("No usage has been recorded yet.", "t-card__nothing", tag="p")
            self.chart = UsageBars("Usage by day")
            self.total = Text("", "t-days__total t-sub", tag="p")

    async def fill(self, usage: list[MonthlyUsage]) -> None:
        """Offers what there is, keeps what is chosen, and shows it anew."""
        self.months = {one["month"]: month_name(one["month"]) for one in usage}
        self.services = {one["service"]: one["service"] for one in usage}
        self.nothing.set_visibility(not usage)
        for element in (self.chart, self.total, self.month, self.service):
            element.set_visibility(bool(usage))
        if usage:
            self.offer(self.month, self.months)
            self.offer(self.service, self.services)
            await self.load()

    def offer(self, field: ui.select, options: Mapping[str, str]) -> None:
        """Other options, the same choice where it is still there."""
        if field.options != options:
            chosen = field.value if field.value in options else next(iter(options))
            field.set_options(dict(options), value=chosen)

    async def load(self) -> None:
        """The month that is chosen."""
        month, service = self.month.value, self.service.value
        if month not in self.months or service not in self.services:
            return
        try:
            found = await self.ask(month)
        except ApiError as error:
            self.total.show(f"{month_name(month)} could not be loaded. {error}")
            return
        if (month, service) == (self.month.value, self.service.value):
            self.draw(month, [one for one in found if one["service"] == service])

    def draw(self, month: str, found: list[DailyUsage]) -> None:
        """A bar for each of its days."""
        self.chart.show(bars(month, {one["day"]: Decimal(one["quantity"]) for one in found}, self.manner))
        quantity = sum((Decimal(one["quantity"]) for one in found), Decimal(0))
        events = sum(one["events"] for one in found)
        self.total.show(f"{self.manner.quantity(str(quantity))} in {month_name(month)}, by {events:,} events")


def bars(month: str, used: Mapping[str, Decimal], manner: Manner) -> list[Day]:
    """One for each day of the month; what was corrected below nothing has no height."""
    year, number = map(int, month.split("-"))
    highest = max([*used.values(), Decimal(0)])
    return [
        {
            "label": manner.date(day),
            "tick": str(day.day) if day.day == 1 or day.day % EVERY == 0 else "",
            "text": manner.quantity(str(quantity)),
            "share": int(max(quantity, Decimal(0)) * 100 / highest) if highest else 0,
        }
        for day in (date(year, number, one) for one in range(1, monthrange(year, number)[1] + 1))
        for quantity in (used.get(day.isoformat(), Decimal(0)),)
    ]
