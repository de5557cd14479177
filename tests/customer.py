"""A customer of tests/test_three_years.py: it uses, pays, is late, corrects, and its prices change, by chance."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.model import months
from tests.model.prices import Price, Tier
from tests.model.usage import Event
from tests.model.wallets import Invoice, Wallet
from tests.side_by_side import Both, Request

SERVICES = {"API": "call", "HOSTING": "month", "PAGES": "page", "SMS": "message"}
CURRENCIES = ("INR", "JPY", "KWD")
LEAST = timedelta(microseconds=1)
PACKAGES = (Fraction(100), Fraction(5, 2))
EACH = (Fraction(0), Fraction(1, 4), Fraction(25), Fraction(200), Fraction(1, 8000), Fraction(1, 10**12))


@dataclass
class Customer:
    """A tenant in a zone, both in the product and in a model of its own."""

    zone: str
    dice: Random
    both: Both
    number: int = 0
    reported: list[Event] = field(default_factory=list)

    @property
    def wallet(self) -> Wallet:
        return self.both.ledger.wallets[self.zone]

    def start(self, month: str) -> datetime:
        return months.start(month, self.zone)

    def new(self) -> str:
        self.number += 1
        return f"k{self.number}"

    async def begin(self) -> None:
        """From the first, each service has a price."""
        terms = self.dice.choice((0, 0, 3, 10)), self.dice.choice((0, 0, 5, 40))
        await self.both.tenant(self.zone, self.zone, *terms, currency=self.dice.choice(CURRENCIES))
        first = months.of(self.both.now, self.zone)
        for service in SERVICES:
            await self.set_price(service, self.start(months.before(first)))

    async def live(self, month: str) -> None:
        """A few things that happen, as of now in the month."""
        for _ in range(self.dice.randint(1, 2)):
            await self.use(month)
        happens = self.dice.choice((self.pay, self.pay, self.change_price, self.correct, self.decide, self.hold))
        await happens(month)

    async def use(self, month: str) -> None:
        """Some now, some earlier, some late, some at the very edges; refused where one of them is too late."""
        told = [self.event(month, self.new()) for _ in range(self.dice.randint(1, 4))]
        told += [event for event in self.reported[-30:] if self.dice.random() < 0.05]
        await self.both.record(self.zone, told)
        self.reported += [event for event in told if event not in self.reported]

    def event(self, month: str, key: str) -> Event:
        quantity = self.dice.choice((Fraction(self.dice.randint(1, 400)), Fraction(self.dice.randint(1, 10**8), 10**6)))
        return Event(key, self.dice.choice(list(SERVICES)), quantity, self.instant(month))

    def instant(self, month: str) -> datetime | None:
        """Of this month, or of one of the three before; often where a month or a price begins, or just before."""
        late = month
        for _ in range(self.dice.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 3)) if self.dice.random() < 0.7 else 0):
            late = months.before(late)
        first, last = self.start(late), min(self.start(months.after(late)), self.both.now)
        prices = [p.since for p in self.both.ledger.tenants[self.zone].prices if first <= p.since <= last]
        edge = self.dice.choice([first, last, *prices]) - self.dice.choice((timedelta(0), LEAST))
        within = first + (last - first) * self.dice.randint(0, 999) / 1000
        return self.dice.choice((None, within, within, edge))

    async def pay(self, month: str) -> None:
        """Enough, too little, or much; now and then some of it is taken back, or is an adjustment."""
        amount = self.dice.choice((self.wallet.due or 500, 700, 5_000, self.dice.randint(1, 100_000)))
        await self.ask(self.dice.choice(("top_up", "top_up", "adjust")), amount)
        if self.dice.random() < 0.1:
            versions = [row.version for row in self.wallet.log if row.reason == "TOP_UP"]
            await self.reverse(versions[-1] if versions else 1)

    async def reverse(self, version: int) -> None:
        back = {"reopening": self.dice.random() < 0.5}
        await self.both.ask(Request("reverse_transaction", self.zone, (version, None, self.new()), back))

    async def ask(self, what: str, *args: Any) -> None:
        asked = ("SET", *args) if what == "adjust" else args
        await self.both.ask(Request(what, self.zone, (*asked, self.new())))

    async def hold(self, month: str) -> None:
        """It expires some days later, if it is placed."""
        await self.ask("place_hold", self.dice.randint(1, 3_000), 86_400 * self.dice.randint(1, 30))

    async def correct(self, month: str) -> None:
        """Of one that was reported, mostly a part."""
        if self.reported:
            event = self.dice.choice(self.reported[-20:])
            part = event.quantity * self.dice.choice((Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)))
            fine = Fraction(int(part * 10**6) or 1, 10**6)
            await self.both.record(self.zone, [Event(self.new(), event.service, -fine, None, event.key)])

    async def decide(self, month: str) -> None:
        """Approve one that waits, or void one of the newest."""
        invoices: list[Invoice] = [invoice for _, invoice in sorted(self.wallet.invoices.items())]
        if invoices:
            invoice = self.dice.choice(invoices[-3:])
            await self.ask("approve" if invoice.status == "PENDING" else "void", invoice.count)

    async def change_price(self, month: str) -> None:
        """From an instant of this month on, or of the next or the one before, in whole seconds."""
        first = self.start(self.dice.choice((months.before(month), month, month, months.after(month))))
        days = timedelta(days=self.dice.randint(0, 27), seconds=self.dice.choice((0, 0, 1, 43_217)))
        await self.set_price(self.dice.choice(list(SERVICES)), first + days)

    async def set_price(self, service: str, since: datetime) -> None:
        minimum = self.dice.choice((0, 0, 0, 900))
        new = Price(service, since, unit=SERVICES[service], made=self.number, minimum=minimum, **self.terms())
        self.number += 1
        await self.both.set_price(self.zone, new, None)

    def terms(self) -> dict[str, Any]:
        model = self.dice.choice(("PER_UNIT", "PER_UNIT", "FLAT", "PACKAGE", "GRADUATED", "VOLUME"))
        each = self.dice.choice(EACH)
        match model:
            case "FLAT":
                return {"model": model, "flat": self.dice.randint(0, 3_000)}
            case "PACKAGE":
                return {
                    "model": model,
                    "unit_price": each,
                    "package": self.dice.choice(PACKAGES),
                }
            case "GRADUATED" | "VOLUME":
                return {"model": model, "tiers": self.tiers()}
            case _:
                return {"model": model, "unit_price": each}

    def tiers(self) -> tuple[Tier, ...]:
        ends: list[Fraction | None] = [Fraction(100), Fraction(2_001, 2), None][self.dice.randint(0, 2) :]
        return tuple((end, self.dice.choice(EACH), self.dice.choice((0, 0, 250))) for end in ends)


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
