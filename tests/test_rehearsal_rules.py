"""What a draft price would have cost, and when it would have locked: by the rules of the domain alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decisions import decide
from domain.ledger import Account, TransactionType
from domain.rehearsal import Closing, locked_at, outlook, rehearse_months
from tests.accounts import bill, issue, later, top_up, wallet
from tests.priced import Terms, price
from tests.test_rating import FEBRUARY, START, TERMS, ZONE, total
from tests.world import at


@given(st.sampled_from(TERMS), st.integers(0, 2_000), st.integers(0, 2_000))
def test_the_terms_that_were_in_force_all_month_come_to_what_was_charged(terms: Terms, first: int, second: int) -> None:
    """Whatever the model, and whatever minimum."""
    real, draft = price(terms, START - timedelta(days=3)), price(terms, at("2030-01-01"))
    totals = [total(real, Decimal(first + second) / 8)]
    (month,) = rehearse_months([FEBRUARY], ZONE, totals, [real], draft)
    assert (month.difference, month.quantity) == (0, Decimal(first + second) / 8)


@given(st.sampled_from(TERMS), st.lists(st.integers(0, 800), min_size=1, max_size=3))
def test_a_draft_counts_a_month_whole_however_its_prices_changed_within_it(terms: Terms, eighths: list[int]) -> None:
    prices = [price(Terms(each="1"), START + timedelta(days=5 * place)) for place in range(len(eighths))]
    totals = [total(of, Decimal(part) / 8) for of, part in zip(prices, eighths, strict=True)]
    (cut,) = rehearse_months([FEBRUARY], ZONE, totals, prices, price(terms, START))
    (whole,) = rehearse_months(
        [FEBRUARY], ZONE, [total(prices[0], Decimal(sum(eighths)) / 8)], prices[:1], price(terms, START)
    )
    assert cut.would_be == whole.would_be


def test_a_service_that_began_within_the_month_pays_a_drafts_fee_from_the_next() -> None:
    fee = price(Terms("FLAT", flat=700, minimum=1_000), START)
    march = date(2025, 3, 1)
    for days, fees in ((0, [1_000, 1_000]), (1, [0, 1_000])):
        began = price(Terms(each="1"), START + timedelta(days=days))
        months = rehearse_months([FEBRUARY, march], ZONE, [], [began], fee)
        assert [month.would_be for month in months] == fees


MONTHS = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 60), st.lists(st.tuples(st.integers(0, 27), st.integers(1, 80)), max_size=2)
    ),
    min_size=1,
    max_size=6,
)


@given(MONTHS, st.integers(0, 100), st.sampled_from([0, 0, 3, 40]))
def test_the_lock_that_a_draft_would_have_brought_is_the_one_that_the_ledger_brings_at_its_charges(
    months: Sequence[tuple[int, int, list[tuple[int, int]]]], paid: int, grace: int
) -> None:
    """The ledger lives twice, at the real charges and at the draft's; the rehearsal knows the first life only."""
    real = Life([(charge, payments) for charge, _, payments in months], paid, grace)
    draft = Life([(charge, payments) for _, charge, payments in months], paid, grace)
    closings = real.closings
    differences = {closing.month: month[1] - month[0] for closing, month in zip(closings, months, strict=True)}
    assert locked_at(closings, {}) == real.locked
    assert locked_at(closings, differences) == draft.locked


class Life:
    """Months that close on the first of the next, with top-ups within it; then a long time."""

    def __init__(self, months: Sequence[tuple[int, list[tuple[int, int]]]], paid: int, grace: int) -> None:
        self.account: Account = decide(wallet(0), top_up(paid), _instant(0)).account if paid else wallet(0)
        self.states = [(_instant(0), self.account.state)]
        self.locks: list[datetime] = []
        issued = []
        for number, (charge, payments) in enumerate(months, 1):
            closed = _instant(number)
            if charge:
                self._tick(closed)
                self._go(issue(bill(charge, number), grace=grace, count=number), closed)
            issued.append((number, closed, charge))
            for day, amount in sorted(payments):
                moment = closed + timedelta(days=day, hours=1)
                self._tick(moment)
                self._go(top_up(amount), moment)
        self._tick(_instant(40))
        self.closings = [
            Closing(date(2025, n, 1), closed, ends := closed + timedelta(days=grace), charge, None, self._covered(ends))
            for n, closed, charge in issued
        ]

    @property
    def locked(self) -> datetime | None:
        return self.locks[0] if self.locks else None

    def _go(self, command: Any, moment: datetime) -> None:
        decision = decide(self.account, command, moment)
        self.account = decision.account
        self._note(decision.transactions)

    def _tick(self, moment: datetime) -> None:
        self.account, written = later(self.account, moment)
        self._note(written)

    def _note(self, transactions: Sequence[Any]) -> None:
        self.states += [(t.after.time, t.after) for t in transactions]
        self.locks += [t.after.time for t in transactions if t.type is TransactionType.LOCK]

    def _covered(self, instant: datetime) -> int:
        _, state = [one for one in self.states if one[0] <= instant][-1]
        return state.available - state.due


def _instant(number: int) -> datetime:
    return datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=30 * number)


def test_a_void_invoice_counts_until_it_was_voided_and_a_grace_to_come_decides_nothing() -> None:
    begun, end = at("2025-03-01"), at("2025-04-20")
    first = Closing(date(2025, 2, 1), begun, end, 100, None, -50)
    second = Closing(date(2025, 3, 1), at("2025-04-01"), at("2025-05-21"), 60, None, None)
    assert locked_at([first, second], {}) is None, "without the later one it had 10 left"
    assert locked_at([first, second], {date(2025, 2, 1): 11}) == end
    void = Closing(date(2025, 3, 1), at("2025-04-01"), at("2025-05-21"), 60, at("2025-04-10"), None)
    assert locked_at([first, void], {}) == end


@pytest.mark.parametrize(
    ("totals", "first", "differences", "expected"),
    [
        ([], None, {}, (None, None)),
        ([0, 0], None, {}, (None, None)),
        ([0, 0], None, {2: 50}, (None, 50)),
        ([0, 10, 20], 2, {1: 30}, (15, 20)),
        ([7, 10, 20, 30], 1, {1: 99, 4: -30}, (20, 10)),
        ([10, 20], 1, {1: -10, 2: -20}, (15, 0)),
    ],
)
def test_what_a_month_would_cost_follows_law_22_with_each_month_changed_by_its_difference(
    totals: list[int], first: int | None, differences: dict[int, int], expected: tuple[int | None, int | None]
) -> None:
    closings = [Closing(date(2025, n, 1), START, START, total) for n, total in enumerate(totals, 1)]
    by_month = {date(2025, n, 1): difference for n, difference in differences.items()}
    assert outlook(closings, date(2025, first, 1) if first else None, by_month) == expected
