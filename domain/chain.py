"""The hash chain of a wallet's log: each row's hash covers the row and the hash before it (SHA-256).

A description is covered by its salted hash, so that its text can be erased and the chain still holds.
"""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from domain.ledger import Transaction

GENESIS = bytes(32)
"""The hash before a wallet's first transaction."""

_FIXED = struct.Struct(">32s32s16s16s16s14q")
_NOBODY = bytes(16)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def describe(text: str, salt: bytes) -> bytes:
    """The salted hash of a description; empty for none."""
    return sha256(salt + text.encode()).digest() if text else b""


def link(before: bytes, row: Transaction, description_hash: bytes) -> bytes:
    """The hash of a row that follows the one with the hash `before`."""
    after = row.after
    fixed = _FIXED.pack(
        before,
        description_hash,
        row.wallet_id.bytes,
        row.operation_id.bytes,
        row.counterparty.bytes if row.counterparty else _NOBODY,
        after.version,
        _micros(after.time),
        row.amount,
        row.locked_amount,
        row.due_amount,
        after.total,
        after.locked,
        after.due,
        _micros(after.funds_locked_at),
        _micros(after.manual_locked_at),
        _micros(after.locks_at),
        row.invoice or 0,
        row.hold or 0,
        row.reverses or 0,
    )
    # Only where it has one: rows from before there were transfers keep their hashes.
    home = row.operation_home.bytes if row.operation_home else b""
    return sha256(fixed + home + "|".join((row.type, row.reason, row.actor)).encode()).digest()


def _micros(instant: datetime | None) -> int:
    """Microseconds since 1970, exactly; 0 for none."""
    return (instant - _EPOCH) // _MICROSECOND if instant else 0
