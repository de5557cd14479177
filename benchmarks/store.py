"""The run's own database: embedded, durable, migrated, with a thousand wallets for us and a thousand for pgbench."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from server import embedded, migrate
from services.passwords import hash_password

WALLETS = 1_000
OURS, PGBENCHS = "0001", "0002"
AMOUNT = 100
ADMIN = UUID("01990000-0000-7000-8000-000000000000")
ADMIN_PHONE, ADMIN_PASSWORD = "+919999999999", "for the benchmark only"

_ADMIN = """
WITH made AS (
    INSERT INTO users (id, phone, name, role, password_hash, created_at)
    VALUES ($1, $2, 'Administrator', 'SUPER_ADMIN', $3, clock_timestamp()) RETURNING id, created_at
)
INSERT INTO wallets (id, user_id, currency, currency_exponent, created_at, updated_at)
SELECT id, id, 'INR', 2, created_at, created_at FROM made
"""
_WALLETS = """
WITH made AS (
    INSERT INTO users (id, phone, name, role, created_at)
    SELECT ('01990000-' || series || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        '+91' || series || lpad(n::text, 6, '0'), 'Somebody', 'MEMBER', clock_timestamp()
    FROM generate_series(0, $1 - 1) AS n, unnest($2::text[]) AS series
    RETURNING id, created_at
)
INSERT INTO wallets (id, user_id, currency, currency_exponent, created_at, updated_at)
SELECT id, id, 'INR', 2, created_at, created_at FROM made
"""
_LOGGED = "SELECT actor, count(*), sum(amount)::bigint FROM wallet_transactions GROUP BY actor"
_UNLIKE = """
SELECT count(*) FROM wallets w LEFT JOIN (
    SELECT wallet_id, count(*) AS rows, max(version) AS newest, sum(amount) AS total FROM wallet_transactions GROUP BY 1
) t ON t.wallet_id = w.id
WHERE (w.version, w.version, w.total) <> (coalesce(t.rows, 0), coalesce(t.newest, 0), coalesce(t.total, 0))
"""


@dataclass(frozen=True)
class Store:
    """A running database, and a folder of the run's own."""

    url: str
    socket_folder: Path
    place: Path


@contextmanager
def running() -> Iterator[Store]:
    """On the disk, gone after the block."""
    with (
        tempfile.TemporaryDirectory(prefix="tijori-bench-", ignore_cleanup_errors=True) as name,
        embedded.running((place := Path(name)) / "data") as server,
    ):
        migrate.apply(server.url())
        asyncio.run(_fill(server.url()))
        yield Store(server.url(), server.socket_folder, place)


def wallet_ids() -> list[UUID]:
    """Of the wallets that are ours."""
    return [UUID(f"01990000-{OURS}-7000-8000-{n:012x}") for n in range(WALLETS)]


def mistakes(store: Store, expected: Mapping[str, range]) -> list[str]:
    """What is wrong with the log: it has as many top-ups per actor as expected, and every wallet is what it says."""
    return asyncio.run(_mistakes(store.url, expected))


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(_ADMIN, ADMIN, ADMIN_PHONE, await hash_password(ADMIN_PASSWORD))
    await connection.execute(_WALLETS, WALLETS, [OURS, PGBENCHS])
    await connection.execute("VACUUM ANALYZE users, wallets")
    await connection.close()


async def _mistakes(url: str, expected: Mapping[str, range]) -> list[str]:
    connection = await asyncpg.connect(url)
    logged = {actor: (rows, amount) for actor, rows, amount in await connection.fetch(_LOGGED)}
    unlike = await connection.fetchval(_UNLIKE)
    await connection.close()
    wrong = [f"{unlike} wallets are not what their log says"] if unlike else []
    for actor, counts in expected.items():
        rows, amount = logged.get(actor, (0, 0))
        if rows not in counts or amount != rows * AMOUNT:
            wrong.append(f"{actor}: {counts.start} were answered, {rows} are in the log, together {amount}")
    return wrong
