"""What may be asked of wallets, one function each. `dry`: the same answer, and nothing of it is kept."""

from datetime import datetime, timedelta

from tests.model.answers import Answer, Refused, checked, not_possible
from tests.model.billing import close
from tests.model.ledger import Ledger
from tests.model.reversals import reopen, reverse
from tests.model.wallets import Hold, Invoice, Wallet

SHORTEST_HOLD, LONGEST_HOLD = 60, 30 * 24 * 60 * 60


def top_up(ledger: Ledger, now: datetime, wallet: str, amount: int, key: str, *, dry: bool = False) -> Answer:
    """Money comes in, locked or not."""
    checked(amount)

    def decide(copy: Ledger) -> None:
        copy.wallets[wallet].write(now, "CREDIT", "TOP_UP", amount)
        copy.wallets[wallet].collect(now)

    return ledger.post(now, wallet, ("topUp", amount), key, decide, dry=dry)


def adjust(
    ledger: Ledger,
    now: datetime,
    wallet: str,
    how: str,
    amount: int,
    key: str,
    *,
    expected: int | None = None,
    dry: bool = False,
) -> Answer:
    """Law 8: SET is an adjustment of the difference, decided before due invoices are collected from it."""
    checked(amount, least=0 if how == "SET" else 1)
    seen = ledger.wallets[wallet].version if wallet in ledger.wallets else 0

    def decide(copy: Ledger) -> None:
        it = copy.wallets[wallet]
        if expected is not None and expected != seen:
            raise Refused("VersionConflict", expected, seen)
        change = {"ADD": amount, "SUBTRACT": -amount, "SET": amount - it.total}[how]
        if change == 0:
            raise not_possible()
        if change < 0:
            it.require_free()
            it.require(-change)
        it.write(now, "CREDIT" if change > 0 else "DEBIT", "ADJUSTMENT", change)
        if change > 0:
            it.collect(now)

    return ledger.post(now, wallet, ("adjustBalance", how, amount, expected), key, decide, dry=dry)


def transfer(
    ledger: Ledger, now: datetime, giver: str, taker: str, amount: int, key: str, *, dry: bool = False
) -> Answer:
    """Laws 4 and 7: between two wallets of one currency, all or none; the key is the giver's."""
    checked(amount)
    if taker not in ledger.wallets:
        raise Refused("NotFound")
    if taker == giver:
        raise Refused("BadInput")

    def decide(copy: Ledger) -> None:
        one, other = copy.wallets[giver], copy.wallets[taker]
        if one.currency != other.currency:
            raise not_possible()
        one.require_free()
        one.require(amount)
        one.write(now, "DEBIT", "TRANSFER", -amount, counterparty=taker)
        other.write(now, "CREDIT", "TRANSFER", amount, counterparty=giver)
        other.collect(now)

    return ledger.post(now, giver, ("transfer", taker, amount), key, decide, dry=dry)


def reverse_transaction(
    ledger: Ledger,
    now: datetime,
    wallet: str,
    version: int,
    amount: int | None,
    key: str,
    *,
    reopening: bool = False,
    dry: bool = False,
) -> Answer:
    """Law 8. tests/model/reversals.py has what may be reversed, and how."""
    if not 1 <= version <= ledger.wallets[wallet].version:
        raise Refused("NotFound")
    if amount is not None:
        checked(amount)

    def decide(copy: Ledger) -> None:
        if reopening:
            reopen(copy.wallets, now, wallet, version, amount)
        reverse(copy.wallets, now, wallet, version, amount)
        copy.wallets[wallet].lock_if_unpaid(now)

    asked = ("reverseTransaction", version, amount, reopening)
    return ledger.post(now, wallet, asked, key, decide, dry=dry)


def place_hold(
    ledger: Ledger, now: datetime, wallet: str, amount: int, seconds: int, key: str, *, dry: bool = False
) -> Answer:
    """Law 11."""
    checked(amount)
    if not SHORTEST_HOLD <= seconds <= LONGEST_HOLD:
        raise Refused("BadInput")

    def decide(copy: Ledger) -> None:
        it = copy.wallets[wallet]
        it.require_free()
        it.require(amount)
        it.hold(now, amount, now + timedelta(seconds=seconds))

    return ledger.post(now, wallet, ("placeHold", amount, seconds), key, decide, dry=dry)


