"""The hash chain of a wallet's log: each row's hash covers the row and the hash before it (SHA-256).

A description is covered by its salted hash, so that its text can be erased and the chain still holds.
"""

import struct
from datetime import datetime
from hashlib import sha256

from domain.ledger import Transaction

GENESIS = bytes(32)
"""The hash before a wallet's first transaction."""

_NUMBERS = struct.Struct(">10q")
_EPOCH_ORDINAL = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a day number, not a moment


def describe(text: str, salt: bytes) -> bytes:
    """The salted hash of a description; empty for none."""
    return sha256(salt + text.encode()).digest() if text else b""


def link(before: bytes, row: Transaction, description_hash: bytes) -> bytes:
    """The hash of a row that follows the one with the hash `before`."""
    after = row.after
    numbers = _NUMBERS.pack(
        after.version,
        row.amount,
        row.locked_amount,
        row.due_amount,
        after.total,
        after.locked,
        after.due,
        row.invoice or 0,
        row.hold or 0,
        row.reverses or 0,
    )
    texts = "|".join((
        row.type.value,
        row.reason.value,
        row.actor,
        row.wallet_id.hex,
        row.operation_id.hex,
        row.counterparty.hex if row.counterparty else "",
        str(_micros(after.time)),
        _optional(after.funds_locked_at),
        _optional(after.manual_locked_at),
        _optional(after.locks_at),
    ))  # fmt: skip
    return sha256(before + numbers + texts.encode() + description_hash).digest()


def _optional(instant: datetime | None) -> str:
    return str(_micros(instant)) if instant else ""


def _micros(instant: datetime) -> int:
    """Microseconds since 1970, exactly; the instant is in UTC."""
    seconds = (instant.toordinal() - _EPOCH_ORDINAL) * 86_400 + instant.hour * 3_600 + instant.minute * 60
    return (seconds + instant.second) * 1_000_000 + instant.microsecond
