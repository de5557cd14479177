"""What makes a wallet's log whole (laws 5, 6 and 21), row by row: the first that is not is named, with the law."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from domain import ids
from domain.chain import GENESIS, describe, link
from domain.ledger import Transaction, TransactionReason, TransactionType
from domain.wallets import WalletState

_NOTHING = WalletState(0, datetime(1, 1, 1, tzinfo=UTC), 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is not as it must be: its id, the number of the law, and the figures."""

    id: str
    law: int
    message: str


class Logged(NamedTuple):
    """A row of the log with what is stored beside it; `salt` is empty where the text was erased or never was."""

    transaction: Transaction
    hash: bytes
    description_hash: bytes
    salt: bytes


Why = tuple[int, str] | None


class LogProof:
    """One wallet's log, followed from its first row on."""

    def __init__(self) -> None:
        self.state = _NOTHING
        self.head = GENESIS

    def follow(self, row: Logged) -> Broken | None:
        """None where the row follows the one before."""
        t, before = row.transaction, self.state
        why = (
            _continues(before, t.after)
            or _adds_up(before, t)
            or _keeps_locks(before, t)
            or _names(t)
            or _is_described(row)
            or _is_linked(self.head, row)
        )
        if why:
            return Broken(ids.make_numbered("txn", t.wallet_id, t.after.version), *why)
        self.state, self.head = t.after, row.hash
        return None


def _continues(before: WalletState, after: WalletState) -> Why:
    if after.version != before.version + 1:
        return 5, f"version {after.version} follows version {before.version}"
    if after.time < before.time:
        return 5, f"it is of {after.time.isoformat()}, the one before of {before.time.isoformat()}"
    return None


def _adds_up(before: WalletState, t: Transaction) -> Why:
    after = t.after
    for name, was, change, now in (
        ("total", before.total, t.amount, after.total),
        ("locked", before.locked, t.locked_amount, after.locked),
        ("due", before.due, t.due_amount, after.due),
    ):
        if was + change != now:
            return 6, f"{name} was {was} and changed by {change}, which is not {now}"
    if not after.total >= after.locked >= 0 or after.due < 0:
        return 3, f"total {after.total}, locked {after.locked} and due {after.due} cannot be"
    return None


def _keeps_locks(before: WalletState, t: Transaction) -> Why:
    """Each lock is turned by the LOCK and UNLOCK that names it, and by nothing else."""
    funds, manual = before.funds_locked_at, before.manual_locked_at
    if t.type in (TransactionType.LOCK, TransactionType.UNLOCK):
        since = t.after.time if t.type is TransactionType.LOCK else None
        if t.reason is TransactionReason.MANUAL:
            manual = since
        else:
            funds = since
    for name, wanted, said in (
        ("for money", funds, t.after.funds_locked_at),
        ("by hand", manual, t.after.manual_locked_at),
    ):
        if wanted != said:
            return 21, f"the lock {name} is on since {_instant(said)}, and should be since {_instant(wanted)}"
    return None


def _names(t: Transaction) -> Why:
    """What it is about: its hold, invoice, other side, or what it takes back."""
    if t.locked_amount and t.hold is None:
        return 11, f"{t.type} {t.reason} changes what is locked by {t.locked_amount} and names no hold"
    if t.type is TransactionType.HOLD and t.hold != t.after.version:
        return 11, f"a hold has the version of its HOLD, not {t.hold}"
    if t.invoice is None and (t.due_amount or t.reason is TransactionReason.INVOICE):
        return 19, f"{t.type} {t.reason} names no invoice"
    if t.counterparty is None and t.reason is TransactionReason.TRANSFER:
        return 7, "a transfer names no other wallet"
    if t.reason is TransactionReason.REVERSAL and not 0 < (t.reverses or 0) < t.after.version:
        return 8, f"a reversal takes back an earlier transaction, not {t.reverses}"
    return None


def _is_described(row: Logged) -> Why:
    text = row.transaction.description
    if text and describe(text, row.salt) != row.description_hash:
        return 6, "its description is not the one that was written"
    return None


def _is_linked(head: bytes, row: Logged) -> Why:
    expected = link(head, row.transaction, row.description_hash)
    if expected != row.hash:
        return 6, f"its hash is {row.hash.hex()}; the row and the hash before it make {expected.hex()}"
    return None


def _instant(instant: datetime | None) -> str:
    return instant.isoformat() if instant else "never"
