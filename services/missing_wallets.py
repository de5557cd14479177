"""Wallets for users whom an import left without one. Every other user's was made with the user."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.access import Viewer
from domain.money import Currency
from domain.refusals import NotFound, NotPossible
from domain.wallets import Wallet, WalletState
from services import audit
from services.core import Core
from services.database import now, write
from services.people import iso_currency
from services.people_queries import find_user

# The row is shared until the end of the transaction: whoever deletes the user waits, and then finds the wallet.
_USER = """
SELECT EXISTS (SELECT 1 FROM wallets w WHERE w.id = u.id) AS has_one
FROM users u WHERE u.id = $1 AND u.closed_at IS NULL FOR SHARE OF u
"""
# Of two that make one user's wallet the later waits for the earlier, and makes none.
_MAKE = """
INSERT INTO wallets (id, user_id, currency, currency_exponent, created_at, updated_at)
SELECT id, id, $2, $3, $4, $4 FROM unnest($1::uuid[]) AS n(id) ORDER BY id
ON CONFLICT (id) DO NOTHING RETURNING id
"""


async def create_wallet(
    core: Core, viewer: Viewer, user_id: UUID, currency: str = "INR", *, dry_run: bool = False
) -> Wallet:
    """For a user without one. Raises NotFound, Forbidden, BadInput, NotPossible (there is one)."""
    if await find_user(viewer, user_id=user_id, phone=None) is None:
        raise NotFound("There is no such user.")
    access.require(viewer, "user:write")
    kept = iso_currency(currency)

    async def work(connection: BaseDBAsyncClient) -> Wallet:
        users = await connection.execute_query_dict(_USER, [user_id])
        if not users:
            raise NotFound("There is no such user.")
        instant, wallet_id = await now(core.clock, connection), ids.make("wal", user_id)
        if users[0]["has_one"] or (not dry_run and not await _make(connection, [user_id], kept, instant)):
            raise NotPossible(f"The user has a wallet already: {wallet_id}.")
        if not dry_run:
            await audit.record(connection, core.clock, viewer, "createWallet", wallet_id, after={"currency": currency})
        return Wallet(user_id, kept, WalletState(0, instant, 0, 0, 0), instant)

    return await write(work)


async def _make(
    connection: BaseDBAsyncClient, user_ids: Sequence[UUID], currency: Currency, instant: datetime
) -> list[UUID]:
    """Those that had none."""
    made = await connection.execute_query_dict(_MAKE, [list(user_ids), *currency, instant])
    return [row["id"] for row in made]
