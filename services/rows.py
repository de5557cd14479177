"""Rows as the domain's values, and values as the arrays that set-based statements take."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson

from domain.ledger import Transaction, TransactionReason, TransactionType
from domain.money import Currency
from domain.pricing import Price, PriceModel, Tier
from domain.wallets import Wallet, WalletState
from services.database import Row

TRANSACTION_COLUMNS = """t.wallet_id, t.version, t.operation_id, t.type, t.reason, t.amount, t.locked_amount,
    t.due_amount, t.total_after, t.locked_after, t.due_after, t.funds_locked_at, t.manual_locked_at, t.locks_at,
    t.actor, t.invoice, t.hold, t.reverses, t.counterparty, t.created_at, t.operation_home, x.text"""

TRANSACTIONS = f"""
SELECT {TRANSACTION_COLUMNS} FROM wallet_transactions t
LEFT JOIN transaction_texts x ON x.wallet_id = t.wallet_id AND x.version = t.version
"""


def read_transaction(row: Row) -> Transaction:
    """Of a row of TRANSACTIONS."""
    return Transaction(
        row["wallet_id"],
        row["operation_id"],
        row["actor"],
        TransactionType(row["type"]),
        TransactionReason(row["reason"]),
        row["amount"],
        row["locked_amount"],
        row["due_amount"],
        read_after(row),
        row["text"] or "",
        row["invoice"],
        row["hold"],
        row["reverses"],
        row["counterparty"],
        row["operation_home"],
    )


def read_after(row: Row) -> WalletState:
    """The wallet as it stood after a row of the log."""
    return WalletState(
        row["version"],
        row["created_at"],
        row["total_after"],
        row["locked_after"],
        row["due_after"],
        row["funds_locked_at"],
        row["manual_locked_at"],
        row["locks_at"],
    )


STATE_COLUMNS = """w.version, w.updated_at, w.total, w.locked, w.due, w.funds_locked_at, w.manual_locked_at,
    w.locks_at"""
WALLET_COLUMNS = f"w.id, w.currency, w.currency_exponent, w.created_at, {STATE_COLUMNS}"


def read_wallet(row: Row) -> Wallet:
    """Of a row of WALLET_COLUMNS."""
    return Wallet(row["id"], read_currency(row), read_state(row), row["created_at"])


def read_currency(row: Row) -> Currency:
    """With the exponent that was copied to the wallet."""
    return Currency(row["currency"], row["currency_exponent"])


def read_state(row: Row) -> WalletState:
    """Of a row of STATE_COLUMNS."""
    return WalletState(
        row["version"],
        row["updated_at"],
        row["total"],
        row["locked"],
        row["due"],
        row["funds_locked_at"],
        row["manual_locked_at"],
        row["locks_at"],
    )


PRICE_COLUMNS = """id, wallet_id, service, unit, model, unit_price, effective_from, created_at,
    flat, package_size, tiers, minimum"""
# Not those that had ended by an instant of each wallet's: a service may have had thousands.
PRICES_SINCE = f"""
SELECT {PRICE_COLUMNS} FROM (
    SELECT p.*, k.since, lead(p.effective_from) OVER (PARTITION BY p.wallet_id, p.service ORDER BY p.effective_from)
        AS until FROM unnest($1::uuid[], $2::timestamptz[]) AS k(wallet_id, since)
    JOIN prices p ON p.wallet_id = k.wallet_id
) AS p WHERE until IS NULL OR until > since
"""


def read_price(row: Row) -> Price:
    """Of a row of PRICE_COLUMNS."""
    tiers = row["tiers"]
    return Price(
        row["id"],
        row["wallet_id"],
        row["service"],
        row["unit"],
        PriceModel(row["model"]),
        row["unit_price"],
        row["effective_from"],
        row["created_at"],
        row["flat"],
        row["package_size"],
        tuple(map(_read_tier, orjson.loads(tiers))) if tiers else (),
        row["minimum"],
    )


def price_values(price: Price) -> list[object]:
    """For the columns of PRICE_COLUMNS, in their order."""
    return [
        price.id, price.wallet_id, price.service, price.unit, price.model, price.unit_price, price.effective_from,
        price.created_at, price.flat, price.package_size, _stored_tiers(price.tiers), price.minimum,
    ]  # fmt: skip


def _read_tier(stored: dict[str, Any]) -> Tier:
    up_to = stored["upTo"]
    return Tier(None if up_to is None else Decimal(up_to), Decimal(stored["unitPrice"]), stored["flat"])


def _stored_tiers(tiers: tuple[Tier, ...]) -> str | None:
    """Decimals as text: a JSON number is no exact decimal to everyone who reads it."""
    stored = [
        {
            "upTo": None if tier.up_to is None else f"{tier.up_to:f}",
            "unitPrice": f"{tier.unit_price:f}",
            "flat": tier.flat,
        }
        for tier in tiers
    ]
    return orjson.dumps(stored).decode() if stored else None


def columns(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows, of which there is at least one, as the arrays that unnest takes."""
    return list(zip(*rows, strict=True))
