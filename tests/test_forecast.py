"""When a tenant's money runs out, to the minor unit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.billing import UsageTotal, month_of
from domain.forecast import Facts, Forecast, Owed
from domain.money import MOST_MINOR
from domain.pricing import Price, stretches
from domain.projection import forecast
from domain.rating import Billed, ClosedMonth
from tests.agreed import price
from tests.priced import Terms
from tests.world import at

RUPEES = 100
CARD = [price("200000"), price("180000", since="2025-04-01")]


def used(month: str, quantity: str, of: Price = CARD[0]) -> UsageTotal:
    return UsageTotal(date.fromisoformat(f"{month}-01"), of.service, of.id, Decimal(quantity), Decimal(0))


def card(now: str, available: int, *totals: UsageTotal, prices: Sequence[Price] = CARD, **more: object) -> Facts:
    """The card's tenant: its zone is UTC, it has no grace, and the month is billed an hour after its end."""
    facts = Facts(
        at(now), "UTC", 1, 0, available, available, None, (), month_of(at(now), "UTC"), date(2025, 2, 1),
        totals, stretches(prices),
    )  # fmt: skip
    return replace(facts, **more)  # type: ignore[arg-type]


def rows(found: Forecast) -> list[tuple[int, int, int]]:
    return [(month.opening, month.charge, month.closing) for month in found.months]


def test_the_cards_tenant_runs_out_at_the_end_of_its_first_month() -> None:
    """₹40,500, and 18 pages in 18 days of February at ₹2,000: 28 by its end."""
    found = forecast(card("2025-02-19", 40_500 * RUPEES, used("2025-02", "18")))
    assert found.locks_at == at("2025-03-01T01:00")
    assert rows(found)[:3] == [
        (40_500 * RUPEES, 56_000 * RUPEES, -15_500 * RUPEES),
        (-15_500 * RUPEES, 62_000 * RUPEES, -77_500 * RUPEES),
        (-77_500 * RUPEES, 54_000 * RUPEES, -131_500 * RUPEES),  # 30 pages at ₹1,800
    ]
    (basis,) = found.bases
    assert (basis.since, basis.until, basis.quantity) == (at("2025-02-01"), at("2025-02-19"), Decimal(18))
    assert basis.daily == 1


def test_a_top_up_carries_it_to_a_date_and_not_a_paisa_less() -> None:
    facts = card("2025-02-19", 40_500 * RUPEES, used("2025-02", "18"))
    found = forecast(facts)
    assert found.top_up_until(at("2025-03-01T01:00")) == 0  # it locks then, not before
    assert found.top_up_until(at("2025-03-01T01:01")) == 15_500 * RUPEES
    assert found.top_up_until(at("2025-04-02")) == 77_500 * RUPEES
    paid = replace(facts, total=118_000 * RUPEES, available=118_000 * RUPEES)
    assert forecast(paid).locks_at == at("2025-05-01T01:00")
    assert forecast(replace(paid, available=paid.available - 1)).locks_at == at("2025-04-01T01:00")


def test_what_is_due_comes_first_and_a_locked_wallet_needs_all_of_it() -> None:
    """The card on 1 April: ₹24,000 are due for March, ₹4,500 are there, and the wallet is locked."""
    march = Owed(24_000 * RUPEES, at("2025-04-01T01:00"))
    months = used("2025-02", "18"), used("2025-03", "12")
    locked = card("2025-04-01T02:00", 4_500 * RUPEES, *months, owed=(march,), locked_since=march.locks_at)
    found = forecast(locked)
    assert found.locks_at == march.locks_at
    assert found.months[0].opening == -19_500 * RUPEES
    assert found.top_up_until(at("2025-04-02")) == 19_500 * RUPEES
    assert found.top_up_until(at("2025-05-02")) == 19_500 * RUPEES + found.months[0].charge


def test_a_month_that_is_not_billed_yet_counts() -> None:
    """On 1 March, half an hour after midnight, February's 18 pages are still to be billed."""
    found = forecast(card("2025-03-01T00:30", 35_999 * RUPEES, used("2025-02", "18"), first_open=date(2025, 2, 1)))
    assert rows(found)[0] == (35_999 * RUPEES, 36_000 * RUPEES, -1 * RUPEES)
    assert found.locks_at == at("2025-03-01T01:00")
    late = forecast(card("2025-03-09", 0, used("2025-02", "18"), first_open=date(2025, 2, 1), grace_days=3))
    assert late.locks_at == at("2025-03-12")  # billed at once, then three days of grace
    assert late.this_month == late.months[1].charge


