"""Money in and out by hand and the two locks, decided without a database: laws 3, 5, 8, 20 and 21."""

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest

from domain.commands import AdjustOperation, Command, Tick
from domain.decisions import decide
from domain.draft import Decision
from domain.instants import next_instant
from domain.ledger import Account, InvoiceStatus
from domain.money import MOST_MINOR
from domain.refusals import InsufficientFunds, NotPossible, VersionConflict, WalletLocked
from domain.wallets import LockReason
from tests.accounts import (
    ADD,
    NOW,
    SET,
    SUBTRACT,
    WALLET,
    adjust,
    bill,
    issue,
    later,
    lock,
    operation,
    told,
    top_up,
    wallet,
)
from tests.world import line


def test_a_top_up_collects_what_is_due_oldest_first_each_whole_and_stops_at_the_first_that_does_not_fit() -> None:
    decision = decide(wallet(0, 0, 300, 500, 100, funds=True), top_up(700), NOW)
    assert told(decision) == [
        "CREDIT TOP_UP +700",
        "DEBIT INVOICE -300",
        "DUE SETTLED due -300",
    ]
    state = decision.account.state
    assert (state.total, state.due, state.is_locked, state.unlock_amount) == (400, 600, True, 200)
    assert [(i.count, i.status, i.closed_at) for i in decision.changed] == [(1, InvoiceStatus.PAID, NOW)]
    assert [i.count for i in decision.account.invoices] == [2, 3]


def test_a_top_up_that_pays_everything_is_credit_then_debit_and_due_per_invoice_then_unlock() -> None:
    decision = decide(wallet(50, 0, 300, 500, funds=True), top_up(750), NOW)
    assert told(decision) == [
        "CREDIT TOP_UP +750",
        "DEBIT INVOICE -300",
        "DUE SETTLED due -300",
        "DEBIT INVOICE -500",
        "DUE SETTLED due -500",
        "UNLOCK INSUFFICIENT_FUNDS",
    ]
    assert [t.after.version for t in decision.transactions] == [8, 9, 10, 11, 12, 13]
    assert [(t.after.total, t.after.due) for t in decision.transactions] == [
        (800, 800), (500, 800), (500, 500), (0, 500), (0, 0), (0, 0)
    ]  # fmt: skip
    assert [t.after.is_locked for t in decision.transactions] == [True] * 5 + [False]
    assert [t.invoice for t in decision.transactions] == [None, 1, 1, 2, 2, None]
    assert {t.operation_id for t in decision.transactions} == {decision.transactions[0].operation_id}


@pytest.mark.parametrize(
    ("amount", "left", "due"),
    [(199, 299, 300), (200, 0, 0), (201, 1, 0)],
)
def test_an_invoice_is_never_collected_in_part(amount: int, left: int, due: int) -> None:
    state = decide(wallet(100, 0, 300, funds=True), top_up(amount), NOW).account.state
    assert (state.total, state.due, state.is_locked) == (left, due, due > 0)


def test_held_money_pays_no_invoice() -> None:
    account = wallet(300, 200, 300, funds=True)
    assert account.state.unlock_amount == 200
    decision = decide(account, top_up(199), NOW)
    assert told(decision) == ["CREDIT TOP_UP +199"]
    assert decide(decision.account, top_up(1), NOW).account.state.total == 200


def test_within_its_grace_an_invoice_is_collected_without_any_lock_or_unlock() -> None:
    decision = decide(wallet(0, 0, 300), top_up(300), NOW)
    assert told(decision) == ["CREDIT TOP_UP +300", "DEBIT INVOICE -300", "DUE SETTLED due -300"]
    assert decision.account.state.locks_at is None
    assert next_instant(decision.account) is None


def test_the_two_locks_are_independent() -> None:
    both = decide(wallet(0, 0, 300, funds=True), lock(on=True), NOW).account
    assert both.state.lock_reasons == [LockReason.INSUFFICIENT_FUNDS, LockReason.MANUAL]
    assert both.state.locked_since == NOW - timedelta(days=1)
    paid = decide(both, top_up(300), NOW)
    assert told(paid)[-1] == "UNLOCK INSUFFICIENT_FUNDS"
    assert paid.account.state.lock_reasons == [LockReason.MANUAL]
    unlocked = decide(both, lock(on=False), NOW)
    assert told(unlocked) == ["UNLOCK MANUAL"]
    assert unlocked.account.state.lock_reasons == [LockReason.INSUFFICIENT_FUNDS]
    assert decide(paid.account, lock(on=False), NOW).account.state.lock_reasons == []


