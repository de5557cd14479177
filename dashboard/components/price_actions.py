"""Setting, changing and cancelling a price: each previewed in words and figures, and done once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from nicegui import ui

from dashboard.client import ApiError
from dashboard.components.action import Action
from dashboard.components.fields import instant_of, moment_field, text_field
from dashboard.components.preview import consequence
from dashboard.components.terms_fields import TermsFields
from dashboard.components.text import Text, box
from dashboard.format import Currency, Manner, at, zone_of
from dashboard.prices import labels
from dashboard.rehearsals import in_one_sentence
from dashboard.session import Visit
from dashboard.shapes.pricing import Price, TenantInBrief

MONTHS = 3


@dataclass
class Deal:
    """A tenant and its prices; `changed` follows once one of them is another."""

    tenant: TenantInBrief
    prices: Sequence[Price]
    changed: Callable[[], Awaitable[None]]

    @property
    def currency(self) -> Currency:
        """Of its wallet."""
        return Currency(self.tenant["currency"], self.tenant["wallet"]["currencyExponent"])

    def manner(self, visit: Visit) -> Manner:
        """As the viewer reads, in the tenant's billing zone: months begin there."""
        return replace(visit.manner, zone=zone_of(self.tenant["billingZone"]))

    def units(self) -> dict[str, str]:
        """What each service is counted in."""
        return {price["service"]: price["unit"] for price in self.prices}


class PriceAction(Action):
    """On a tenant's timeline."""

    success = "PricePayload"

    def __init__(self, visit: Visit, deal: Deal, price: Price | None = None) -> None:
        self.deal = deal
        self.price = price
        self.manner = deal.manner(visit)
        self.currency = deal.currency
        super().__init__(visit)

    def told(self, price: Price) -> str:
        """What it costs: "₹1,800.00 a page"."""
        return labels(price, self.currency, self.manner)[0]

    def refused(self, result: dict[str, Any]) -> str:
        """What would be accepted instead."""
        if result["__typename"] != "PeriodClosed":
            return str(result["message"])
        open_from = self.manner.moment(result["openFrom"])
        return f"That time has been billed: its prices are history. {open_from} is the first that is still open."

    async def done(self, result: dict[str, Any]) -> None:
        """The page shows the new timeline."""
        await self.deal.changed()


