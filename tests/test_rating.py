"""What months cost comes to the same, on time or late, billed once or again after a void: laws 2, 13, 16 and 19."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.billing import Line, MonthBill, UsageTotal, month_start, next_month
from domain.money import MOST_MINOR
from domain.pricing import Price, stretches
from domain.rating import Billed, ClosedMonth, Timeline, close_months
from domain.refusals import NotPossible
from tests.priced import Terms, price

FEBRUARY = date(2025, 2, 1)
ZONE = "Asia/Kolkata"
START = month_start(FEBRUARY, ZONE)
TERMS = [
    Terms(each="0.25"),
    Terms(each="33.333333333333", minimum=5_000),
    Terms("FLAT", flat=700),
    Terms("FLAT", flat=50, minimum=1_200),
    Terms("GRADUATED", tiers=[("10", "7.5", 20), ("100", "0.1", 0), (None, "3", 11)], minimum=400),
    Terms("VOLUME", tiers=[("10", "7.5", 20), ("100", "0.1", 0), (None, "3", 11)]),
    Terms("VOLUME", tiers=[("50", "0.001", 5), (None, "0", 0)], minimum=1),
    Terms("PACKAGE", each="99.5", size="12.5", minimum=300),
]


def timeline_of(prices: Sequence[Price]) -> Timeline:
    return {stretch.price.id: stretch for stretch in stretches(prices)}


def total(of: Price, quantity: str | Decimal, billed: str | Decimal = "0", month: date = FEBRUARY) -> UsageTotal:
    return UsageTotal(month, of.service, of.id, Decimal(quantity), Decimal(billed))


def february(prices: Sequence[Price], totals: Sequence[UsageTotal]) -> MonthBill:
    (bill,) = close_months([FEBRUARY], ZONE, totals, timeline_of(prices))
    return bill


def shown(lines: Sequence[Line]) -> list[tuple[str, str, str, int]]:
    return [(line.kind, line.service, f"{line.quantity.normalize():f}", line.amount) for line in lines]


@dataclass
class Books:
    """A tenant's February: what was used and what was billed of it, invoice after invoice."""

    prices: list[Price]
    used: Counter[UUID] = field(default_factory=Counter)
    billed: Counter[UUID] = field(default_factory=Counter)
    standing: list[tuple[Line, ...]] = field(default_factory=list)
    closings: int = 0
    rebill: bool = False

    @property
    def totals(self) -> list[UsageTotal]:
        used = [of for of in self.prices if of.id in self.used]
        return [total(of, Decimal(self.used[of.id]) / 8, Decimal(self.billed[of.id]) / 8) for of in used]

    def close(self) -> None:
        """February at first, then the months after it, in which nothing new is used."""
        month = FEBRUARY
        for _ in range(self.closings):
            month = next_month(month)
        closed = [ClosedMonth(FEBRUARY, self.totals, self._lines(), self.rebill)]
        totals, known = (self.totals, []) if month == FEBRUARY else ([], closed)
        (bill,) = close_months([month], ZONE, totals, timeline_of(self.prices), known)
        lines = tuple(line for line in bill.lines if line.month == FEBRUARY and bill.is_charged)
        assert bill.total == sum(line.amount for line in bill.lines)
        self.standing.append(lines)
        self.billed, self.rebill, self.closings = Counter(self.used), False, self.closings + 1

    def void(self, place: int) -> None:
        lines = self.standing.pop(place % len(self.standing))
        self.rebill = self.rebill or bool(lines)

    def amounts(self) -> dict[UUID, int]:
        return {price_id: billed.amount for price_id, billed in self._lines().items() if billed.amount}

    def _lines(self) -> dict[UUID, Billed]:
        found: dict[UUID, Billed] = {}
        for line in (line for lines in self.standing for line in lines):
            quantity, amount = found.get(line.price_id, Billed(Decimal(0), 0))
            counts = line.quantity if line.kind in ("USAGE", "LATE") else Decimal(0)
            found[line.price_id] = Billed(quantity + counts, amount + line.amount)
        return found


@st.composite
def timelines(draw: st.DrawFn) -> list[Price]:
    """Of two services, each with stretches that begin before, with, and within February."""
    prices = []
    for service in ("API", "EPAPER"):
        days = draw(st.lists(st.sampled_from([-9, 0, 1, 14, 27]), min_size=1, max_size=3, unique=True))
        prices += [price(draw(st.sampled_from(TERMS)), START + timedelta(days=day), service) for day in sorted(days)]
    return prices


# In eighths, which are exact. Below zero: a correction, of what there is.
ROUNDS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 5), st.integers(-100, 2_000)), max_size=3), st.none() | st.integers(0, 9)
    ),
    max_size=5,
)


@given(timelines(), ROUNDS)
def test_late_usage_corrections_and_voids_bill_in_sum_what_all_on_time_would_have_cost(
    prices: list[Price], rounds: list[tuple[list[tuple[int, int]], int | None]]
) -> None:
    books = Books(prices)
    for usage, voided in [*rounds, ([], None)]:
        for place, eighths in usage:
            of = prices[place % len(prices)].id
            books.used[of] = max(0, books.used[of] + eighths)
        if voided is not None and books.standing:
            books.void(voided)
        books.close()
    on_time = Books(prices, books.used)
    on_time.close()
    assert books.amounts() == on_time.amounts()


