"""Many tenants at once, by SQL: each with a wallet, a price of 10 a page, and a page used in February of 2025."""

from uuid import UUID

import asyncpg

_MADE = "timestamptz '2025-01-05 00:00Z'"
_IDS = "SELECT ('01940000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, n FROM generate_series(1, $1) AS n"
_TENANTS = f"""
WITH ids AS ({_IDS}), made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT id, 'Press ' || n, 'PRS' || n, 'INR', 'UTC', 0, 0, 1, {_MADE}, '2025-02-01 01:00Z' FROM ids
)
INSERT INTO wallets (id, tenant_id, currency, currency_exponent, created_at, updated_at)
SELECT id, id, 'INR', 2, {_MADE}, {_MADE} FROM ids
"""
_PRICES = f"""
INSERT INTO prices (wallet_id, id, service, unit, model, unit_price, effective_from, created_at)
SELECT id, id, 'EPAPER', 'page', 'PER_UNIT', 10, {_MADE}, {_MADE} FROM ({_IDS}) i
"""
_EVENTS = f"""
INSERT INTO usage_events (wallet_id, key, service, quantity, occurred_at, dated, month, recorded_at)
SELECT id, 'one', 'EPAPER', 1, '2025-02-10Z', true, '2025-02-01', '2025-02-10Z' FROM ({_IDS}) i
"""
_TOTALS = f"""
INSERT INTO usage_totals (wallet_id, month, service, price_id, quantity, events)
SELECT id, '2025-02-01', 'EPAPER', id, 1, 1 FROM ({_IDS}) i
"""


async def crowd(database: "asyncpg.Connection[asyncpg.Record]", tenants: int) -> list[UUID]:
    """Their ids, in order."""
    async with database.transaction():
        for sql in (_TENANTS, _PRICES, _EVENTS, _TOTALS):
            await database.execute(sql, tenants)
    return [row["id"] for row in await database.fetch("SELECT id FROM tenants ORDER BY id")]
