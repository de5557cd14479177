"""Which usage counts (laws 14 to 16 and 21), and when and at which price."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

from tests.model import months
from tests.model.answers import MOST, Refused, not_possible
from tests.model.prices import Price, charge, ends, in_force, timeline, with_new
from tests.model.wallets import Wallet

AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Event:
    """As the client sent it: without `occurred` it is now."""

    key: str
    service: str
    quantity: Fraction
    occurred: datetime | None = None
    corrects: str | None = None

    def __deepcopy__(self, memo: object) -> "Event":
        """An event never changes."""
        return self


@dataclass
class Tenant:
    """Its terms, its prices, every event that counted and when, and its closed months."""

    made: datetime
    zone: str = "UTC"
    grace_days: int = 0
    window_days: int = 0
    prices: list[Price] = field(default_factory=list)
    events: dict[str, tuple[Event, datetime]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    """Months, in order."""
    billed: dict[tuple[Price, str], Fraction] = field(default_factory=dict)
    """How much of a month's quantity under a price had come when it was last billed."""
    revised: set[str] = field(default_factory=set)
    """Months with lines on an invoice that was voided since."""

    def __deepcopy__(self, memo: object) -> "Tenant":
        """Prices and events never change."""
        prices, events, closed = list(self.prices), dict(self.events), list(self.closed)
        billed, revised = dict(self.billed), set(self.revised)
        return replace(self, prices=prices, events=events, closed=closed, billed=billed, revised=revised)

    @property
    def newest_closed(self) -> str | None:
        """Months close in order."""
        return self.closed[-1] if self.closed else None

    @property
    def open_from(self) -> datetime | None:
        """Law 14: a price never begins before the end of the newest closed month."""
        return months.start(months.after(self.newest_closed), self.zone) if self.newest_closed else None

    @property
    def counts_from(self) -> datetime | None:
        """Law 16: late usage counts up to two closed months back."""
        return months.start(months.before(self.newest_closed), self.zone) if self.newest_closed else None

    def used(self, price: Price, month: str) -> Fraction:
        """Law 13: what occurred in the month and in the price's stretch."""
        first, last = self.part(price, month)
        return sum(
            (e.quantity for e, at in self.events.values() if e.service == price.service and first <= at < last),
            Fraction(0),
        )

    def part(self, price: Price, month: str) -> tuple[datetime, datetime]:
        """Of the month, the part in which the price is in force; empty where the end is not after the start."""
        first, last = months.start(month, self.zone), months.start(months.after(month), self.zone)
        end = ends(self.prices, price)
        return max(first, price.since), last if end is None else min(last, end)

    def set_price(self, now: datetime, new: Price, replaces: datetime | None = None) -> None:
        """Law 14; none that usage depends on is replaced."""
        after = with_new(self.prices, new, replaces, self.open_from, now)
        self._require_unused([price for price in self.prices if price not in after])
        self.prices = after

    def cancel_price(self, now: datetime, service: str, since: datetime) -> None:
        """Law 14: one that has not begun, or that is in force with no usage depending on it."""
        price = next((price for price in timeline(self.prices, service) if price.since == since), None)
        if price is None:
            raise Refused("NotFound")
        if price.since <= now:
            if self.open_from is not None and price.since < self.open_from:
                raise Refused("PeriodClosed", self.open_from)
            if price != in_force(self.prices, service, now):
                raise not_possible()
        self._require_unused([price])
        self.prices.remove(price)

    def _require_unused(self, going: list[Price]) -> None:
        for event, at in self.events.values():
            if in_force(self.prices, event.service, at) in going:
                raise not_possible()

    def record(self, now: datetime, wallet: Wallet, events: list[Event]) -> tuple[int, int]:
        """Law 15: all or none. How many counted, and how many were known. The wallet as the clock has it by now."""
        before, refused, known = dict(self.events), [], 0
        for index, event in enumerate(events):
            code = self._why_not(now, wallet, event)
            if code == "KNOWN":
                known += 1
            elif code:
                refused.append((index, code))
            else:
                self.events[event.key] = event, self._when(now, event)
        if refused or self._beyond_limits():
            self.events = before
            raise Refused("UsageRefused", *refused) if refused else Refused("BadInput")
        return len(events) - known, known

    def _when(self, now: datetime, event: Event) -> datetime:
        """A correction counts when the event that it corrects did."""
        return self.events[event.corrects][1] if event.corrects else event.occurred or now

    def _why_not(self, now: datetime, wallet: Wallet, event: Event) -> str | None:
        if event.key in self.events:
            return "KNOWN" if self.events[event.key][0] == event else "KEY_REUSED"
        if event.corrects:
            return self._why_no_correction(event)
        at = self._when(now, event)
        if at > now + AHEAD:
            return "IN_FUTURE"
        if self.counts_from and at < self.counts_from:
            return "PERIOD_CLOSED"
        if in_force(self.prices, event.service, at) is None:
            return "NO_PRICE"
        return "WALLET_LOCKED" if wallet.locked_for(at) else None

    def _why_no_correction(self, event: Event) -> str | None:
        """It never takes more than there is; a lock does not refuse it (law 21: no *new* usage)."""
        corrected, at = self.events.get(event.corrects or "", (None, None))
        if corrected is None or at is None or corrected.corrects or corrected.service != event.service:
            return "BELOW_ZERO"
        if self.counts_from and at < self.counts_from:
            return "PERIOD_CLOSED"
        others = [other for other, _ in self.events.values() if other.corrects == corrected.key]
        left = corrected.quantity + sum((other.quantity for other in others), Fraction(0))
        return "BELOW_ZERO" if left + event.quantity < 0 else None

    def _beyond_limits(self) -> bool:
        """Law 1: what a month costs is an amount too."""
        used = {months.of(at, self.zone) for _, at in self.events.values()}
        return any(charge(price, self.used(price, month)) > MOST for price in self.prices for month in used)
