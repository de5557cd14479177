"""Which wallets are asked for: by name or phone, by how they stand, by currency and by what is available."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from dashboard.components.chips import Chips
from dashboard.components.fields import amount_field, choice_field
from dashboard.components.search import SearchBox
from dashboard.components.text import box
from dashboard.format import Currency, UnreadableError, parse_amount

CHIPS: dict[str, dict[str, object]] = {"All": {}, "Locked": {"locked": True}, "Due": {"due": True}}
EVERY = "All currencies"


class WalletFilters:
    """A toolbar. `query` is what the address names; `changed` hears of another choice.

    Currencies are shown where there is more than one, and amounts are typed in one of them only.
    """

    def __init__(self, query: Mapping[str, str], changed: Callable[[], Awaitable[None]]) -> None:
        self.changed = changed
        self.search = query.get("search", "").strip()
        self.chip = query.get("chip", "All") if query.get("chip") in CHIPS else "All"
        self.code = query.get("currency", "")
        self.below = query.get("below", "").strip()
        self.currencies: list[Currency] = []
        self.field: ui.input | None = None
        with box("t-toolbar"):
            SearchBox("Search name or phone", self.search, self.look_for)
            Chips("Which wallets", list(CHIPS), self.chip, self.choose)
            self.place = box("t-amounts")

    @property
    def needs_currencies(self) -> bool:
        """Whether an amount in the address cannot be read before the currencies are known."""
        return bool(self.below) and not self.currencies

    @property
    def currency(self) -> Currency | None:
        """The chosen one, or the only one."""
        if len(self.currencies) == 1:
            return self.currencies[0]
        return next((one for one in self.currencies if one.code == self.code), None)

    @property
    def available_below(self) -> int | None:
        """In minor units; None where there is no amount that can be read, or no currency that it is of."""
        if self.currency is None or not self.below:
            return None
        try:
            return parse_amount(self.below, self.currency)
        except UnreadableError:
            return None

    def criteria(self) -> dict[str, object]:
        """The API's filter."""
        below = self.available_below
        given = {
            "search": self.search or None,
            "currency": self.currency.code if below is not None and self.currency else self.code or None,
            "availableBelow": below,
        }
        return {**CHIPS[self.chip], **{name: value for name, value in given.items() if value is not None}}

    def asked(self) -> dict[str, str]:
        """As the address names it, so that going back, or sending it to somebody, finds the same list."""
        return {
            "search": self.search,
            "chip": self.chip if self.chip != "All" else "",
            "currency": self.code,
            "below": self.below if self.available_below is not None else "",
        }

    def know(self, currencies: list[Currency]) -> None:
        """Shows what can be chosen."""
        self.currencies = currencies
        if not any(one.code == self.code for one in currencies):
            self.code = ""
        self.place.clear()
        with self.place:
            if len(currencies) > 1:
                choices = {"": EVERY, **{one.code: one.code for one in currencies}}
                choice_field("Currency", choices, self.take_currency, value=self.code).props("dense")
            if currencies:
                self.field = amount_field(
                    "Available below", "", self.take_amount, value=self.below, props="dense clearable"
                )
                self.weigh()

    def weigh(self) -> None:
        """An amount needs its currency."""
        assert self.field is not None
        self.field.set_enabled(self.currency is not None)
        self.field.props["label"] = "Available below" if self.currency else "Below: pick a currency"
        self.field.props["prefix"] = self.currency.sign if self.currency else ""
        self.field.update()

    async def look_for(self, search: str) -> None:
        """Another name."""
        self.search = search.strip()
        await self.changed()

    async def choose(self, chip: str) -> None:
        """Another standing."""
        self.chip = chip
        await self.changed()

    async def take_currency(self, event: object) -> None:
        """Another currency; an amount is read in it."""
        self.code = str(getattr(event, "value", "") or "")
        self.weigh()
        self.say()
        await self.changed()

    async def take_amount(self, event: object) -> None:
        """Another amount; what cannot be read is said, and does not filter."""
        before, self.below = self.available_below, str(getattr(event, "value", "") or "").strip()
        self.say()
        if before != self.available_below:
            await self.changed()

    def say(self) -> None:
        """What is wrong with the amount."""
        if self.field is None:
            return
        self.field.error = None
        if self.below and self.currency is not None:
            try:
                parse_amount(self.below, self.currency)
            except UnreadableError as problem:
                self.field.error = str(problem)
