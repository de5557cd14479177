"""What the forecast says is what the ledger then does, whatever the tenant."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.billing import UsageTotal, month_of, month_start, next_month, previous_month
from domain.commands import Issue, TopUp
from domain.decisions import decide
from domain.draft import Decision
from domain.forecast import Facts, Forecast, Owed
from domain.instants import catch_up
from domain.ledger import Account, InvoiceStatus, OpenInvoice, Operation, TransactionReason, TransactionType
from domain.money import Currency
from domain.pricing import Price, stretches
from domain.projection import forecast
from domain.rating import Billed, ClosedMonth
from domain.wallets import WalletState
from tests.agreed import price
from tests.priced import Terms

ZONES = ("UTC", "Asia/Kolkata", "America/Sao_Paulo")
WALLET, OPERATION = UUID(int=1), Operation(UUID(int=2), "test", "system")


@st.composite
def facts_of_any_kind(draw: st.DrawFn) -> Facts:
    zone = draw(st.sampled_from(ZONES))
    now = datetime(2025, 3, 20, 7, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 30_000)))
    running = month_of(now, zone)
    prices = [
        price(draw(st.sampled_from(("25", "0.3", "7"))), "2025-01-01"),
        price(
            Terms("GRADUATED", tiers=[("50", "7", 40), (None, "1.5", 0)], minimum=draw(st.integers(0, 300))),
            draw(st.sampled_from(("2025-04-11", "2025-07-01", "2025-12-01T05:00"))),
        ),
        price(Terms("FLAT", flat=draw(st.integers(0, 400))), "2025-02-10", "HOSTING"),
    ]
    amounts = st.integers(0, 60)
    first_open = running if draw(st.booleans()) else previous_month(running)
    totals = [
        UsageTotal(month, "EPAPER", prices[0].id, Decimal(draw(amounts)), Decimal(0))
        for month in (previous_month(previous_month(running)), previous_month(running), running)
    ]
    closed = _corrected(draw, previous_month(first_open), prices[0]) if draw(st.booleans()) else ()
    return _with_wallet(draw, Facts(
        now, zone, draw(st.sampled_from((0, 1, 48))), draw(st.sampled_from((0, 3, 40))), 0, 0, None, (), first_open,
        draw(st.sampled_from((None, date(2025, 1, 1), running))), totals, stretches(prices), closed,
    ))  # fmt: skip


def _corrected(draw: st.DrawFn, month: date, of: Price) -> tuple[ClosedMonth, ...]:
    total = UsageTotal(month, of.service, of.id, Decimal(draw(st.integers(0, 20))), Decimal(30))
    return (ClosedMonth(month, [total], {of.id: Billed(Decimal(30), draw(st.integers(100, 3_000)))}),)


def _with_wallet(draw: st.DrawFn, facts: Facts) -> Facts:
    """Some of it held; what is due has not been covered, else it were collected."""
    ends = st.integers(-3, 60).map(lambda days: facts.now + timedelta(days=days, hours=1))
    owed = tuple(draw(st.lists(st.builds(Owed, st.integers(1, 2_000), ends), max_size=3)))
    most = owed[0].total - 1 if owed else 20_000
    available, held = draw(st.integers(0, most)), draw(st.sampled_from((0, 0, 70)))
    passed = [one.locks_at for one in owed if one.locks_at <= facts.now]
    since = min(passed) if passed else None
    return replace(facts, available=available, total=available + held, owed=owed, locked_since=since)


def first_lock(facts: Facts, found: Forecast, top_up: int) -> datetime | None:
    """What the ledger's own rules do with the same bills after a top-up: when they lock it first."""
    account = _account(facts)
    if top_up:
        account = _decided(decide(account, TopUp(WALLET, OPERATION, False, top_up, ""), facts.now))[0]
    if account.state.funds_locked_at:
        return account.state.funds_locked_at
    for count, month in enumerate(found.months, 100):
        while (due := catch_up(account, month.billed_at, OPERATION)) is not None:
            account, locked = _decided(due)
            if locked:
                return locked
        issue = Issue(WALLET, OPERATION, False, UUID(int=3), (month.bill,), count, facts.grace_days, 5)
        account, locked = _decided(decide(account, issue, month.billed_at))
        if locked:
            return locked
    while (due := catch_up(account, datetime(2030, 1, 1, tzinfo=UTC), OPERATION)) is not None:
        account, locked = _decided(due)
        if locked:
            return locked
    return None


def _decided(decision: Decision) -> tuple[Account, datetime | None]:
    locks = [
        t.after.time
        for t in decision.transactions
        if t.type is TransactionType.LOCK and t.reason is TransactionReason.INSUFFICIENT_FUNDS
    ]
    return decision.account, locks[0] if locks else None


def _account(facts: Facts) -> Account:
    """The wallet that the facts tell of; money that is held stays so."""
    graces = [owed.locks_at for owed in facts.owed]
    state = WalletState(
        7, facts.now - timedelta(days=40), facts.total, facts.total - facts.available, facts.due,
        facts.locked_since, None, min(graces, default=None) if facts.locked_since is None else None,
    )  # fmt: skip
    invoices = tuple(
        OpenInvoice(n, facts.first_open, one.total, InvoiceStatus.DUE, state.time, one.locks_at)
        for n, one in enumerate(facts.owed, 1)
    )
    return Account(WALLET, Currency("INR", 2), state, invoices)


@given(facts_of_any_kind(), st.integers(0, 719), st.integers(0, 23))
def test_the_ledger_locks_when_the_forecast_says_and_the_exact_top_up_carries_it(
    facts: Facts, days: int, hours: int
) -> None:
    found = forecast(facts)
    foreseen = first_lock(facts, found, 0)
    assert found.locks_at == (foreseen if foreseen and foreseen < found.until else None)
    wanted = facts.now + timedelta(days=days, hours=hours + 1)
    assume(wanted <= found.until)
    top_up = found.top_up_until(wanted)
    assert top_up is not None
    carried = first_lock(facts, found, top_up)
    assert carried is None or carried >= wanted
    if top_up:
        short = first_lock(facts, found, top_up - 1)
        assert short is not None
        assert short < wanted


@given(facts_of_any_kind())
def test_its_arithmetic_adds_up_line_by_line(facts: Facts) -> None:
    found = forecast(facts)
    opening = facts.available - facts.due
    month = facts.first_open
    for one in found.months:
        assert one.bill.month == month
        assert one.opening == opening
        assert one.charge == sum(line.amount for line in one.bill.lines)
        assert one.closing == opening - one.charge
        assert (one.locks_at is None) == (one.charge <= 0 or one.closing >= 0)
        assert one.billed_at >= max(facts.now, month_start(next_month(month), facts.zone))
        opening, month = one.closing, next_month(month)