def capture_hold(
    ledger: Ledger, now: datetime, wallet: str, number: int, amount: int | None, key: str, *, dry: bool = False
) -> Answer:
    """Law 11: all or a part, also while the wallet is locked."""
    if number not in ledger.wallets[wallet].holds:
        raise Refused("NotFound")
    if amount is not None:
        checked(amount)

    def decide(copy: Ledger) -> None:
        hold = open_hold(copy.wallets[wallet], number)
        if amount is not None and amount > hold.amount:
            raise not_possible()
        copy.wallets[wallet].capture(now, hold, hold.amount if amount is None else amount)

    return ledger.post(now, wallet, ("captureHold", number, amount), key, decide, dry=dry)


def release_hold(ledger: Ledger, now: datetime, wallet: str, number: int, key: str, *, dry: bool = False) -> Answer:
    """Law 11."""
    if number not in ledger.wallets[wallet].holds:
        raise Refused("NotFound")

    def decide(copy: Ledger) -> None:
        it = copy.wallets[wallet]
        it.release(now, open_hold(it, number), "HOLD", "RELEASED")

    return ledger.post(now, wallet, ("releaseHold", number), key, decide, dry=dry)


def lock_by_hand(ledger: Ledger, now: datetime, wallet: str, *, on: bool, dry: bool = False) -> Answer:
    """Law 21: the lock by hand knows nothing of the one for money."""

    def decide(copy: Ledger) -> None:
        it = copy.wallets[wallet]
        if on == (it.hand_lock is not None):
            raise not_possible()
        it.hand_lock = now if on else None
        it.write(now, "LOCK" if on else "UNLOCK", "MANUAL")

    return ledger.post(now, wallet, (), None, decide, dry=dry)


def approve(ledger: Ledger, now: datetime, wallet: str, count: int, key: str, *, dry: bool = False) -> Answer:
    """Law 19: a PENDING invoice is collected before its window ends."""
    if count not in ledger.wallets[wallet].invoices:
        raise Refused("NotFound")

    def decide(copy: Ledger) -> None:
        invoice = copy.wallets[wallet].invoices[count]
        if invoice.status != "PENDING":
            raise not_possible()
        copy.wallets[wallet].pay(now, invoice)

    return ledger.post(now, wallet, ("approveInvoice", count), key, decide, dry=dry)


def void(ledger: Ledger, now: datetime, wallet: str, count: int, key: str, *, dry: bool = False) -> Answer:
    """Law 19: final. What it raises as available, or no longer owes, collects what is due (law 20)."""
    if count not in ledger.wallets[wallet].invoices:
        raise Refused("NotFound")

    def decide(copy: Ledger) -> None:
        take_back(copy, now, wallet, copy.wallets[wallet].invoices[count])

    return ledger.post(now, wallet, ("voidInvoice", count), key, decide, dry=dry)


def run_billing(ledger: Ledger, now: datetime, tenant: str, month: str, *, dry: bool = False) -> Answer:
    """Law 18."""
    return ledger.post(
        now, tenant, (), None, lambda copy: close(now, copy.tenants[tenant], copy.wallets[tenant], month), dry=dry
    )


def take_back(ledger: Ledger, now: datetime, name: str, invoice: Invoice) -> None:
    """PENDING: its hold is released. DUE: due no more. PAID: the money returns, or goes where it was a credit."""
    wallet, was, invoice.status = ledger.wallets[name], invoice.status, "VOID"
    if was == "VOID" or invoice.total == 0:
        raise not_possible()
    ledger.tenants[name].revised |= {line.month for line in invoice.lines}
    if was == "PENDING":
        assert invoice.hold is not None
        wallet.release(now, wallet.holds[invoice.hold], "VOID", "RELEASED")
    elif was == "DUE":
        wallet.write(now, "DUE", "VOID", due=-invoice.total, invoice=invoice.count)
        wallet.collect(now)
    elif invoice.total > 0:
        wallet.write(now, "CREDIT", "VOID", invoice.total, invoice=invoice.count)
        wallet.collect(now)
    else:
        wallet.require(-invoice.total)
        wallet.write(now, "DEBIT", "VOID", invoice.total, invoice=invoice.count)


def open_hold(wallet: Wallet, number: int) -> Hold:
    """One that may be captured or released by hand: an invoice's ends with its invoice only."""
    hold = wallet.holds[number]
    if hold.status != "ACTIVE" or hold.invoice is not None:
        raise not_possible()
    return hold
