"""The database refuses by itself what must never be, whatever code asks for it: laws 3, 4, 5, 9, 15, 18 (raw SQL)."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.world import World, open_world

ZERO = "decode(repeat('00', 32), 'hex')"


@pytest_asyncio.fixture(scope="module")
async def world(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[World]:
    """One for all: what is refused leaves it as it was."""
    async with database.copy(database_server, administrator) as url, open_world(url) as world:
        yield world


@pytest_asyncio.fixture(scope="module")
async def tenant(world: World) -> UUID:
    """One with 1,000 in its wallet, 600 of them held for February's invoice, and something used since."""
    tenant = await world.tenant(finalization_days=30)
    await world.price(tenant, "2025-02-01", "600")
    await world.use(tenant, "1", key="used")
    world.go("2025-03-01")
    await world.top_up(tenant, 1_000)
    await world.bill("2025-02", tenant)
    await world.use(tenant, "2", key="in March")
    return tenant


async def refused(world: World, why: type[asyncpg.PostgresError], sql: str, *values: object) -> str:
    async with world.refuses(why) as caught, world.database.transaction():
        await world.database.execute(sql, *values)
    return str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        "total = -1, locked = 0", "total = -1, locked = -1", "locked = -1", "locked = total + 1", "total = 599",
        "total = 9007199254740992", "due = -1", "due = 9007199254740992", "version = -1", "currency = 'rupees'",
        "currency_exponent = -1", "currency_exponent = 5", "hash = 'short'",
    ],
)  # fmt: skip
async def test_a_wallet_is_never_below_what_is_locked_nor_beyond_what_is_exact(
    world: World, tenant: UUID, change: str
) -> None:
    await refused(world, asyncpg.CheckViolationError, f"UPDATE wallets SET {change} WHERE id = $1", tenant)


@pytest.mark.parametrize(
    "change",
    ["UPDATE wallet_transactions SET amount = amount", "UPDATE wallet_transactions SET actor = 'x' WHERE version = 99",
     "DELETE FROM wallet_transactions", "DELETE FROM wallet_transactions WHERE false",
     "TRUNCATE wallet_transactions, holds, invoices, invoice_lines, billing_months",
     "TRUNCATE wallet_transactions CASCADE", "TRUNCATE operations CASCADE",
     "MERGE INTO wallet_transactions t USING wallets w ON t.wallet_id = w.id WHEN MATCHED THEN DELETE",
     "INSERT INTO wallet_transactions SELECT * FROM wallet_transactions"
     " ON CONFLICT (wallet_id, version) DO UPDATE SET amount = 1"],
)  # fmt: skip
async def test_the_log_is_append_only(world: World, tenant: UUID, change: str) -> None:
    assert "append-only" in await refused(world, asyncpg.IntegrityConstraintViolationError, change)


ROW = f"""
INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, actor, hash, created_at)
SELECT wallet_id, $2, operation_id, $3, 'ADJUSTMENT', $4, $5, $6, $7, $8, $9, 'usr_1', {ZERO}, created_at
FROM wallet_transactions WHERE wallet_id = $1 AND version = 1
"""
FINE = (3, "CREDIT", 5, 0, 0, 1_005, 600, 0)


@pytest.mark.parametrize(
    ("kind", "amount", "locked", "due"),
    [
        ("CREDIT", 0, 0, 0), ("CREDIT", -5, 0, 0), ("CREDIT", 5, 1, 0), ("CREDIT", 5, 0, 1),
        ("DEBIT", 0, 0, 0), ("DEBIT", 5, 0, 0), ("DEBIT", -5, 1, 0), ("DEBIT", -5, -6, 0), ("DEBIT", -5, 0, -5),
        ("HOLD", 0, 0, 0), ("HOLD", 0, -1, 0), ("HOLD", 1, 1, 0), ("HOLD", 0, 1, 1),
        ("RELEASE", 0, 0, 0), ("RELEASE", 0, 1, 0), ("RELEASE", -1, -1, 0), ("RELEASE", 0, -1, 1),
        ("DUE", 0, 0, 0), ("DUE", 1, 0, 1), ("DUE", 0, 1, 1),
        ("LOCK", 1, 0, 0), ("LOCK", 0, 1, 0), ("LOCK", 0, 0, 1),
        ("UNLOCK", -1, 0, 0), ("UNLOCK", 0, -1, 0), ("UNLOCK", 0, 0, -1),
        ("GIFT", 5, 0, 0),
    ],
)  # fmt: skip
async def test_a_transaction_has_one_of_the_seven_forms(
    world: World, tenant: UUID, kind: str, amount: int, locked: int, due: int
) -> None:
    await refused(world, asyncpg.CheckViolationError, ROW, tenant, 3, kind, amount, locked, due, 1_000, 600, 0)


