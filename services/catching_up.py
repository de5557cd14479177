"""Stories that read a wallet under its lock: what the clock has decided in it meanwhile is written first."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.refusals import Unavailable
from services.core import Core
from services.database import HELD, Row, write
from services.rows import WALLET_COLUMNS
from services.wallets import tick

T = TypeVar("T")
TRIES = 10
"""Each finds that the clock has decided something more since the one before."""


_LOCK = f"""
SELECT {WALLET_COLUMNS}, w.next_instant FROM wallets w WHERE w.id = ANY($1::uuid[]) ORDER BY w.id FOR NO KEY UPDATE
"""


class BehindError(Exception):
    """The clock has decided something in these wallets that is not written yet: a lock may have gone on or off."""

    def __init__(self, wallet_ids: list[UUID]) -> None:
        super().__init__()
        self.wallet_ids = wallet_ids


async def lock_wallets(connection: BaseDBAsyncClient, wallet_ids: Collection[UUID]) -> Sequence[Row]:
    """Those that there are, until the end of the transaction: for `read_wallet`, and each with its `next_instant`."""
    return await connection.execute_query_dict(_LOCK, [sorted(wallet_ids)])


def require_up_to_date(wallets: Iterable[Row], instant: datetime) -> None:
    """Of the rows of `lock_wallets`. Raises BehindError."""
    behind = [row["id"] for row in wallets if row["next_instant"] is not None and row["next_instant"] <= instant]
    if behind:
        raise BehindError(behind)


async def write_up_to_date(core: Core, work: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    """Carry `work` through a transaction, again after each BehindError. Raises Unavailable after ten."""
    for _ in range(TRIES):
        try:
            return await write(work)
        except BehindError as error:
            for wallet_id in error.wallet_ids:
                await tick(core, wallet_id)
    raise Unavailable(HELD)