@pytest.mark.parametrize(
    ("account", "on", "sentence"),
    [
        (wallet(by_hand=True), True, "The wallet is locked by hand already."),
        (wallet(), False, "The wallet is not locked."),
        (wallet(1, 0, 300, funds=True), False, "This lock is for money: a top-up of INR 2.99 takes it off."),
    ],
)
def test_a_lock_by_hand_is_put_on_and_taken_off_once(account: Account, on: bool, sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        decide(account, lock(on=on), NOW)


@pytest.mark.parametrize(
    ("how", "amount", "written", "total"),
    [(ADD, 50, "CREDIT ADJUSTMENT +50", 150), (SUBTRACT, 100, "DEBIT ADJUSTMENT -100", 0),
     (SET, 0, "DEBIT ADJUSTMENT -100", 0), (SET, 99, "DEBIT ADJUSTMENT -1", 99),
     (SET, 101, "CREDIT ADJUSTMENT +1", 101),
     (SET, MOST_MINOR, f"CREDIT ADJUSTMENT +{MOST_MINOR - 100}", MOST_MINOR)],
)  # fmt: skip
def test_an_adjustment_writes_the_difference(how: AdjustOperation, amount: int, written: str, total: int) -> None:
    decision = decide(wallet(100), adjust(how, amount), NOW)
    assert (told(decision), decision.account.state.total) == ([written], total)


@pytest.mark.parametrize(
    ("account", "command", "available", "required"),
    [
        (wallet(100), adjust(SUBTRACT, 101), 100, 101),
        (wallet(100, 40), adjust(SUBTRACT, 61), 60, 61),
        (wallet(100, 40), adjust(SET, 39), 60, 61),
        (wallet(0), adjust(SUBTRACT, MOST_MINOR), 0, MOST_MINOR),
    ],
)
def test_more_than_is_available_is_refused_with_the_figures(
    account: Account, command: Command, available: int, required: int
) -> None:
    with pytest.raises(InsufficientFunds) as refusal:
        decide(account, command, NOW)
    assert (refusal.value.available, refusal.value.required) == (available, required)
    assert refusal.value.shortfall == required - available


def test_set_to_what_is_locked_takes_all_that_is_available() -> None:
    assert decide(wallet(100, 40), adjust(SET, 40), NOW).account.state.available == 0


def test_set_to_what_it_is_already_is_not_possible() -> None:
    with pytest.raises(NotPossible, match=r"The balance is INR 1\.00 already\."):
        decide(wallet(100), adjust(SET, 100), NOW)


def test_set_is_decided_before_due_invoices_are_collected_from_it() -> None:
    decision = decide(wallet(100, 0, 300), adjust(SET, 350), NOW)
    assert told(decision) == ["CREDIT ADJUSTMENT +250", "DEBIT INVOICE -300", "DUE SETTLED due -300"]
    assert decision.account.state.total == 50


@pytest.mark.parametrize("account", [wallet(900, 0, 999, funds=True), wallet(900, by_hand=True)])
def test_a_locked_wallet_gives_nothing_out_by_hand_but_takes_everything_in(account: Account) -> None:
    for command in (adjust(SUBTRACT, 1), adjust(SET, 899)):
        with pytest.raises(WalletLocked) as refusal:
            decide(account, command, NOW)
        assert refusal.value.state == account.state
    for credit in (adjust(ADD, 1), adjust(SET, 901), top_up(1)):
        assert decide(account, credit, NOW).account.state.total == 901


@pytest.mark.parametrize("command", [top_up(1), adjust(ADD, 1), top_up(MOST_MINOR)])
def test_a_balance_beyond_2_53_is_refused_and_up_to_it_kept(command: Command) -> None:
    with pytest.raises(NotPossible, match="cannot be kept exactly"):
        decide(wallet(MOST_MINOR), command, NOW)
    assert decide(wallet(MOST_MINOR - 1), top_up(1), NOW).account.state.total == MOST_MINOR
    assert decide(wallet(0), top_up(MOST_MINOR), NOW).account.state.total == MOST_MINOR


def test_a_total_beyond_2_53_is_refused_even_where_invoices_would_take_it_down_again() -> None:
    with pytest.raises(NotPossible):
        decide(wallet(MOST_MINOR, 0, MOST_MINOR), top_up(1), NOW)


def test_what_is_due_beyond_2_53_is_refused() -> None:
    with pytest.raises(NotPossible):
        decide(wallet(0, 0, MOST_MINOR), issue(bill(1)), NOW)


def test_the_version_expected_is_the_one_before_what_the_clock_decided() -> None:
    account, written = later(wallet(0, 0, 300), NOW + timedelta(days=9))
    assert [line(t) for t in written] == ["LOCK INSUFFICIENT_FUNDS"]
    assert (account.base_version, account.state.version) == (7, 8)
    assert decide(account, adjust(ADD, 1, expected=7), NOW).account.base_version == 9
    with pytest.raises(VersionConflict) as refusal:
        decide(account, adjust(ADD, 1, expected=8), NOW)
    assert (refusal.value.expected, refusal.value.actual) == (8, 7)


def test_the_version_is_compared_before_anything_else_is_refused() -> None:
    with pytest.raises(VersionConflict):
        decide(wallet(0, by_hand=True), adjust(SUBTRACT, 1, expected=6), NOW)


def test_time_never_goes_back_from_one_version_to_the_next() -> None:
    account = wallet(100)
    decision = decide(account, top_up(1), account.state.time - timedelta(days=400))
    assert decision.transactions[0].after.time == account.state.time


def test_a_tick_writes_nothing_of_its_own() -> None:
    account = wallet(100, 0, 300)
    assert decide(account, Tick(WALLET, operation(), False), NOW) == Decision(account, ())


def test_values_cannot_be_changed_so_a_refused_command_leaves_no_trace() -> None:
    account = wallet(100)
    with pytest.raises(FrozenInstanceError):
        account.state.total = 1  # type: ignore[misc]