@pytest.mark.parametrize("after", [(599, 600, 0), (-1, 0, 0), (0, -1, 0), (1, 0, -1)])
async def test_no_row_of_the_log_says_less_than_nothing_or_more_locked_than_there_is(
    world: World, tenant: UUID, after: tuple[int, int, int]
) -> None:
    await refused(world, asyncpg.CheckViolationError, ROW, tenant, *FINE[:5], *after)


async def test_a_version_is_written_once_and_begins_with_1(world: World, tenant: UUID) -> None:
    for version in (1, 2):
        await refused(world, asyncpg.UniqueViolationError, ROW, tenant, version, *FINE[1:])
    for version in (0, -1):
        await refused(world, asyncpg.CheckViolationError, ROW, tenant, version, *FINE[1:])


async def test_a_row_of_the_log_belongs_to_an_operation_of_its_own_wallet(world: World, tenant: UUID) -> None:
    orphan = ROW.replace("wallet_id, $2, operation_id", "wallet_id, $2, gen_random_uuid()")
    await refused(world, asyncpg.ForeignKeyViolationError, orphan, tenant, *FINE)
    other = await world.tenant()
    elsewhere = ROW.replace("SELECT wallet_id", f"SELECT '{other}'::uuid")
    await refused(world, asyncpg.ForeignKeyViolationError, elsewhere, tenant, *FINE)
    await refused(world, asyncpg.ForeignKeyViolationError, "DELETE FROM operations")


async def test_a_hash_has_32_bytes(world: World, tenant: UUID) -> None:
    await refused(world, asyncpg.CheckViolationError, ROW.replace(ZERO, "'short'"), tenant, *FINE)


OPERATION = """
INSERT INTO operations (wallet_id, id, kind, actor, idempotency_key, input_hash, based_on_version, first_version,
    last_version, created_at) VALUES ($1, gen_random_uuid(), 'topUp', 'usr_1', $2, $3, $4, $5, $6, now())
"""


async def test_a_key_is_unique_in_its_wallet_for_ever(world: World, tenant: UUID) -> None:
    other = await world.tenant()
    await world.top_up(other, 1, "once")
    await refused(world, asyncpg.UniqueViolationError, OPERATION, other, "once", b"x", 1, 2, 2)


@pytest.mark.parametrize(
    "wrong",
    [("", b"x", 2, 3, 3), ("k" * 256, b"x", 2, 3, 3), ("key", None, 2, 3, 3), (None, b"x", 2, 3, 3),
     ("key", b"x", 3, 3, 3), ("key", b"x", 2, 4, 3)],
)  # fmt: skip
async def test_an_operation_keeps_its_key_with_its_input_and_its_versions_in_order(
    world: World, tenant: UUID, wrong: tuple[object, ...]
) -> None:
    await refused(world, asyncpg.CheckViolationError, OPERATION, tenant, *wrong)


async def test_an_operation_belongs_to_a_wallet(world: World) -> None:
    await refused(world, asyncpg.ForeignKeyViolationError, OPERATION, uuid4(), "key", b"x", 0, 1, 1)


WALLET = """
INSERT INTO wallets (id, tenant_id, user_id, currency, currency_exponent, created_at, updated_at)
VALUES ($1, $2, $3, 'INR', 2, now(), now())
"""


async def test_an_owner_has_one_wallet_with_its_own_id(world: World) -> None:
    tenant, user = await world.tenant(), await world.user()
    await refused(world, asyncpg.UniqueViolationError, WALLET, tenant, tenant, None)
    await refused(world, asyncpg.UniqueViolationError, WALLET, user, None, user)
    for owners in ((tenant, None), (None, user), (tenant, user), (None, None)):
        await refused(world, asyncpg.CheckViolationError, WALLET, uuid4(), *owners)
    stranger = uuid4()
    await refused(world, asyncpg.ForeignKeyViolationError, WALLET, stranger, None, stranger)