@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("eighths", [0, 1, 79, 80, 81, 799, 800, 801, 10**13])
def test_a_void_bill_is_billed_again_to_the_same_amount(terms: Terms, eighths: int) -> None:
    of = price(terms, START)
    books = Books([of], Counter({of.id: eighths}))
    books.close()
    before = books.amounts()
    books.void(0)
    books.close()
    assert books.amounts() == before
    assert all(line.kind == "LATE" for lines in books.standing for line in lines)


def test_a_fee_and_a_minimum_in_force_as_the_month_begins_count_for_the_month_used_or_not() -> None:
    fee = price(Terms("FLAT", flat=700, minimum=1_000), START)
    after = price(Terms(each="10", minimum=50_000), START + timedelta(days=10))
    assert shown(february([fee, after], []).lines) == [("FLAT", "EPAPER", "1", 700), ("MINIMUM", "EPAPER", "1", 300)]
    some = february([fee, after], [total(fee, "99"), total(after, "29.9")])
    assert shown(some.lines) == [
        ("FLAT", "EPAPER", "1", 700), ("USAGE", "EPAPER", "99", 0), ("USAGE", "EPAPER", "29.9", 299),
        ("MINIMUM", "EPAPER", "1", 1),
    ]  # fmt: skip
    enough = february([fee, after], [total(after, "30")])
    assert shown(enough.lines) == [("FLAT", "EPAPER", "1", 700), ("USAGE", "EPAPER", "30", 300)]
    end = month_start(next_month(FEBRUARY), ZONE)
    assert [(line.start, line.end, line.unit_price) for line in some.lines] == [
        (START, end, 700), (START, after.effective_from, None), (after.effective_from, end, 10), (START, end, None)
    ]  # fmt: skip


@pytest.mark.parametrize(("instants", "lines"), [(0, 1), (1, 0), (-1, 1)])
def test_a_fee_that_begins_an_instant_after_the_month_does_not_count_for_it(instants: int, lines: int) -> None:
    fee = price(Terms("FLAT", flat=700), START + timedelta(microseconds=instants))
    assert len(february([fee], []).lines) == lines


def test_what_a_minimum_changes_by_late_usage_is_on_the_months_first_late_line() -> None:
    first = price(Terms(each="10", minimum=1_000), START)
    second = price(Terms(each="20"), START + timedelta(days=10))
    books = Books([first, second], Counter({first.id: 80}))
    books.close()
    books.used.update({first.id: 8, second.id: 16})
    books.close()
    assert shown(books.standing[1]) == [("LATE", "EPAPER", "1", -40), ("LATE", "EPAPER", "2", 40)]
    books.used.update({second.id: 8 * 50})
    books.close()
    assert shown(books.standing[2]) == [("LATE", "EPAPER", "0", -850), ("LATE", "EPAPER", "50", 1_000)]
    assert sum(books.amounts().values()) == 11 * 10 + 52 * 20


def test_late_usage_pays_only_for_the_packages_and_tiers_that_it_starts() -> None:
    packages = price(Terms("PACKAGE", each="100", size="100"), START, "API")
    tiers = price(Terms("GRADUATED", tiers=[("10", "5", 50), (None, "1", 0)]), START)
    books = Books([packages, tiers], Counter({packages.id: 8 * 101, tiers.id: 8 * 9}))
    books.close()
    books.used.update({packages.id: 8 * 99, tiers.id: 8 * 2})
    books.close()
    books.used.update({packages.id: 8})
    books.close()
    assert [shown(lines) for lines in books.standing[1:]] == [
        [("LATE", "API", "99", 0), ("LATE", "EPAPER", "2", 6)], [("LATE", "API", "1", 100)]
    ]  # fmt: skip


def test_a_month_that_costs_more_than_an_amount_can_say_is_refused_with_a_sentence() -> None:
    dear = price(Terms(each=str(MOST_MINOR)), START)
    fee = price(Terms("FLAT", flat=1), START, "API")
    assert february([dear], [total(dear, "1")]).total == MOST_MINOR
    for prices, quantity, what in (([dear], "1.000001", "EPAPER in 2025-02"), ([dear, fee], "1", "2025-02")):
        with pytest.raises(NotPossible) as refusal:
            _ = february(prices, [total(dear, quantity)]).total
        assert refusal.value.message.startswith(f"{what} costs more than 9,007,199,254,740,991 minor units")


def test_months_closed_together_cost_what_they_cost_one_by_one() -> None:
    fee = price(Terms("FLAT", flat=700), START)
    pages = price(Terms(each="10"), START, "PAGES")
    march = next_month(FEBRUARY)
    totals = [total(pages, "1"), total(pages, "2", month=march)]
    timeline = timeline_of([fee, pages])
    together = close_months([FEBRUARY, march, next_month(march)], ZONE, totals, timeline)
    assert [bill.total for bill in together] == [710, 720, 700]
    late = ClosedMonth(date(2025, 1, 1), [], {fee.id: Billed(Decimal(0), 5)}, True)
    with_late = close_months([FEBRUARY, march], ZONE, totals, timeline, [late], [3])
    assert [(bill.total, bill.rebilled) for bill in with_late] == [(705, (3,)), (720, ())]
    assert with_late[1] == replace(together[1])
