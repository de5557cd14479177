"""What the posting task writes, as rows: tuples of all columns of a table, in their order."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from domain.chain import describe, link
from domain.instants import next_instant
from domain.ledger import Account, Transaction
from services.posting_batch import Written

Rows = list[tuple[object, ...]]


def of_log(transactions: Iterable[Transaction], heads: dict[UUID, bytes]) -> tuple[Rows, Rows]:
    """The log's, and of the texts beside it; `heads` moves on to each wallet's last hash."""
    logged: Rows = []
    texts: Rows = []
    for t in transactions:
        salt = secrets.token_bytes(16) if t.description else b""
        described = describe(t.description, salt)
        heads[t.wallet_id] = head = link(heads[t.wallet_id], t, described)
        after = t.after
        if t.description:
            texts.append((t.wallet_id, after.version, t.description, salt))
        logged.append((
            t.wallet_id, after.version, t.operation_id, t.type, t.reason, t.amount, t.locked_amount, t.due_amount,
            after.total, after.locked, after.due, after.funds_locked_at, after.manual_locked_at, after.locks_at,
            t.actor, t.invoice, t.hold, t.reverses, t.counterparty, described or None, head, after.time,
            t.operation_home,
        ))  # fmt: skip
    return logged, texts


def of_wallets(written: Sequence[Written], heads: dict[UUID, bytes]) -> tuple[Rows, list[int]]:
    """The wallets that have moved, as they are after the last decision; and their versions before the first."""
    before: dict[UUID, int] = {}
    after: dict[UUID, Account] = {}
    for one in written:
        if one.decision.transactions:
            account = one.decision.account
            before.setdefault(account.id, one.decision.transactions[0].after.version - 1)
            after[account.id] = account
    return [_wallet_row(account, heads[account.id]) for account in after.values()], list(before.values())


def _wallet_row(account: Account, head: bytes) -> tuple[object, ...]:
    state = account.state
    return (
        account.id, None, None, None, None, state.total, state.locked, state.due, state.version, head,
        state.funds_locked_at, state.manual_locked_at, state.locks_at, next_instant(account), None, state.time,
        None,
    )  # fmt: skip


def of_operations(written: Sequence[Written], now: datetime) -> Rows:
    """Of those that wrote anything."""
    return [_operation_row(one, now) for one in written if one.decision.transactions]


def _operation_row(one: Written, now: datetime) -> tuple[object, ...]:
    operation, transactions = one.operation, one.decision.transactions
    return (
        one.decision.account.id, operation.id, operation.kind, operation.actor, operation.key, operation.input_hash,
        one.based_on_version, transactions[0].after.version, transactions[-1].after.version, now,
        transactions[0].operation_home,
    )  # fmt: skip
