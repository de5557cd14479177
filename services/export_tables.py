"""The log as CSV for spreadsheets and as JSON lines for programs, under the API's names."""

import csv
import io
from collections.abc import AsyncIterator
from uuid import UUID

import orjson

from domain import ids
from services import export
from services.database import Connection
from services.export import Excerpt, LogLine

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


async def json_lines(connection: Connection, excerpt: Excerpt) -> AsyncIterator[str]:
    """An object for each transaction."""
    async for line in export.lines(connection, excerpt):
        yield orjson.dumps(_facts(line)).decode() + "\n"


async def comma_separated(connection: Connection, excerpt: Excerpt) -> AsyncIterator[str]:
    """RFC 4180, with a header. No text in it is a formula to a spreadsheet; numbers stay numbers."""
    yield _row(list(COLUMNS))
    async for line in export.lines(connection, excerpt):
        yield _row([_defused(value) for value in _facts(line).values()])


COLUMNS = (
    "id", "walletId", "owner", "version", "operationId", "createdAt", "type", "reason", "currency", "currencyExponent",
    "amountMinor", "lockedAmountMinor", "dueAmountMinor", "balanceAfterMinor", "lockedAfterMinor", "dueAfterMinor",
    "description", "actor", "reversesId", "invoiceId", "holdId", "counterpartyId",
)  # fmt: skip


def _facts(line: LogLine) -> dict[str, str | int | None]:
    t, owner = line.transaction, line.owner
    after, wallet_id = t.after, t.wallet_id
    values = (
        ids.make_numbered("txn", wallet_id, after.version), ids.make("wal", wallet_id), owner.name, after.version,
        ids.make_operation(t.operation_home or wallet_id, t.operation_id), after.time.isoformat()[:-6] + "Z",
        t.type, t.reason, owner.currency.code, owner.currency.exponent,
        t.amount, t.locked_amount, t.due_amount, after.total, after.locked, after.due,
        t.description, t.actor, _numbered("txn", wallet_id, t.reverses), _numbered("inv", wallet_id, t.invoice),
        _numbered("hld", wallet_id, t.hold), ids.make("wal", t.counterparty) if t.counterparty else None,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _numbered(kind: ids.NumberedKind, wallet_id: UUID, number: int | None) -> str | None:
    return ids.make_numbered(kind, wallet_id, number) if number else None


def _defused(value: str | int | None) -> str | int | None:
    """What a spreadsheet would take for a formula begins with an apostrophe, which it then shows as text."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULAS):
        return f"'{value}"
    return value


def _row(values: list[str | int | None]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
