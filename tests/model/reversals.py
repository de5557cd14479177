"""Law 8: a mistake is mended by a REVERSAL that names what it reverses; and charge-backs."""

from datetime import datetime

from tests.model.answers import Refused, Row, not_possible
from tests.model.wallets import Invoice, Wallet

REVERSIBLE = {(kind, reason) for kind in ("CREDIT", "DEBIT") for reason in ("TOP_UP", "ADJUSTMENT", "TRANSFER")}
REVERSIBLE |= {("DEBIT", "HOLD")}
Wallets = dict[str, Wallet]


def reverse(wallets: Wallets, now: datetime, name: str, version: int, asked: int | None) -> None:
    """Of a transfer both sides, from either."""
    row = _found(wallets[name], version)
    amount = _left(wallets[name], row, asked)
    sides = [row] if row.counterparty is None else [row, _other_side(wallets[row.counterparty], row, wallets[name])]
    for side in sorted(sides, key=lambda side: -side.amount):  # where it came to first: it must be available there
        _take_back(wallets[side.wallet], now, side, amount)


def _take_back(wallet: Wallet, now: datetime, row: Row, amount: int) -> None:
    if row.type == "CREDIT":
        wallet.require(amount)
        wallet.write(now, "DEBIT", "REVERSAL", -amount, reverses=row.version, counterparty=row.counterparty)
    else:
        wallet.write(now, "CREDIT", "REVERSAL", amount, reverses=row.version, counterparty=row.counterparty)
        wallet.collect(now)


def reopen(wallets: Wallets, now: datetime, name: str, version: int, asked: int | None) -> None:
    """A charge-back: what this top-up collected falls due again, newest first, until it covers what is taken back."""
    wallet = wallets[name]
    row = _found(wallet, version)
    if (row.type, row.reason) != ("CREDIT", "TOP_UP"):
        raise not_possible()
    amount, given_back = _left(wallet, row, asked), 0
    for invoice in reversed(_collected_by(wallet, row)):
        if given_back >= amount:
            break
        wallet.write(now, "CREDIT", "REVERSAL", invoice.total, invoice=invoice.count, reverses=invoice.paid_by)
        invoice.status, invoice.grace_ends = "DUE", now
        wallet.write(now, "DUE", "INVOICE", due=invoice.total, invoice=invoice.count)
        given_back += invoice.total


def _collected_by(wallet: Wallet, top_up: Row) -> list[Invoice]:
    """Those that are still paid by the rows that follow it: DEBIT and DUE, two by two (law 5)."""
    found, version = [], top_up.version + 1
    while (row := _row(wallet, version)) and (row.type, row.reason) == ("DEBIT", "INVOICE") and row.hold is None:
        assert row.invoice is not None
        if not (settled := _row(wallet, version + 1)) or settled.reason != "SETTLED":
            break
        invoice = wallet.invoices[row.invoice]
        if invoice.status == "PAID" and invoice.paid_by == version:
            found.append(invoice)
        version += 2
    return found


def _found(wallet: Wallet, version: int) -> Row:
    row = _row(wallet, version)
    if row is None:
        raise Refused("NotFound")
    if (row.type, row.reason) not in REVERSIBLE:
        raise not_possible()
    return row


def _row(wallet: Wallet, version: int) -> Row | None:
    return wallet.log[version - 1] if 1 <= version <= wallet.version else None


def _left(wallet: Wallet, row: Row, asked: int | None) -> int:
    """Reversals of one transaction never exceed it."""
    left = abs(row.amount) - sum(abs(other.amount) for other in wallet.log if other.reverses == row.version)
    if left == 0 or (asked is not None and asked > left):
        raise not_possible()
    return left if asked is None else asked


def _other_side(other: Wallet, row: Row, here: Wallet) -> Row:
    """Transfers between two wallets are written in the same order into both."""
    nth = [r for r in here.log if r.reason == "TRANSFER" and r.counterparty == other.name].index(row)
    return [r for r in other.log if r.reason == "TRANSFER" and r.counterparty == here.name][nth]
