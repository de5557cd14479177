"""Wallets for users whom an import left without one. Every other user's was made with the user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.access import Viewer
from domain.money import Currency
from domain.refusals import NotPossible
from domain.wallets import Wallet, new_wallet
from models.wallets import Wallet as StoredWallet
from services import audit
from services.clock import Clock
from services.core import Core
from services.database import Connection, Row, now, write
from services.people_input import iso_currency
from services.people_rows import lock_user

_MISSING = "u.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM wallets w WHERE w.id = u.id)"
_COUNT = f"SELECT count(*) FROM users u WHERE {_MISSING}"
_FIRST = f"SELECT u.id, u.name, u.phone FROM users u WHERE {_MISSING} ORDER BY u.id LIMIT $1"
# Their rows are shared until the commit: whoever deletes one of them waits, and then finds the wallet.
_PAGE = f"""
SELECT u.id FROM users u WHERE {_MISSING} AND u.id > $1 ORDER BY u.id LIMIT $2 FOR SHARE OF u
"""
# Along the keys, whatever the planner believes of tables that have just been filled: a page costs what it skips.
_ALONG_KEYS = """
SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS name
"""
# Of two that make one user's wallet the later waits for the earlier, and makes none.
_MAKE = """
INSERT INTO wallets (id, user_id, currency, currency_exponent, created_at, updated_at)
SELECT id, id, $2, $3, $4, $4 FROM unnest($1::uuid[]) AS n(id) ORDER BY id
ON CONFLICT (id) DO NOTHING RETURNING id
"""

START = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Batch:
    """How many wallets it made, and the last user that it looked at."""

    made: int
    last: UUID


async def create_wallet(core: Core, viewer: Viewer, user_id: UUID, currency: str, *, dry_run: bool = False) -> Wallet:
    """For a user without one. Raises NotFound, Forbidden, BadInput, NotPossible (there is one; they were deleted)."""
    kept, wallet_id = iso_currency(currency), ids.make("wal", user_id)

    async def work(connection: BaseDBAsyncClient) -> Wallet:
        user = await lock_user(connection, viewer, user_id)
        instant = await now(core.clock, connection)
        has_one = await StoredWallet.filter(id=user_id).using_db(connection).exists()
        if has_one or (not dry_run and not await _make(connection, [user_id], kept, instant)):
            raise NotPossible(f"The user has a wallet already: {wallet_id}.")
        if not dry_run:
            facts, home = {"currency": currency}, user.tenant_id or user_id
            await audit.record(connection, core.clock, viewer, "createWallet", wallet_id, after=facts, whose=home)
        return new_wallet(user_id, kept, instant)

    return await write(work)


async def count_missing(connection: Connection) -> int:
    """Users without a wallet."""
    found: int = await connection.fetchval(_COUNT)
    return found


async def first_missing(connection: Connection, limit: int) -> Sequence[Row]:
    """The id, name and phone of those who would get theirs first."""
    return await connection.fetch(_FIRST, limit)


async def create_missing(clock: Clock, viewer: Viewer, currency: Currency, size: int, after: UUID) -> Batch | None:
    """Wallets for the next users behind the one given, committed together; None at the end. Raises Unavailable.

    Several may work at once: each wallet is made, counted and audited by one of them.
    """

    async def work(connection: BaseDBAsyncClient) -> Batch | None:
        await connection.execute_query_dict(_ALONG_KEYS, [])
        user_ids = [row["id"] for row in await connection.execute_query_dict(_PAGE, [after, size])]
        if not user_ids:
            return None
        made = await _make(connection, user_ids, currency, await now(clock, connection))
        facts = {ids.make("wal", wallet_id): {"currency": currency.code} for wallet_id in made}
        await audit.record_each(connection, clock, viewer, "createWallet", facts)
        return Batch(len(made), user_ids[-1])

    access.require_everywhere(viewer, "user:write")
    return await write(work)


async def _make(
    connection: BaseDBAsyncClient, user_ids: Sequence[UUID], currency: Currency, instant: datetime
) -> list[UUID]:
    """Those that had none."""
    made = await connection.execute_query_dict(_MAKE, [list(user_ids), *currency, instant])
    return [row["id"] for row in made]
