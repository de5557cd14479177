"""Invoices that join a wallet's queue, and what the clock decides there: laws 10, 11, 19, 20 and 21."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.decisions import decide
from domain.instants import catch_up, next_instant
from domain.ledger import Account, HoldStatus, InvoiceStatus, OpenHold
from domain.wallets import locked_at
from tests.accounts import NOW, bill, issue, later, operation, told, top_up, wallet
from tests.world import line


def test_an_invoice_that_is_covered_is_collected_at_once() -> None:
    decision = decide(wallet(100), issue(bill(100), count=5), NOW)
    assert told(decision) == ["DEBIT INVOICE -100"]
    [issued] = decision.issued
    assert (issued.invoice.count, issued.invoice.status, issued.invoice.closed_at) == (5, InvoiceStatus.PAID, NOW)


def test_an_uncovered_invoice_is_due_then_lock() -> None:
    decision = decide(wallet(99), issue(bill(100)), NOW)
    assert told(decision) == ["DUE INVOICE due +100", "LOCK INSUFFICIENT_FUNDS"]
    state = decision.account.state
    assert (state.total, state.due, state.funds_locked_at, state.locks_at) == (99, 100, NOW, None)
    assert (decision.issued[0].invoice.status, decision.issued[0].invoice.locks_at) == (InvoiceStatus.DUE, NOW)


def test_a_new_invoice_waits_behind_an_older_one_even_where_it_would_be_covered() -> None:
    decision = decide(wallet(100, 0, 300, funds=True), issue(bill(100), count=2), NOW)
    assert told(decision) == ["DUE INVOICE due +100"]
    assert decision.account.state.total == 100


def test_with_a_grace_the_lock_is_dated_at_its_end_to_the_microsecond() -> None:
    account = decide(wallet(0), issue(bill(100), grace=3), NOW).account
    end = NOW + timedelta(days=3)
    assert (account.state.is_locked, account.state.locks_at, next_instant(account)) == (False, end, end)
    assert later(account, end - timedelta(microseconds=1)) == (account, [])
    for now in (end, end + timedelta(days=30)):
        after, written = later(account, now)
        assert [(line(t), t.after.time) for t in written] == [("LOCK INSUFFICIENT_FUNDS", end)]
        assert (after.state.funds_locked_at, next_instant(after)) == (end, None)


def test_the_lock_for_money_is_on_from_the_first_end_of_a_grace_until_nothing_is_due() -> None:
    first = decide(wallet(0), issue(bill(100), grace=3), NOW).account
    second = decide(first, issue(bill(50, 4), count=2, grace=3), NOW + timedelta(days=2)).account
    locked, _ = later(second, NOW + timedelta(days=10))
    assert locked.state.funds_locked_at == NOW + timedelta(days=3)
    one_paid = decide(locked, top_up(100), NOW + timedelta(days=11))
    assert told(one_paid) == ["CREDIT TOP_UP +100", "DEBIT INVOICE -100", "DUE SETTLED due -100"]
    assert one_paid.account.state.is_locked
    assert told(decide(one_paid.account, top_up(50), NOW + timedelta(days=11)))[-1] == "UNLOCK INSUFFICIENT_FUNDS"


def test_usage_is_locked_out_from_the_end_of_a_grace_whether_or_not_the_row_is_written_yet() -> None:
    account = decide(wallet(0), issue(bill(100), grace=3), NOW).account
    end = NOW + timedelta(days=3)
    for state in (account.state, later(account, end)[0].state):
        assert not locked_at(state, end - timedelta(microseconds=1))
        assert locked_at(state, end)


def test_within_a_finalization_window_the_amount_is_held_then_captured_at_its_end() -> None:
    decision = decide(wallet(150), issue(bill(100), window=7), NOW)
    assert told(decision) == ["HOLD INVOICE locked +100"]
    end, invoice = NOW + timedelta(days=7), decision.issued[0].invoice
    assert (invoice.status, invoice.finalizes_at, invoice.hold) == (InvoiceStatus.PENDING, end, 8)
    account = decision.account
    assert (account.state.total, account.state.locked, account.state.due) == (150, 100, 0)
    assert catch_up(account, end - timedelta(microseconds=1), operation()) is None
    captured = catch_up(account, end + timedelta(days=1), operation())
    assert captured is not None
    assert [(line(t), t.after.time) for t in captured.transactions] == [("DEBIT INVOICE -100 locked -100", end)]
    assert [(h.number, h.status, h.captured) for h in captured.ended] == [(8, HoldStatus.CAPTURED, 100)]
    assert (captured.account.state.total, captured.account.state.locked) == (50, 0)


def test_money_held_for_one_invoice_does_not_cover_the_next() -> None:
    pending = decide(wallet(150), issue(bill(100), window=7), NOW).account
    decision = decide(pending, issue(bill(51, 4), count=2, window=7), NOW)
    assert told(decision) == ["DUE INVOICE due +51", "LOCK INSUFFICIENT_FUNDS"]


def test_several_months_join_the_queue_in_their_order() -> None:
    decision = decide(wallet(100), issue(bill(60, 1), bill(0, 2), bill(70, 3), bill(10, 4)), NOW)
    assert told(decision) == [
        "DEBIT INVOICE -60", "DUE INVOICE due +70", "LOCK INSUFFICIENT_FUNDS", "DUE INVOICE due +10"
    ]  # fmt: skip
    assert [(i.invoice.count, i.invoice.month.month) for i in decision.issued] == [(1, 1), (2, 3), (3, 4)]


def test_an_invoice_below_zero_is_a_credit_that_collects_what_is_due() -> None:
    decision = decide(wallet(0, 0, 300, funds=True), issue(bill(-300), count=2), NOW)
    assert told(decision) == [
        "CREDIT INVOICE +300", "DEBIT INVOICE -300", "DUE SETTLED due -300", "UNLOCK INSUFFICIENT_FUNDS"
    ]  # fmt: skip
    assert decision.issued[0].invoice.status is InvoiceStatus.PAID


def test_the_credit_of_one_month_collects_what_is_due_before_the_next_month_joins_the_queue() -> None:
    decision = decide(wallet(0, 0, 300, funds=True), issue(bill(-400, 3), bill(50, 4), count=2), NOW)
    assert told(decision) == [
        "CREDIT INVOICE +400", "DEBIT INVOICE -300", "DUE SETTLED due -300", "UNLOCK INSUFFICIENT_FUNDS",
        "DEBIT INVOICE -50",
    ]  # fmt: skip
    assert [one.invoice.status for one in decision.issued] == [InvoiceStatus.PAID, InvoiceStatus.PAID]


def test_a_hold_that_expires_pays_what_is_due_at_the_instant_of_its_expiry() -> None:
    expiry = NOW + timedelta(hours=1)
    account = replace(wallet(100, 100, 80, funds=True), holds=(OpenHold(3, 60, expiry), OpenHold(5, 40, None)))
    assert later(account, expiry - timedelta(microseconds=1)) == (account, [])
    assert told_after(account, expiry) == ["RELEASE HOLD_EXPIRED locked -60"]
    both = replace(account, holds=(OpenHold(3, 60, expiry), OpenHold(5, 40, expiry)))
    assert told_after(both, expiry + timedelta(days=1)) == [
        "RELEASE HOLD_EXPIRED locked -60", "RELEASE HOLD_EXPIRED locked -40",
        "DEBIT INVOICE -80", "DUE SETTLED due -80", "UNLOCK INSUFFICIENT_FUNDS",
    ]  # fmt: skip


def told_after(account: Account, now: datetime) -> list[str]:
    return [line(t) for t in later(account, now)[1]]


def test_a_hold_that_expires_as_a_grace_ends_pays_before_the_wallet_locks() -> None:
    account = wallet(100, 100, 80)
    account = replace(account, holds=(OpenHold(3, 100, account.state.locks_at),))
    assert told_after(account, NOW + timedelta(days=9)) == [
        "RELEASE HOLD_EXPIRED locked -100", "DEBIT INVOICE -80", "DUE SETTLED due -80"
    ]  # fmt: skip