TENANT = """
INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
    created_at, bills_at) VALUES ($1, 'Press', 'PRE', 'INR', 'UTC', 0, 0, 1, now(), now())
"""


async def test_a_tenant_without_a_wallet_is_not_committed(world: World) -> None:
    await refused(world, asyncpg.ForeignKeyViolationError, TENANT, uuid4())
    async with world.database.transaction():
        with_wallet = uuid4()
        await world.database.execute(TENANT, with_wallet)
        await world.database.execute(WALLET, with_wallet, with_wallet, None)


async def test_a_wallet_with_an_owner_or_a_log_is_not_deleted(world: World, tenant: UUID) -> None:
    await refused(world, asyncpg.ForeignKeyViolationError, "DELETE FROM wallets WHERE id = $1", tenant)
    await refused(world, asyncpg.ForeignKeyViolationError, "DELETE FROM tenants WHERE id = $1", tenant)


MONTH = """
INSERT INTO billing_months (wallet_id, month, starts_at, ends_at, run_id, invoice, closed_at)
SELECT wallet_id, {month}, {starts_at}, {ends_at}, run_id, {invoice}, {closed_at}
FROM billing_months WHERE wallet_id = $1
"""
MARCH = {
    "month": "date '2025-03-01'", "starts_at": "ends_at", "ends_at": "timestamptz '2025-04-01Z'",
    "invoice": "NULL", "closed_at": "timestamptz '2025-04-01Z'",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("month", "month", asyncpg.UniqueViolationError),
        ("month", "date '2025-03-02'", asyncpg.CheckViolationError),
        ("ends_at", "ends_at", asyncpg.CheckViolationError),
        ("closed_at", "timestamptz '2025-03-31 23:59:59Z'", asyncpg.CheckViolationError),
        ("invoice", "2", asyncpg.ForeignKeyViolationError),
    ],
)
async def test_a_month_closes_once_after_its_end_with_an_invoice_that_there_is(
    world: World, tenant: UUID, column: str, value: str, why: type[asyncpg.PostgresError]
) -> None:
    await refused(world, why, MONTH.format(**MARCH | {column: value}), tenant)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE prices SET unit_price = -1", asyncpg.CheckViolationError),
        (
            "INSERT INTO prices SELECT wallet_id, gen_random_uuid(), service, unit, model, 1, effective_from,"
            " created_at FROM prices",
            asyncpg.UniqueViolationError,
        ),
        ("DELETE FROM prices", asyncpg.ForeignKeyViolationError),
        ("INSERT INTO usage_events SELECT * FROM usage_events", asyncpg.UniqueViolationError),
        ("UPDATE usage_events SET quantity = 0", asyncpg.CheckViolationError),
        ("UPDATE usage_events SET quantity = -1", asyncpg.CheckViolationError),
        ("UPDATE usage_events SET corrects = 'nothing', quantity = -1", asyncpg.ForeignKeyViolationError),
        ("UPDATE usage_totals SET quantity = -1", asyncpg.CheckViolationError),
        ("UPDATE holds SET amount = 0", asyncpg.CheckViolationError),
        ("UPDATE holds SET captured = amount + 1", asyncpg.CheckViolationError),
        ("UPDATE holds SET number = 99", asyncpg.ForeignKeyViolationError),
        ("UPDATE invoices SET count = 0", asyncpg.CheckViolationError),
        ("UPDATE invoices SET status = 'PAID'", asyncpg.CheckViolationError),
        ("UPDATE invoices SET status = 'VOID'", asyncpg.CheckViolationError),
        ("UPDATE invoices SET status = 'DUE'", asyncpg.CheckViolationError),
        ("UPDATE invoices SET paid_at = issued_at", asyncpg.CheckViolationError),
        ("UPDATE invoices SET hold = NULL", asyncpg.CheckViolationError),
        ("UPDATE invoices SET hold = 1", asyncpg.ForeignKeyViolationError),
        ("UPDATE billing_runs SET done = tenants + 1", asyncpg.CheckViolationError),
        ("UPDATE tenants SET grace_days = -1", asyncpg.CheckViolationError),
        ("UPDATE users SET role = 'TENANT_ADMIN', tenant_id = NULL", asyncpg.CheckViolationError),
    ],
)
async def test_what_hangs_on_a_wallet_keeps_to_its_rules(
    world: World, tenant: UUID, sql: str, why: type[asyncpg.PostgresError]
) -> None:
    await world.user()
    await refused(world, why, sql)
