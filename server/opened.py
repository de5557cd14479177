"""The store, opened: connections, the posting task, the feed and the bus. What every way of running shares."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from tortoise import Tortoise

from domain.wallets import Wallet
from models.config import tortoise_config
from resolvers.context import Shared
from server.bus import Bus
from server.periodic import every
from services.clock import Clock
from services.coalescing import Coalescer
from services.core import Core
from services.feed import Feed
from services.posting import Posting
from services.sessions import Viewers
from services.sweeping import sweep
from services.wallet_queries import load_wallets

SWEEP_SECONDS = 1.0


@asynccontextmanager
async def opened(url: str, secret: str, clock: Clock | None = None) -> AsyncIterator[Shared]:
    """Until the block ends: then what is queued is posted, and the connections close. The database is migrated."""
    clock = clock or Clock()
    await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)
    feed = Feed(clock)
    bus = Bus(url, feed)
    core = Core(Posting(clock, bus.tell), clock, secret.encode())
    bus.start()
    core.posting.start()
    sweeper = asyncio.create_task(every(SWEEP_SECONDS, partial(sweep, core)), name="sweeper")
    try:
        yield Shared(core, Viewers(core), feed, _wallets(core))
    finally:
        sweeper.cancel()
        await asyncio.gather(sweeper, *core.background, return_exceptions=True)
        await core.posting.stop()
        await bus.stop()
        await Tortoise.close_connections()


def _wallets(core: Core) -> Coalescer[UUID, Wallet]:
    async def load(wallet_ids: list[UUID]) -> dict[UUID, Wallet]:
        return await load_wallets(core, wallet_ids)

    return Coalescer(load)
