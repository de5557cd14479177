"""The log as double entries: what an accountant's books say of each transaction, seen by whoever keeps the wallets.

Wallets are liabilities, in two accounts each (available and held); due invoices are receivables; a charge is income
when it is collected or falls due, whichever is first. A credit is negative, as in Beancount; an entry adds up to zero.
"""

from typing import NamedTuple

from domain.ledger import Transaction, TransactionReason
from domain.money import Currency
from domain.wallets import WalletState

PAYMENTS = "Assets:Payments"
ADJUSTMENTS = "Equity:Adjustments"
TRANSFERS = "Equity:Transfers"
CHARGES = "Income:Charges"
CAPTURES = "Income:Captures"
OPENING = "Equity:Opening-Balances"
SHARED = (PAYMENTS, ADJUSTMENTS, TRANSFERS, CHARGES, CAPTURES, OPENING)
"""The accounts that all wallets share."""

_FROM = {
    TransactionReason.TOP_UP: PAYMENTS,
    TransactionReason.ADJUSTMENT: ADJUSTMENTS,
    TransactionReason.TRANSFER: TRANSFERS,
    TransactionReason.INVOICE: CHARGES,
    TransactionReason.VOID: CHARGES,
    TransactionReason.HOLD: CAPTURES,
}


class Leg(NamedTuple):
    """An account and its signed change."""

    account: str
    amount: int


class Book(NamedTuple):
    """The accounts of one wallet."""

    available: str
    held: str
    due: str

    @classmethod
    def of(cls, name: str) -> "Book":
        """`name` is a legal part of an account's name: capitals, digits and dashes."""
        wallet = f"Liabilities:Wallets:{name}"
        return cls(f"{wallet}:Available", f"{wallet}:Held", f"Assets:Receivables:{name}")

    def balances(self, state: WalletState) -> list[Leg]:
        """What each account stands at after a transaction."""
        return [
            Leg(self.available, -state.available),
            Leg(self.held, -state.locked),
            Leg(self.due, state.due),
        ]


def entry(book: Book, t: Transaction, reversed_reason: TransactionReason | None) -> list[Leg]:
    """The changes of one transaction, none of them zero; empty where no money moves (locks)."""
    contra = _FROM.get(reversed_reason or t.reason, CHARGES)
    legs = [
        Leg(book.available, t.locked_amount - t.amount),
        Leg(book.held, -t.locked_amount),
        Leg(contra, t.amount),
        Leg(book.due, t.due_amount),
        Leg(CHARGES, -t.due_amount),
    ]
    return [leg for leg in legs if leg.amount]


def opening(book: Book, state: WalletState) -> list[Leg]:
    """Books that begin in the middle of a wallet's life."""
    balances = book.balances(state)
    legs = [*balances, Leg(OPENING, -sum(balance.amount for balance in balances))]
    return [leg for leg in legs if leg.amount]


def amount_text(minor: int, currency: Currency) -> str:
    """`-1234.50`: exact, with the currency's decimals."""
    digits = f"{abs(minor):0{currency.exponent + 1}d}"
    whole, fraction = digits[: len(digits) - currency.exponent], digits[len(digits) - currency.exponent :]
    return f"{'-' if minor < 0 else ''}{whole}{'.' if fraction else ''}{fraction}"
