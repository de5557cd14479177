"""Wallets as the documents answer them. Field names are the API's; amounts are minor units."""

from typing import Literal, NotRequired, TypedDict

from dashboard.format import Currency
from dashboard.shapes.ledger import Hold, LogLine
from dashboard.shapes.lists import Connection
from dashboard.shapes.people import Owner


class Balance(TypedDict):
    """The three balances of a wallet."""

    total: int
    locked: int
    available: int


class Lock(TypedDict):
    """Whether a wallet is locked, why, and what unlocks it."""

    locked: bool
    reasons: list[Literal["INSUFFICIENT_FUNDS", "MANUAL"]]
    since: str | None
    amountDue: int
    locksAt: str | None
    unlockAmount: int
    topUpUnlocks: bool


class State(TypedDict):
    """A wallet at one moment."""

    version: int
    time: str
    balance: Balance
    lock: Lock


class WalletLabel(TypedDict):
    """Which wallet, whose, and of what currency."""

    id: str
    currency: str
    currencyExponent: int
    owner: Owner


class Wallet(TypedDict):
    """A wallet; its log and its holds only where a page asks for them."""

    id: str
    version: int
    currency: str
    currencyExponent: int
    balance: Balance
    lock: Lock
    monthlyCharge: int
    monthsRemaining: float | None
    createdAt: str
    updatedAt: str
    owner: Owner
    transactions: NotRequired[Connection[LogLine]]
    holds: NotRequired[Connection[Hold]]


def currency_of(wallet: Wallet | WalletLabel) -> Currency:
    """The currency of a wallet."""
    return Currency(wallet["currency"], wallet["currencyExponent"])
