"""The hash chain covers every column, and whatever happens the log is whole: law 6."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.chain import GENESIS, describe, link
from domain.commands import AdjustOperation, Command, Issue
from domain.decisions import decide
from domain.ledger import Account, InvoiceStatus, Transaction, TransactionReason, TransactionType
from domain.refusals import Refusal
from domain.wallets import WalletState
from tests.accounts import INR, NOW, WALLET, adjust, bill, issue, later, lock, top_up, wallet

CHAINED = decide(wallet(0, 0, 300), top_up(1_000), NOW).transactions[0]
OTHER_STATE: dict[str, Any] = {
    "version": 9, "time": NOW + timedelta(microseconds=1), "total": 1, "locked": 1, "due": 1, "funds_locked_at": NOW,
    "manual_locked_at": NOW, "locks_at": None,
}  # fmt: skip
OTHER_ROW: dict[str, Any] = {
    "wallet_id": uuid4(), "operation_id": uuid4(), "actor": "usr_2", "type": TransactionType.DEBIT, "amount": 9,
    "locked_amount": 1, "due_amount": 1, "reason": TransactionReason.ADJUSTMENT, "invoice": 1, "hold": 1, "reverses": 1,
    "counterparty": uuid4(),
    "operation_home": uuid4(),
}  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [replace(CHAINED, after=replace(CHAINED.after, **{name: value})) for name, value in OTHER_STATE.items()]
    + [replace(CHAINED, **{name: value}) for name, value in OTHER_ROW.items()],
    ids=[*OTHER_STATE, *OTHER_ROW],
)
def test_each_column_of_a_row_is_covered_by_its_hash(other: Transaction) -> None:
    assert link(GENESIS, other, b"") != link(GENESIS, CHAINED, b"")


def test_a_hash_covers_the_one_before_it_and_the_description_by_its_salted_hash() -> None:
    plain = link(GENESIS, CHAINED, b"")
    described = describe("Ravi's top-up", b"salt")
    assert len({plain, link(plain, CHAINED, b""), link(GENESIS, CHAINED, described)}) == 3
    assert describe("Ravi's top-up", b"other") != described
    assert describe("", b"salt") == b""


@st.composite
def commands(draw: st.DrawFn) -> list[tuple[timedelta, Command]]:
    amount = st.integers(1, 500)
    one = st.one_of(
        amount.map(top_up),
        st.builds(adjust, st.sampled_from(AdjustOperation), amount),
        st.booleans().map(lambda on: lock(on=on)),
        st.builds(
            lambda totals, grace, window: issue(*map(bill, totals), grace=grace, window=window),
            st.lists(st.integers(-300, 600), max_size=3), st.integers(0, 3), st.integers(0, 3),
        ),
    )  # fmt: skip
    return draw(st.lists(st.tuples(st.integers(0, 60).map(lambda hours: timedelta(hours=hours)), one), max_size=25))


@given(commands())
def test_whatever_comes_in_whatever_order_the_log_is_whole(story: list[tuple[timedelta, Command]]) -> None:
    account, now = Account(WALLET, INR, WalletState(0, NOW, 0, 0, 0)), NOW
    log: list[Transaction] = []
    for number, (pause, command) in enumerate(story):
        now += pause
        if isinstance(command, Issue):
            command = replace(command, next_count=10 * number + 1)
        account, written = later(account, now)
        log += written
        try:
            decision = decide(account, command, now)
        except Refusal:
            continue
        account = decision.account
        log += decision.transactions
        _check(account, now)
    _check_whole(log, account.state)


def _check(account: Account, now: datetime) -> None:
    """After each operation: nothing that fits is left due, and the locks are as the law says."""
    state = account.state
    due = [i for i in account.invoices if i.status is InvoiceStatus.DUE]
    assert state.total >= state.locked >= 0
    assert state.locked == sum(hold.amount for hold in account.holds)
    assert state.due == sum(invoice.total for invoice in due)
    assert not due or due[0].total > state.available
    assert state.due or not state.funds_locked_at
    assert state.funds_locked_at or all(i.locks_at and i.locks_at > now for i in due)


def _check_whole(log: list[Transaction], last: WalletState) -> None:
    assert [t.after.version for t in log] == list(range(1, len(log) + 1))
    assert sorted(t.after.time for t in log) == [t.after.time for t in log]
    assert (last.total, last.locked, last.due) == (
        sum(t.amount for t in log), sum(t.locked_amount for t in log), sum(t.due_amount for t in log)
    )  # fmt: skip