def test_quantities_are_the_mean_of_three_months_and_the_running_one() -> None:
    """28 + 31 + 30 days and 10 of May: 99 pages are one a day; January's are not looked at."""
    totals = [used("2025-01", "999"), used("2025-02", "18"), used("2025-03", "31"), used("2025-04", "30", CARD[1])]
    facts = card("2025-05-11", 0, *totals, used("2025-05", "20", CARD[1]), first_used=date(2025, 1, 1))
    prices = [replace(CARD[0], effective_from=at("2024-01-01")), CARD[1]]
    found = forecast(replace(facts, timeline=stretches(prices)))
    assert [(b.since, b.quantity, b.daily) for b in found.bases] == [(at("2025-02-01"), Decimal(99), Decimal(1))]
    assert [line.quantity for line in found.months[0].bill.lines] == [20 + 21]
    assert found.months[0].used == ((CARD[1].id, Decimal(20)),)


def test_less_than_a_day_says_nothing_of_a_month() -> None:
    early = forecast(card("2025-02-01T23:59", 0, used("2025-02", "5")))
    assert early.bases == ()
    assert rows(early)[:2] == [(0, 10_000 * RUPEES, -10_000 * RUPEES), (-10_000 * RUPEES, 0, -10_000 * RUPEES)]
    assert forecast(card("2025-02-02", 0, used("2025-02", "5"))).bases[0].daily == 5


def test_a_services_days_begin_with_its_first_price() -> None:
    sms = price("50", since="2025-04-21", service="SMS")
    totals = used("2025-02", "28"), used("2025-04", "40", sms)
    found = forecast(card("2025-05-01", 0, *totals, prices=[*CARD, sms]))
    assert {basis.service: basis.since for basis in found.bases} == {
        "EPAPER": at("2025-02-01"),
        "SMS": at("2025-04-21"),
    }
    assert [basis.daily for basis in found.bases if basis.service == "SMS"] == [4]


def test_fees_and_minimums_are_projected_without_usage() -> None:
    fee, least = Terms("FLAT", flat=700), Terms(each="1", minimum=500)
    prices = [price(fee, service="HOSTING"), price(least, service="API")]
    found = forecast(card("2025-02-10", 2_500, prices=prices, first_used=None))
    assert rows(found)[:3] == [(2_500, 1_200, 1_300), (1_300, 1_200, 100), (100, 1_200, -1_100)]
    assert found.locks_at == at("2025-05-01T01:00")


def test_what_is_charged_nothing_never_locks_within_the_horizon() -> None:
    found = forecast(card("2025-02-10", 0, prices=[]))
    assert found.locks_at is None
    assert len(found.months) == 24
    assert found.until == at("2027-03-01T01:00")  # the next bill
    assert found.top_up_until(found.until) == 0


def test_late_corrections_give_back_what_may_pay_what_is_due_in_time() -> None:
    """February was billed 36,000 for 18 pages; 10 were corrected away since: March's bill begins with 20,000 less."""
    billed = {CARD[0].id: Billed(Decimal(18), 36_000 * RUPEES)}
    closed = ClosedMonth(date(2025, 2, 1), [replace(used("2025-02", "8"), billed_quantity=Decimal(18))], billed)
    owed = Owed(19_000 * RUPEES, at("2025-04-05"))
    facts = card("2025-03-10", 0, owed=(owed,), closed=(closed,), first_used=None)
    found = forecast(facts)
    assert found.months[0].charge == -20_000 * RUPEES
    assert found.locks_at is None
    sooner = forecast(replace(facts, owed=(owed._replace(locks_at=at("2025-04-01T01:00")),)))
    assert sooner.locks_at == at("2025-04-01T01:00")  # the clock comes first
    assert sooner.top_up_until(at("2025-05-01")) == 19_000 * RUPEES


def test_what_no_wallet_can_hold_no_top_up_carries() -> None:
    vast = price(Terms("FLAT", flat=MOST_MINOR))
    found = forecast(card("2025-02-10", 0, prices=[vast], first_used=None))
    assert found.top_up_until(at("2025-03-02")) == MOST_MINOR
    assert found.top_up_until(at("2025-04-02")) is None
    assert len(found.months) == 1  # of the second one's figures no amount can tell


def test_one_that_is_asked_no_further_says_the_same_of_what_it_reaches() -> None:
    facts = card("2025-02-19", 40_500 * RUPEES, used("2025-02", "18"))
    whole, part = forecast(facts), forecast(facts, at("2025-03-31T23:59"))
    assert part.months == whole.months[:2]
    assert part.until == at("2025-05-01T01:00")
    assert (part.locks_at, part.top_up_until(part.until)) == (whole.locks_at, whole.top_up_until(part.until))
