"""The log as a Beancount file that bean-check accepts: a wallet's balances are asserted for each day that changed them.

Days are UTC's. An assertion holds at the beginning of its day: one of the 2nd speaks of the end of the 1st.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain import bookkeeping, ids
from domain.bookkeeping import Book, Leg, amount_text
from domain.ledger import Transaction
from domain.money import Currency
from domain.wallets import WalletState
from services import export
from services.database import Connection
from services.export import Excerpt, LogLine, OpenedWallet, Owner

_DAY = timedelta(days=1)
_EVER = datetime.max.replace(tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


async def beancount(connection: Connection, excerpt: Excerpt) -> AsyncIterator[str]:
    """Its text, piece by piece."""
    yield _head(await export.currencies(connection))
    async for wallet in export.wallets(connection, excerpt, excerpt.since or _EVER):
        yield _opened(wallet)
        if excerpt.since and wallet.state:
            yield _opening(wallet, wallet.state, excerpt.since.date())
    async for text in _transactions(connection, excerpt):
        yield text
    day = await _end(connection, excerpt)
    async for wallet in export.wallets(connection, excerpt, excerpt.until or _EVER):
        if wallet.state:
            yield _balances(day, _book(wallet.id, wallet.owner), wallet.state, wallet.owner.currency)


async def _end(connection: Connection, excerpt: Excerpt) -> date:
    """The day of the last assertions: when the excerpt ends, or after all that there is."""
    if excerpt.until:
        return excerpt.until.date()
    newest = await export.newest(connection, excerpt)
    return max(newest.date() + _DAY if newest else _FIRST_DAY, excerpt.since.date() if excerpt.since else _FIRST_DAY)


def _head(currencies: list[Currency]) -> str:
    lines = ['option "title" "Tijori wallets"', *[f'option "operating_currency" "{c.code}"' for c in currencies], ""]
    for currency in currencies:
        lines += [f"{_FIRST_DAY} commodity {currency.code}", f"  exponent: {currency.exponent}"]
    return "\n".join([*lines, *[f"{_FIRST_DAY} open {account}" for account in bookkeeping.SHARED], "", ""])


def _opened(wallet: OpenedWallet) -> str:
    lines = []
    for account in _book(wallet.id, wallet.owner):
        lines.append(f"{wallet.opened_on} open {account} {wallet.owner.currency.code}")
        lines.append(f'  wallet: "{ids.make("wal", wallet.id)}"')
        lines.append(f"  owner: {_quoted(wallet.owner.name)}")
    return "\n".join([*lines, "", ""])


def _opening(wallet: OpenedWallet, state: WalletState, since: date) -> str:
    book, currency = _book(wallet.id, wallet.owner), wallet.owner.currency
    legs = bookkeeping.opening(book, state)
    entry = f'{since - _DAY} * "Opening balances"\n{_changes(legs, currency)}\n' if legs else ""
    return entry + _balances(since, book, state, currency)


async def _transactions(connection: Connection, excerpt: Excerpt) -> AsyncIterator[str]:
    """Each transaction; and where the next one is of another day or wallet, what the accounts stand at."""
    before: LogLine | None = None
    async for line in export.lines(connection, excerpt):
        if before and _place(before) != _place(line):
            yield _day_ends(before)
        yield _entry(line)
        before = line
    if before:
        yield _day_ends(before)


def _place(line: LogLine) -> tuple[UUID, date]:
    return line.transaction.wallet_id, line.transaction.after.time.date()


def _day_ends(line: LogLine) -> str:
    wallet_id, day = _place(line)
    return _balances(day + _DAY, _book(wallet_id, line.owner), line.transaction.after, line.owner.currency)


def _entry(line: LogLine) -> str:
    t, owner = line.transaction, line.owner
    book, day = _book(t.wallet_id, owner), t.after.time.date()
    legs = bookkeeping.entry(book, t, line.reversed_reason)
    if not legs:
        said = f"{t.type} {t.reason}: {t.description}" if t.description else f"{t.type} {t.reason}"
        return f"{day} note {book.available} {_quoted(said)}\n{_facts(t)}\n\n"
    operation = ids.make_operation(t.operation_home or t.wallet_id, t.operation_id)
    head = f"{day} * {_quoted(owner.name)} {_quoted(t.description or f'{t.type} {t.reason}')} ^{operation}"
    return f"{head}\n{_facts(t)}\n{_changes(legs, owner.currency)}\n"


def _facts(t: Transaction) -> str:
    transaction = ids.make_numbered("txn", t.wallet_id, t.after.version)
    facts = {"id": transaction, "type": t.type, "reason": t.reason, "actor": t.actor, "time": t.after.time.isoformat()}
    if t.invoice:
        facts["invoice"] = ids.make_numbered("inv", t.wallet_id, t.invoice)
    return "\n".join(f"  {name}: {_quoted(value)}" for name, value in facts.items())


def _changes(legs: list[Leg], currency: Currency) -> str:
    return "".join(f"  {account}  {amount_text(amount, currency)} {currency.code}\n" for account, amount in legs)


def _balances(day: date, book: Book, state: WalletState, currency: Currency) -> str:
    """Exact: without a tolerance of its own Beancount would let one minor unit pass."""
    lines = [
        f"{day} balance {account}  {amount_text(amount, currency)} ~ 0 {currency.code}"
        for account, amount in book.balances(state)
    ]
    return "\n".join([*lines, "", ""])


def _book(wallet_id: UUID, owner: Owner) -> Book:
    return Book.of(owner.code or wallet_id.hex.upper())


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPED)}"'
