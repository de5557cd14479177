"""Wallets and commands as plain values, for decisions without a database."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from domain.billing import Line, LineKind, MonthBill
from domain.commands import AdjustBalance, AdjustOperation, Issue, SetManualLock, TopUp
from domain.draft import Decision
from domain.instants import catch_up
from domain.ledger import Account, InvoiceStatus, OpenHold, OpenInvoice, Operation, Transaction
from domain.money import Currency
from domain.wallets import WalletState
from tests.world import at, line

NOW = at("2025-04-02T10:00")
WALLET = UUID("01970000-0000-7000-8000-000000000001")
INR = Currency("INR", 2)
ADD, SUBTRACT, SET = AdjustOperation


def operation() -> Operation:
    return Operation(uuid4(), "test", "usr_1")


def wallet(total: int = 0, locked: int = 0, *dues: int, funds: bool = False, by_hand: bool = False) -> Account:
    """With invoices 1, 2 … due since yesterday, without any grace unless the lock for money is off."""
    grace = timedelta(0) if funds else timedelta(days=3)
    issued = NOW - timedelta(days=1)
    invoices = tuple(
        OpenInvoice(n, date(2025, n, 1), due, InvoiceStatus.DUE, issued, issued + grace)
        for n, due in enumerate(dues, 1)
    )
    holds = (OpenHold(1, locked, None),) if locked else ()
    state = WalletState(
        7, issued, total, locked, sum(dues), issued if funds else None, issued if by_hand else None,
        issued + grace if dues and not funds else None,
    )  # fmt: skip
    return Account(WALLET, INR, state, invoices, holds, 7)


def top_up(amount: int) -> TopUp:
    return TopUp(WALLET, operation(), False, amount, "")


def adjust(how: AdjustOperation, amount: int, expected: int | None = None) -> AdjustBalance:
    return AdjustBalance(WALLET, operation(), False, how, amount, "", expected)


def lock(*, on: bool) -> SetManualLock:
    return SetManualLock(WALLET, operation(), False, on, "asked for")


def bill(total: int, month: int = 3) -> MonthBill:
    start, end = datetime(2025, month, 1, tzinfo=NOW.tzinfo), datetime(2025, month + 1, 1, tzinfo=NOW.tzinfo)
    only = Line(LineKind.USAGE, "EPAPER", start.date(), Decimal(1), Decimal(total), start, end, total, WALLET)
    return MonthBill(start.date(), start, end, (only,))


def issue(*bills: MonthBill, grace: int = 0, window: int = 0, count: int = 1) -> Issue:
    return Issue(WALLET, operation(), False, uuid4(), bills, count, grace, window)


def told(decision: Decision) -> list[str]:
    return [line(t) for t in decision.transactions]


def later(account: Account, now: datetime) -> tuple[Account, list[Transaction]]:
    """With all that the clock has decided by then."""
    written: list[Transaction] = []
    while decision := catch_up(account, now, operation()):
        account, written = decision.account, [*written, *decision.transactions]
    return account, written
