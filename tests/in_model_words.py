"""What the product answers and keeps, in the words of tests/model, so that the two can be compared."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record

from domain.ledger import Transaction
from domain.pricing import PriceModel, Tier
from domain.refusals import Fault, InsufficientFunds, PeriodClosed, Refusal, UsageRefused, VersionConflict, WalletLocked
from services.pricing import NewPrice
from tests.model.answers import Row
from tests.model.prices import Price
from tests.model.wallets import Hold, Invoice, Line

_HOLDS = "SELECT number, amount, expires_at, invoice, status, captured FROM holds WHERE wallet_id = $1 ORDER BY number"
_INVOICES = """
SELECT count, to_char(month, 'YYYY-MM') AS month, total, issued_at, status,
    CASE status WHEN 'DUE' THEN locks_at END AS locks_at, CASE status WHEN 'PENDING' THEN finalizes_at END AS ends_at
FROM invoices WHERE wallet_id = $1 ORDER BY count
"""
_LINES = """
SELECT l.count, l.kind, l.service, to_char(l.month, 'YYYY-MM') AS month, l.quantity, l.starts_at, l.ends_at, l.amount,
    p.effective_from
FROM invoice_lines l JOIN prices p ON p.wallet_id = l.wallet_id AND p.id = l.price_id
WHERE l.wallet_id = $1 AND l.count > $2
"""
Told = tuple[Any, ...]


def row(t: Transaction, names: Mapping[UUID, str]) -> Row:
    """A line of the log."""
    after = t.after
    return Row(
        names[t.wallet_id], after.version, after.time, t.type.value, t.reason.value, t.amount, t.locked_amount,
        t.due_amount, after.total, after.locked, after.due, after.funds_locked_at, after.manual_locked_at,
        after.locks_at, t.invoice, t.hold, t.reverses, names[t.counterparty] if t.counterparty else None,
    )  # fmt: skip


def refusal(why: Refusal | Fault) -> Told:
    """Its name and its figures."""
    match why:
        case InsufficientFunds():
            return "InsufficientFunds", why.available, why.required
        case WalletLocked():
            return "WalletLocked", why.state.due, why.state.unlock_amount
        case VersionConflict():
            return "VersionConflict", why.expected, why.actual
        case PeriodClosed():
            return "PeriodClosed", why.open_from
        case UsageRefused():
            return "UsageRefused", *((event.index, event.code.value) for event in why.events)
        case _:
            return (type(why).__name__,)


async def holds(database: "Connection[Record]", wallet: UUID) -> list[Hold]:
    """All that there ever were."""
    return [Hold(*found) for found in await database.fetch(_HOLDS, wallet)]


async def invoices(database: "Connection[Record]", wallet: UUID, *, lines_after: int = 0) -> list[Told]:
    """Each as `invoice` tells of the model's; their lines only where the count is higher."""
    lines: dict[int, list[Line]] = {}
    for count, kind, service, month, quantity, *rest in await database.fetch(_LINES, wallet, lines_after):
        lines.setdefault(count, []).append(Line(kind, service, month, Fraction(quantity), *rest))
    return [(*found, as_set(lines.get(found[0], []))) for found in await database.fetch(_INVOICES, wallet)]


def invoice(of: Invoice, *, lines_after: int = 0) -> Told:
    """The model's, with what is meant only while DUE or PENDING."""
    grace = of.grace_ends if of.status == "DUE" else None
    window = of.window_ends if of.status == "PENDING" else None
    lines = of.lines if of.count > lines_after else ()
    return of.count, of.month, of.total, of.issued, of.status, grace, window, as_set(lines)


def as_set(lines: "list[Line] | tuple[Line, ...]") -> list[Line]:
    """In one order."""
    return sorted(lines, key=lambda line: (line.month, line.service, line.price, line.kind))


def exact(number: Fraction | None) -> Decimal | None:
    """Of one with few decimals."""
    return None if number is None else Decimal(number.numerator) / Decimal(number.denominator)


def new_price(tenant: UUID, price: Price, replaces: UUID | None) -> NewPrice:
    """The model's price, asked of the product."""
    tiers = tuple(Tier(exact(up_to), exact(each) or Decimal(0), fee) for up_to, each, fee in price.tiers)
    return NewPrice(
        tenant, price.service, price.unit, exact(price.unit_price), price.since, replaces, PriceModel(price.model),
        price.flat, exact(price.package), tiers or None, price.minimum,
    )  # fmt: skip
