"""The requests of tests/side_by_side.py as GraphQL, and its answers in the model's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import ids
from tests.model.answers import Answer, Refused, Row
from tests.side_by_side import Request

_SEEN = "after { version balance { total locked } lock { amountDue } }"
_ROWS = """transactions { id type reason amountMinor lockedAmountMinor dueAmountMinor balanceAfterMinor lockedAfterMinor
  dueAfterMinor createdAt operationId }"""
_MONEY = f"... on MoneyPayload {{ replayed operationId {_SEEN} {_ROWS} }}"
_HOLD = f"... on HoldPayload {{ replayed operationId {_SEEN} }}"
_INVOICE = f"... on InvoicePayload {{ replayed operationId {_SEEN} }}"
_FUNDS = "... on InsufficientFunds { availableMinor requiredMinor }"
_LOCKED = "... on WalletLocked { lock { amountDue unlockAmount } }"
_KNOWN = "... on IdempotencyConflict { operationId }"


def _document(name: str, kind: str, *parts: str) -> str:
    wanted = " ".join(("__typename", *parts, _FUNDS, _KNOWN))
    return f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}"


def _lock(name: str) -> str:
    asked = "walletId: $walletId, reason: $reason, dryRun: $dryRun"
    wanted = f"__typename ... on WalletPayload {{ {_SEEN} }}"
    return f"mutation ($walletId: ID!, $reason: String!, $dryRun: Boolean!) {{ {name}({asked}) {{ {wanted} }} }}"


DOCUMENTS = {
    "top_up": _document("topUp", "TopUpInput", _MONEY, _LOCKED),
    "adjust": _document("adjustBalance", "AdjustBalanceInput", _MONEY, _LOCKED),
    "transfer": _document("transfer", "TransferInput", _MONEY, _LOCKED),
    "reverse_transaction": _document("reverseTransaction", "ReverseTransactionInput", _MONEY, _LOCKED),
    "place_hold": _document("placeHold", "PlaceHoldInput", _HOLD, _LOCKED),
    "capture_hold": _document("captureHold", "CaptureHoldInput", _MONEY, _LOCKED),
    "release_hold": _document("releaseHold", "ReleaseHoldInput", _MONEY, _LOCKED),
    "approve": _document("approveInvoice", "InvoiceActionInput", _INVOICE),
    "void": _document("voidInvoice", "InvoiceActionInput", _INVOICE),
}
LOCKS = {True: _lock("lockWallet"), False: _lock("unlockWallet")}
LOST = {"UNAVAILABLE"}
FAULTS = {"NOT_FOUND": "NotFound", "BAD_USER_INPUT": "BadInput"}


@dataclass(frozen=True)
class Heard:
    """What came of a request between two instants. `seen`: the wallet's figures after; `rows`: where they are told."""

    sent: datetime
    at: datetime
    refused: tuple[Any, ...] = ()
    operation: str | None = None
    replayed: bool = False
    seen: tuple[int, ...] = ()
    rows: tuple[tuple[Any, ...], ...] | None = None


def spoken(request: Request, key: str, wallets: Mapping[str, UUID], *, dry: bool) -> tuple[str, dict[str, Any]]:
    """The document and its variables. The key is also the description, by which locks are found in the log."""
    wallet = wallets[request.wallet]
    if request.what == "lock_by_hand":
        return LOCKS[request.more["on"]], {"walletId": ids.make("wal", wallet), "reason": key, "dryRun": dry}
    asked = _asked(request, wallet, wallets) | {"idempotencyKey": key, "dryRun": dry}
    if request.what in ("approve", "void"):
        asked["reason"] = key
    elif request.what != "release_hold":
        asked["description"] = key
    return DOCUMENTS[request.what], {"input": asked}


def _asked(request: Request, wallet: UUID, wallets: Mapping[str, UUID]) -> dict[str, Any]:
    of = {"walletId": ids.make("wal", wallet)}
    match request.what, request.args:
        case "top_up", (amount, _):
            return of | {"amountMinor": amount}
        case "adjust", (how, amount, _):
            return of | {"operation": how, "amountMinor": amount, "expectedVersion": request.more.get("expected")}
        case "transfer", (to, amount, _):
            return {"fromWalletId": of["walletId"], "toWalletId": ids.make("wal", wallets[to]), "amountMinor": amount}
        case "reverse_transaction", (version, amount, _):
            named = {"transactionId": ids.make_numbered("txn", wallet, version), "amountMinor": amount}
            return named | {"reopenInvoices": request.more.get("reopening", False)}
        case "place_hold", (amount, seconds, _):
            return of | {"amountMinor": amount, "expiresInSeconds": seconds}
        case "capture_hold", (number, amount, _):
            return {"holdId": ids.make_numbered("hld", wallet, number), "amountMinor": amount}
        case "release_hold", (number, _):
            return {"holdId": ids.make_numbered("hld", wallet, number)}
        case _, (count, _):
            return {"invoiceId": ids.make_numbered("inv", wallet, count)}
    raise AssertionError(request)


def understood(answer: Mapping[str, Any], sent: datetime, at: datetime) -> Heard | None:
    """None where it says nothing but that it must be asked again."""
    if errors := answer.get("errors"):
        code = errors[0]["extensions"]["code"]
        return None if code in LOST else Heard(sent, at, (FAULTS.get(code, code),))
    (told,) = answer["data"].values()
    if "after" not in told:
        return Heard(sent, at, _refusal(told))
    rows = tuple(map(_row, told["transactions"])) if "transactions" in told else None
    return Heard(sent, at, (), told.get("operationId"), told.get("replayed", False), _seen(told["after"]), rows)


def _refusal(told: Mapping[str, Any]) -> tuple[Any, ...]:
    match told["__typename"]:
        case "InsufficientFunds" as name:
            return name, told["availableMinor"], told["requiredMinor"]
        case "WalletLocked" as name:
            return name, told["lock"]["amountDue"], told["lock"]["unlockAmount"]
        case name:
            return (name,)


def _seen(after: Mapping[str, Any]) -> tuple[int, ...]:
    balance = after["balance"]
    return after["version"], balance["total"], balance["locked"], after["lock"]["amountDue"]


def _row(told: Mapping[str, Any]) -> tuple[Any, ...]:
    named = ids.read_numbered("txn", told["id"].removeprefix("dry_"))
    figures = ("amount", "lockedAmount", "dueAmount", "balanceAfter", "lockedAfter", "dueAfter")
    return named, told["type"], told["reason"], *(told[f"{name}Minor"] for name in figures)


def in_these_words(row: Row, wallets: Mapping[str, UUID]) -> tuple[Any, ...]:
    """The model's row, as `Heard.rows` has it."""
    figures = row.amount, row.locked, row.due, row.total_after, row.locked_after, row.due_after
    return (wallets[row.wallet], row.version), row.type, row.reason, *figures


def expected(answer: Answer | Refused, wallet: str, wallets: Mapping[str, UUID]) -> tuple[Any, ...]:
    """What must be heard where the model answers so: a refusal, or what is seen after and the rows."""
    if isinstance(answer, Refused):  # of a conflict of versions the API shows the wallet as it is by then
        return (answer.why, *(answer.figures if answer.why != "VersionConflict" else ()))
    last = [row for row in answer.rows if row.wallet == wallet][-1]
    seen = last.version, last.total_after, last.locked_after, last.due_after
    return seen, tuple(in_these_words(row, wallets) for row in answer.rows)
