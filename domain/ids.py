"""Ids as the API shows them: a prefix that tells the kind, then what it names. Made and read here only.

A wallet and its owner share one UUID; what belongs to a wallet is named by the wallet and its number in it.
"""

from typing import Literal
from uuid import UUID

Kind = Literal["wal", "ten", "usr", "veh", "tok", "ses", "prc", "run", "aud", "alr", "alt", "whe", "whd"]
NumberedKind = Literal["txn", "hld", "inv"]

_HEX = frozenset("0123456789abcdef")
_MOST_DIGITS = 18  # of a number in a wallet: fits PostgreSQL's bigint


def make(kind: Kind, uuid: UUID) -> str:
    """`wal_0197…`."""
    return f"{kind}_{uuid.hex}"


def make_numbered(kind: NumberedKind, wallet_id: UUID, number: int) -> str:
    """`txn_0197…_12`: the wallet's twelfth transaction."""
    return f"{kind}_{wallet_id.hex}_{number}"


def make_operation(wallet_id: UUID, operation_id: UUID) -> str:
    """`opr_<wallet>_<operation>`."""
    return f"opr_{wallet_id.hex}_{operation_id.hex}"


def make_dry(made: str) -> str:
    """The id of a thing that a dry run would have made: it names nothing."""
    return f"dry_{made}"


def read(kind: Kind, text: str) -> UUID | None:
    """The UUID in an id of this kind; None for anything else, which then names nothing."""
    prefix, _, rest = text.partition("_")
    return _uuid(rest) if prefix == kind else None


def read_numbered(kind: NumberedKind, text: str) -> tuple[UUID, int] | None:
    """The wallet and the number in it."""
    match text.split("_"):
        case [prefix, wallet, number] if prefix == kind and (uuid := _uuid(wallet)) and _is_number(number):
            return uuid, int(number)
    return None


def read_operation(text: str) -> tuple[UUID, UUID] | None:
    """The wallet and the operation."""
    match text.split("_"):
        case ["opr", first, second] if (wallet := _uuid(first)) and (operation := _uuid(second)):
            return wallet, operation
    return None


def kind_of(text: str) -> str:
    """The prefix, whether known or not."""
    return text.partition("_")[0]


def _uuid(text: str) -> UUID | None:
    return UUID(hex=text) if len(text) == 32 and _HEX.issuperset(text) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _MOST_DIGITS
