"""What the clock has decided is written soon after it is so, also where nobody writes the wallet."""

import asyncio

from services.core import Core
from services.database import read
from services.wallets import tick

_DUE = """
SELECT id FROM wallets WHERE next_instant <= coalesce($1::timestamptz, statement_timestamp())
ORDER BY next_instant LIMIT 500
"""


async def sweep(core: Core) -> int:
    """Bring the wallets up to date whose instant has come, at most 500 of them; how many there were."""
    rows = await read(_DUE, core.clock.fixed)
    await asyncio.gather(*(tick(core, row["id"]) for row in rows))
    return len(rows)
