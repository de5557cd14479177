"""What commands name although it is open no more, read under the wallets' locks: to take it back or to refuse."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.commands import ApproveInvoice, CaptureHold, Command, ReleaseHold, ReverseTransaction, VoidInvoice
from domain.ledger import (
    Account,
    Collected,
    EndedHold,
    HoldStatus,
    InvoiceStatus,
    OpenInvoice,
    Past,
    PastTransaction,
    TransactionReason,
    TransactionType,
)
from services.database import Connection
from services.rows import columns

_TRANSACTIONS = """
SELECT t.wallet_id, t.version, t.type, t.reason, t.counterparty, abs(t.amount) - coalesce((
    SELECT sum(abs(r.amount)) FROM wallet_transactions r WHERE r.wallet_id = t.wallet_id AND r.reverses = t.version
), 0)::bigint AS left
FROM unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, version)
JOIN wallet_transactions t ON t.wallet_id = k.wallet_id AND t.version = k.version
"""
_COLLECTED = """
SELECT k.wallet_id, k.version, c.version AS debit, c.invoice
FROM unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, version)
JOIN wallet_transactions t ON t.wallet_id = k.wallet_id AND t.version = k.version AND t.reason = 'TOP_UP'
JOIN operations o ON o.wallet_id = t.wallet_id AND o.id = t.operation_id
JOIN wallet_transactions c ON c.wallet_id = o.wallet_id AND c.version BETWEEN o.first_version AND o.last_version
    AND c.type = 'DEBIT' AND c.reason = 'INVOICE'
WHERE NOT EXISTS (SELECT 1 FROM wallet_transactions r WHERE r.wallet_id = c.wallet_id AND r.reverses = c.version)
ORDER BY k.wallet_id, k.version, debit
"""
_INVOICES = """
SELECT i.wallet_id, i.count, i.month, i.total, i.status, i.issued_at, i.locks_at, i.finalizes_at, i.hold,
    coalesce(i.paid_at, i.voided_at)
FROM unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, count)
JOIN invoices i ON i.wallet_id = k.wallet_id AND i.count = k.count WHERE i.status IN ('PAID', 'VOID')
"""
_HOLDS = """
SELECT h.wallet_id, h.number, h.status, h.captured FROM unnest($1::uuid[], $2::bigint[]) AS k(wallet_id, number)
JOIN holds h ON h.wallet_id = k.wallet_id AND h.number = k.number WHERE h.status <> 'ACTIVE'
"""
_NAMING = (ReverseTransaction, CaptureHold, ReleaseHold, ApproveInvoice, VoidInvoice)

_Key = tuple[UUID, int]


@dataclass(slots=True)
class _Named:
    transactions: set[_Key] = field(default_factory=set)
    reopened: set[_Key] = field(default_factory=set)
    invoices: set[_Key] = field(default_factory=set)
    holds: set[_Key] = field(default_factory=set)


async def load(
    connection: Connection, commands: Sequence[Command], accounts: dict[UUID, Account]
) -> dict[UUID, Account]:
    """The accounts, each with what the commands name of its past."""
    if not any(isinstance(command, _NAMING) for command in commands):
        return accounts
    named = _named(commands)
    transactions = await _transactions(connection, named)
    named.invoices |= {
        (wallet_id, one.invoice) for wallet_id, of in transactions.items() for past in of for one in past.collected
    }
    invoices, holds = await _invoices(connection, named.invoices), await _holds(connection, named.holds)
    return {
        wallet_id: replace(
            account,
            past=Past(
                tuple(transactions.get(wallet_id, ())),
                tuple(invoices.get(wallet_id, ())),
                tuple(holds.get(wallet_id, ())),
            ),
        )
        for wallet_id, account in accounts.items()
    }


def _named(commands: Sequence[Command]) -> _Named:
    named = _Named()
    for command in commands:
        match command:
            case ReverseTransaction():
                named.transactions.add((command.wallet_id, command.version))
                if command.other_side is not None:
                    named.transactions.add((command.other_side.wallet_id, command.other_side.version))
                if command.reopen_invoices:
                    named.reopened.add((command.wallet_id, command.version))
            case CaptureHold() | ReleaseHold():
                named.holds.add((command.wallet_id, command.number))
            case ApproveInvoice() | VoidInvoice():
                named.invoices.add((command.wallet_id, command.count))
            case _:
                pass
    return named


async def _transactions(connection: Connection, named: _Named) -> dict[UUID, list[PastTransaction]]:
    if not named.transactions:
        return {}
    collected: dict[_Key, list[Collected]] = {}
    if named.reopened:
        for wallet_id, version, debit, invoice in await connection.fetch(_COLLECTED, *columns(named.reopened)):
            collected.setdefault((wallet_id, version), []).append(Collected(debit, invoice))
    found: dict[UUID, list[PastTransaction]] = {}
    for row in await connection.fetch(_TRANSACTIONS, *columns(named.transactions)):
        wallet_id, version, kind, reason, counterparty, left = row
        of = tuple(collected.get((wallet_id, version), ()))
        past = PastTransaction(version, TransactionType(kind), TransactionReason(reason), left, counterparty, of)
        found.setdefault(wallet_id, []).append(past)
    return found


async def _invoices(connection: Connection, keys: set[_Key]) -> dict[UUID, list[OpenInvoice]]:
    found: dict[UUID, list[OpenInvoice]] = {}
    for wallet_id, count, month, total, status, *rest in (
        await connection.fetch(_INVOICES, *columns(keys)) if keys else ()
    ):
        invoice = OpenInvoice(count, month, total, InvoiceStatus(status), *rest)
        found.setdefault(wallet_id, []).append(invoice)
    return found


async def _holds(connection: Connection, keys: set[_Key]) -> dict[UUID, list[EndedHold]]:
    found: dict[UUID, list[EndedHold]] = {}
    for wallet_id, number, status, captured in await connection.fetch(_HOLDS, *columns(keys)) if keys else ():
        found.setdefault(wallet_id, []).append(EndedHold(number, HoldStatus(status), captured))
    return found
