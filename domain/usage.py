"""Which usage events count, and why the others do not: nothing is accepted and then lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from domain.billing import month_of, month_start, previous_month
from domain.money import plain
from domain.pricing import Price, Stretch, in_force
from domain.refusals import RefusedEvent, UsageRefusalCode, UsageRefused
from domain.wallets import WalletState, locked_at

MOST_EVENTS = 1_000
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class UsageEvent:
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
        return in_force(self._timelines.get(service, ()), service, instant)

    @cached_property
    def _timelines(self) -> dict[str, list[Stretch]]:
        by_service: dict[str, list[Stretch]] = {}
        for stretch in self.timeline:
            by_service.setdefault(stretch.price.service, []).append(stretch)
        return by_service

    @cached_property
    def open_from(self) -> datetime | None:
        """Late usage counts up to two closed months back."""
        return month_start(previous_month(self.newest_closed), self.zone) if self.newest_closed else None


@dataclass(slots=True)
class Tally:
    """What a request records."""

    recorded: list[RecordedEvent] = field(default_factory=list)
    duplicates: int = 0
    refused: list[RefusedEvent] = field(default_factory=list)


Known = dict[tuple[UUID, str], RecordedEvent]


class _Refused(Exception):  # noqa: N818 - leaves the rules with its reason
    def __init__(
        self, code: UsageRefusalCode, message: str, open_from: datetime | None = None, state: WalletState | None = None
    ) -> None:
        self.code, self.message, self.open_from, self.state = code, message, open_from, state


def tally(events: Sequence[UsageEvent], tenants: Mapping[UUID, TenantFacts], known: Known, now: datetime) -> Tally:
    """All or none: raises UsageRefused with every event that is why. `known` grows with what is recorded."""
    result = Tally()
    for index, event in enumerate(events):
        try:
            _take(event, tenants[event.wallet_id], known, now, result)
        except _Refused as why:
            result.refused.append(
                RefusedEvent(index, event.key, event.wallet_id, why.code, why.message, why.open_from, why.state)
            )
    if result.refused:
        raise UsageRefused(result.refused)
    return result


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
    return RecordedEvent(event, at, month_of(at, facts.zone), price.id)


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