class SetPrice(PriceAction):
    """A stretch that begins at an instant and lasts until the next one begins."""

    document: ClassVar[str] = "SetPrice"
    verb = "Set the price"
    title = "Add a price"
    replaces: ClassVar[bool] = False

    def fields(self) -> None:
        """What it is for, what it costs, and from when."""
        price, zone = self.price, self.deal.tenant["billingZone"]
        Text(self.deal.tenant["name"], "t-sub", tag="p")
        with box("t-pair"):
            service = price["service"] if price else next(iter(self.deal.units()), "EPAPER")
            self.service = text_field("Service", self.ask, value=service, props="maxlength=64")
            self.unit = text_field(
                "Counted in", self.ask, value=price["unit"] if price else "page", props="maxlength=32"
            )
        if self.replaces:
            self.service.disable()
        self.terms = TermsFields(self.currency, self.ask, price)
        begins = self.manner.local(price["effectiveFrom"]).strftime("%Y-%m-%dT%H:%M") if price and self.replaces else ""
        self.begins = moment_field(f"Begins (time in {zone})", self.ask, value=begins)

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Everything that is asked for; None while something is missing."""
        self.begins.error = None
        service, terms = (self.service.value or "").strip(), self.terms.read()
        if unit := self.deal.units().get(service):  # a service keeps the unit of its first price
            self.unit.set_value(unit)
            self.unit.disable()
        else:
            self.unit.enable()
        instant = instant_of(self.begins.value, self.manner)
        if terms is None or instant is None or not service or not (self.unit.value or "").strip():
            return None
        if taken := self.taken(service, instant):
            self.begins.error = f"{self.told(taken)} begins then: change that one, or choose another time."
            return None
        given = {"tenantId": self.deal.tenant["id"], "service": service, "unit": self.unit.value.strip(), **terms}
        replaced = self.price["id"] if self.price and self.replaces else None
        return {"input": {**given, "effectiveFrom": instant, "replaces": replaced, "dryRun": dry_run}}

    def taken(self, service: str, instant: str) -> Price | None:
        """Another price of the service that begins at that instant. The very same one is no other."""
        own = self.price["id"] if self.price and self.replaces else None
        same = (one for one in self.deal.prices if one["service"] == service and one["id"] != own)
        return next((one for one in same if at(one["effectiveFrom"]) == at(instant)), None)

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What comes before it and after it."""
        assert result is not None
        price, timeline = result["price"], result["timeline"]
        place = next(i for i, one in enumerate(timeline) if one["effectiveFrom"] == price["effectiveFrom"])
        begins = self.manner.moment(price["effectiveFrom"])
        consequence(f"{price['service']} costs {self.told(price)} from {begins}")
        if place > 0:
            self.line(f"Until then: {self.told(timeline[place - 1])}.")
        if place + 1 < len(timeline):
            following = timeline[place + 1]
            self.line(f"From {self.manner.moment(following['effectiveFrom'])}: {self.told(following)}.")
        if price["status"] != "SCHEDULED":
            consequence("That is in the past: what was used since then is billed at it", warning=True)

    async def ask(self) -> None:
        """And what it would have come to, where months were billed."""
        await super().ask()
        if self.dialog.ready and (given := self.variables(dry_run=True)):
            await self.rehearse(given["input"], self.asked)

    async def rehearse(self, given: Any, question: int) -> None:
        """The same terms on what this tenant has really used; no answer says nothing."""
        terms = {
            name: given[name]
            for name in given
            if name not in ("tenantId", "unit", "effectiveFrom", "replaces", "dryRun")
        }
        asked = {**terms, "tenantIds": [self.deal.tenant["id"]], "months": MONTHS}
        try:
            told = (await self.visit.api.send("PriceRehearsal", input=asked))["priceRehearsal"]
        except ApiError:
            return
        if question == self.asked and self.dialog.is_open and told["tenantCount"]:
            with self.preview:
                self.line(in_one_sentence(told, self.manner))

    def refused(self, result: dict[str, Any]) -> str:
        """With a way to what would be accepted."""
        if result["__typename"] == "PeriodClosed":
            open_from = self.manner.local(result["openFrom"]).strftime("%Y-%m-%dT%H:%M")
            self.preview.clear()
            with self.preview, ui.element("button").classes("t-link").props("type=button") as button:
                Text(f"Begin on {self.manner.moment(result['openFrom'])}")
            button.on("click", lambda: self.begins.set_value(open_from))
        return super().refused(result)

    def announce(self, result: dict[str, Any]) -> str:
        """What it costs, and from when."""
        price = result["price"]
        begins = self.manner.moment(price["effectiveFrom"])
        return f"{price['service']} costs {self.told(price)} from {begins}."


class ChangePrice(SetPrice):
    """Another one in the place of a scheduled one, in one step."""

    title = "Change a scheduled price"
    verb = "Change the price"
    replaces = True


class CancelPrice(PriceAction):
    """One that has not begun, or that no usage depends on."""

    document: ClassVar[str] = "CancelPrice"
    title = "Cancel a price"
    verb = "Cancel the price"
    is_dangerous = True

    def fields(self) -> None:
        """Nothing to say; leaving is not called cancelling here, which is what the other button does."""
        self.dialog.leave.show("Keep it")
        assert self.price is not None
        begins = self.manner.moment(self.price["effectiveFrom"])
        Text(f"{self.price['service']}: {self.told(self.price)}, from {begins}", "t-sub", tag="p")

    def variables(self, *, dry_run: bool) -> dict[str, object] | None:
        """Only which."""
        assert self.price is not None
        return {"id": self.price["id"], "dryRun": dry_run}

    def outlook(self, result: dict[str, Any] | None) -> None:
        """What is in force then."""
        assert result is not None
        assert self.price is not None
        begins = self.price["effectiveFrom"]
        before = [one for one in result["timeline"] if at(one["effectiveFrom"]) < at(begins)]
        if before:
            until = before[-1]["effectiveUntil"]
            span = f" until {self.manner.moment(until)}" if until else ""
            consequence(f"{self.told(before[-1])} goes on{span}")
            return
        after = result["timeline"][0]["effectiveFrom"] if result["timeline"] else None
        span = f" before {self.manner.moment(after)}" if after else ""
        consequence(f"{self.price['service']} has no price then: its usage{span} is refused", warning=True)

    def announce(self, result: dict[str, Any]) -> str:
        """Which one."""
        return f"{self.told(result['price'])} was cancelled."
