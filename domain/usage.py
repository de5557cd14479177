"""Which usage events count, and why the others do not: nothing is accepted and then lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from domain.billing import month_of, month_start, next_month, previous_month
from domain.money import plain
from domain.pricing import Price, Stretch
from domain.refusals import RefusedEvent, UsageRefusalCode, UsageRefused
from domain.wallets import WalletState, locked_at

MOST_EVENTS = 1_000
CLOCK_TOLERANCE = timedelta(minutes=5)


class UsageEvent(NamedTuple):
    """As the client sent it. `occurred_at` None: now."""

    wallet_id: UUID
    key: str
    service: str
    quantity: Decimal
    occurred_at: datetime | None = None
    corrects: str | None = None


@dataclass(slots=True)
class RecordedEvent:
    """As it counts; `corrected` is what corrections have taken from it."""

    event: UsageEvent
    occurred_at: datetime
    month: date
    price_id: UUID
    corrected: Decimal = Decimal(0)


@dataclass(frozen=True)
class TenantFacts:
    """What decides whether a tenant's usage counts, read under its lock; worked out once for all of its events."""

    zone: str
    newest_closed: date | None
    timeline: Sequence[Stretch]
    state: WalletState

    def price_at(self, service: str, instant: datetime) -> Price | None:
        """What decides usage that occurred then."""
        for stretch in self._timelines.get(service, ()):
            if stretch.holds(instant):
                return stretch.price
        return None

    def month_at(self, instant: datetime) -> date:
        """The month of its billing zone; events of a request are mostly of one."""
        for start, end, month in self._months:
            if start <= instant < end:
                return month
        month = month_of(instant, self.zone)
        here = month_start(month, self.zone), month_start(next_month(month), self.zone), month
        self._months[:] = [here, *self._months[:2]]
        return month

    @cached_property
    def _timelines(self) -> dict[str, list[Stretch]]:
        by_service: dict[str, list[Stretch]] = {}
        for stretch in self.timeline:
            by_service.setdefault(stretch.price.service, []).append(stretch)
        return by_service

    @cached_property
    def _months(self) -> list[tuple[datetime, datetime, date]]:
        """Those met last, with their bounds: month_of is dear."""
        return []

    @cached_property
    def open_from(self) -> datetime | None:
        """Late usage counts up to two closed months back."""
        return month_start(previous_month(self.newest_closed), self.zone) if self.newest_closed else None


@dataclass(slots=True)
class Tally:
    """What a request records, as far as its events have been judged."""

    recorded: list[RecordedEvent] = field(default_factory=list)
    duplicates: int = 0
    refused: list[RefusedEvent] = field(default_factory=list)

    def all_or_none(self) -> None:
        """Raises UsageRefused with every event that is why."""
        if self.refused:
            raise UsageRefused(self.refused)


Known = dict[tuple[UUID, str], RecordedEvent]


class _Refused(Exception):  # noqa: N818 - leaves the rules with its reason
    def __init__(
        self, code: UsageRefusalCode, message: str, open_from: datetime | None = None, state: WalletState | None = None
    ) -> None:
        self.code, self.message, self.open_from, self.state = code, message, open_from, state


def judge(
    events: Iterable[tuple[int, UsageEvent]],
    tenants: Mapping[UUID, TenantFacts],
    known: Known,
    now: datetime,
    result: Tally,
) -> None:
    """Events of a request by their places in it, after those before them. `known` grows with what is recorded."""
    for index, event in events:
        try:
            _take(event, tenants[event.wallet_id], known, now, result)
        except _Refused as why:
            result.refused.append(
                RefusedEvent(index, event.key, event.wallet_id, why.code, why.message, why.open_from, why.state)
            )


def _take(event: UsageEvent, facts: TenantFacts, known: Known, now: datetime, result: Tally) -> None:
    earlier = known.get((event.wallet_id, event.key))
    if earlier is not None:
        if earlier.event != event:
            raise _Refused(UsageRefusalCode.KEY_REUSED, f"The key {event.key} was used for another event.")
        result.duplicates += 1
        return
    recorded = _correction(event, facts, known) if event.corrects else _fresh(event, facts, now)
    known[event.wallet_id, event.key] = recorded
    result.recorded.append(recorded)


def _fresh(event: UsageEvent, facts: TenantFacts, now: datetime) -> RecordedEvent:
    at = event.occurred_at or now
    if at > now + CLOCK_TOLERANCE:
        raise _Refused(UsageRefusalCode.IN_FUTURE, f"It occurs at {at.isoformat()}, more than 5 minutes from now.")
    _refuse_closed(at, facts)
    price = facts.price_at(event.service, at)
    if price is None:
        raise _Refused(
            UsageRefusalCode.NO_PRICE, f"{event.service} has no price at {at.isoformat()}. Set one that begins by then."
        )
    if locked_at(facts.state, at):
        raise _Refused(
            UsageRefusalCode.WALLET_LOCKED, "The tenant's wallet was locked when this occurred.", state=facts.state
        )
    return RecordedEvent(event, at, facts.month_at(at), price.id)


def _correction(event: UsageEvent, facts: TenantFacts, known: Known) -> RecordedEvent:
    assert event.corrects is not None
    corrected = known.get((event.wallet_id, event.corrects))
    if corrected is None or corrected.event.corrects or corrected.event.service != event.service:
        raise _Refused(
            UsageRefusalCode.BELOW_ZERO, f"There is no event {event.corrects} of {event.service} to correct."
        )
    _refuse_closed(corrected.occurred_at, facts)
    left = corrected.event.quantity - corrected.corrected
    if -event.quantity > left:
        raise _Refused(UsageRefusalCode.BELOW_ZERO, f"Only {plain(left)} of event {event.corrects} is left to correct.")
    corrected.corrected -= event.quantity
    return RecordedEvent(event, corrected.occurred_at, corrected.month, corrected.price_id)


def _refuse_closed(at: datetime, facts: TenantFacts) -> None:
    open_from = facts.open_from
    if open_from and at < open_from:
        raise _Refused(
            UsageRefusalCode.PERIOD_CLOSED,
            f"Its month is closed; usage is accepted from {open_from.isoformat()} on.",
            open_from=open_from,
        )
