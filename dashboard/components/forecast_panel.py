"""When the money runs out, month by month with its arithmetic, and what carries the wallet to a chosen day."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from dashboard.client import ApiError
from dashboard.components import states
from dashboard.components.data_table import Badge, Column, DataTable, Detail, Row
from dashboard.components.fields import day_field
from dashboard.components.invoices import invoice_line
from dashboard.components.text import Text, box
from dashboard.days import ends
from dashboard.format import Currency, Manner, at, month_name
from dashboard.session import Visit
from dashboard.shapes.forecast import Forecast, ForecastLine, ForecastMonth
from dashboard.shapes.wallets import Wallet, currency_of

COLUMNS: list[Column] = [
    {"name": "month", "label": "Month", "wide": True},
    {"name": "state", "label": "Its bill"},
    {"name": "opening", "label": "Available", "align": "right"},
    {"name": "charge", "label": "Charge", "align": "right"},
    {"name": "closing", "label": "Left", "align": "right"},
]
AHEAD = timedelta(days=90)


class ForecastPanel:
    """`pay` opens a top-up of an amount; None for those who only look."""

    def __init__(
        self, visit: Visit, wallet: Callable[[], Wallet], pay: Callable[[int], Awaitable[None]] | None
    ) -> None:
        self.visit = visit
        self.wallet = wallet
        self.pay = pay
        self.asked = 0
        self.forecast: Forecast | None = None
        self.to_pay: int | None = None
        with box("t-card", "section").props('aria-label="Forecast"'):
            with box("t-card__head"):
                Text("Forecast", "t-h2", tag="h2")
                Text("If nothing is paid in, and usage goes on as it was", "t-sub")
            self.summary = box("t-forecast")
            self.reach()
            self.body = box("t-card__body")
            with self.body:
                states.skeleton(6)
        self.table: DataTable | None = None

    def reach(self) -> None:
        """A day, and what carries the wallet to it."""
        with box("t-toolbar t-fields t-reach") as self.reaching:
            self.day = day_field("Must last through", self.ask_amount)
            self.need = Text("", "t-moment", tag="p").props("role=status")
            with (
                box("t-btn t-btn--primary", "button").props("type=button").on("click", self.open_top_up) as self.button
            ):
                self.verb = Text("Top up")
        self.button.set_visibility(False)
        self.reaching.set_visibility(False)

    async def refresh(self) -> None:
        """Asks anew, and shows it."""
        self.asked += 1
        question = self.asked
        try:
            answer = await self.visit.api.send("WalletForecast", id=self.wallet()["id"])
        except ApiError as error:
            if question == self.asked:
                self.fail(error)
            return
        if question != self.asked or self.body.is_deleted or answer["wallet"] is None:
            return
        self.forecast = answer["wallet"]["forecast"]
        self.draw()
        await self.ask_amount()

    def fail(self, error: ApiError) -> None:
        """Why not."""
        if error.code == "UNAUTHENTICATED":
            self.visit.expire()
        elif not self.body.is_deleted:
            self.table = None
            self.body.clear()
            with self.body:
                states.failed(error, self.refresh)

    def draw(self) -> None:
        """In a sentence, and month by month."""
        currency, manner = currency_of(self.wallet()), self.visit.manner
        self.summary.clear()
        if self.forecast is None:
            self.body.clear()
            with self.body:
                states.empty("Nothing to foresee", "Only a tenant's wallet is charged month by month.")
            return
        with self.summary:
            Text(foreseen(self.forecast, manner), "t-forecast__when", tag="p").props("role=status")
            Text(f"{opening(self.forecast, currency, manner)} {self.forecast['basis']}", "t-sub", tag="p")
        if not self.day.value:
            begin = at(self.forecast["time"]) + AHEAD
            self.day.set_value(begin.astimezone(manner.zone).date().isoformat())
        self.reaching.set_visibility(True)
        if self.table is None:
            self.body.clear()
            with self.body:
                self.table = DataTable("Months to come", COLUMNS)
        self.table.show([month_row(month, currency, manner) for month in self.forecast["months"]])

    async def ask_amount(self) -> None:
        """What it takes to reach the day."""
        day, manner = self.day.value or "", self.visit.manner
        if self.forecast is None or (until := ends(day, manner)) is None:
            return
        try:
            answer = await self.visit.api.send("TopUpUntil", id=self.wallet()["id"], date=until)
        except ApiError as error:
            self.say(str(error), None)
            return
        if day == self.day.value and answer["wallet"] is not None:
            self.tell(answer["wallet"]["forecast"]["topUpUntil"])

    def tell(self, minor: int | None) -> None:
        """The exact amount; or that none is needed, or none is enough."""
        money = self.visit.manner.money(minor or 0, currency_of(self.wallet()))
        if minor is None:
            self.say("No wallet can hold so much: choose an earlier day.", None)
        elif not minor:
            self.say("What is there lasts through that day: nothing has to be paid in.", None)
        else:
            self.say(f"{money} paid in now carries it through that day; the smallest coin less, and it locks.", minor)

    def say(self, words: str, minor: int | None) -> None:
        """The answer, and the button where there is something to pay."""
        self.to_pay = minor
        self.need.show(words)
        self.verb.show(f"Top up {self.visit.manner.money(minor, currency_of(self.wallet()))}" if minor else "Top up")
        self.button.set_visibility(bool(minor) and self.pay is not None)

    async def open_top_up(self) -> None:
        """The dialog, with this amount in it."""
        if self.pay is not None and self.to_pay:
            await self.pay(self.to_pay)


def foreseen(forecast: Forecast, manner: Manner) -> str:
    """When it locks."""
    locks_at = forecast["locksAt"]
    if locks_at is None:
        return f"It does not lock before {manner.day(forecast['horizon'])}, which is as far as can be foreseen."
    if at(locks_at) <= at(forecast["time"]):
        return f"It is locked for money since {manner.moment(locks_at)}."
    return f"It locks on {manner.moment(locks_at)}."


def opening(forecast: Forecast, currency: Currency, manner: Manner) -> str:
    """What the first month opens with."""
    available = manner.money(forecast["availableMinor"], currency)
    if not forecast["dueMinor"]:
        return f"{available} is available."
    left = manner.money(forecast["availableMinor"] - forecast["dueMinor"], currency)
    return f"{available} is available, {manner.money(forecast['dueMinor'], currency)} is due: it begins with {left}."


def month_row(month: ForecastMonth, currency: Currency, manner: Manner) -> Row:
    """A month: opening − charge = closing; its lines unfold."""
    badge: Badge = {"text": "Covered", "tone": "positive"}
    if not month["covered"]:
        badge = {"text": "Not covered", "tone": "danger", "icon": "lock"}
    locks = f"locks {manner.day(month['locksAt'])}" if month["locksAt"] else ""
    return {
        "id": month["month"],
        "cells": {
            "month": {"text": month_name(month["month"]), "sub": f"billed {manner.moment(month['billedAt'])}"},
            "state": {"text": "", "badges": [badge], "sub": locks},
            "opening": {"text": manner.money(month["openingMinor"], currency)},
            "charge": {"text": manner.money(-month["chargeMinor"], currency, signed=True)},
            "closing": {
                "text": manner.money(month["closingMinor"], currency),
                "tone": "danger" if month["closingMinor"] < 0 else "strong",
            },
        },
        "details": [forecast_line(line, month["month"], currency, manner) for line in month["lines"]],
    }


def forecast_line(line: ForecastLine, month: str, currency: Currency, manner: Manner) -> Detail:
    """Quantity × price of a stretch, and how much of it has happened already."""
    detail = invoice_line(line, month, currency, manner)
    if line["usedQuantity"] is not None and line["usedQuantity"] != line["quantity"]:
        detail["sub"] += f"; {manner.quantity(line['usedQuantity'])} used so far, the rest as it was"
    return detail
