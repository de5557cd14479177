"""The store, opened: connections, the posting task, the feeds and the bus. What every way of running shares."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

from tortoise import Tortoise

from domain.ledger import Transaction
from domain.refusals import Unavailable
from domain.wallets import Wallet
from models.config import tortoise_config
from resolvers.context import Shared
from server.bus import Bus
from server.periodic import every
from server.webhook_http import Sender
from server.webhooks import Deliverer
from services.alert_rounds import judge_changed_rules
from services.changes import ChangeFeed
from services.clock import Clock
from services.coalescing import Coalescer
from services.compacting import compact
from services.core import Core
from services.database import hearers
from services.day_balances import keep_days
from services.feed import Feed
from services.forecast_rounds import ROUND_SECONDS, Forecasting
from services.overview import Overview
from services.posting import Posting, Tell
from services.resting import Resting
from services.run_feed import RunFeed
from services.scheduling import schedule
from services.sweeping import sweep
from services.tidying import tidy
from services.viewers import Viewers
from services.wallet_queries import load_wallets

SWEEP_SECONDS = 1.0
SCHEDULE_SECONDS = 5.0
RULES_SECONDS = 0.5
COMPACT_SECONDS = 15.0
DAYS_SECONDS = 60.0
TIDY_SECONDS = 3_600.0
USES_SECONDS = 30.0
"""A crash forgets no more of when sessions and tokens were last used."""


@asynccontextmanager
async def opened(
    url: str,
    secret: str,
    clock: Clock | None = None,
    *,
    scheduler: bool = False,
    open_registration: bool = False,
    limit_sign_ins: bool = True,
    private_webhooks: bool = False,
) -> AsyncIterator[Shared]:
    """Until the block ends: then what is queued is posted, and the connections close. The database is migrated.

    Only with `scheduler` are tenants billed by themselves, runs gone on with whose processes have died, forecasts kept
    and alerts judged by them, and webhooks sent.
    """
    clock = clock or Clock()
    await Tortoise.init(config=tortoise_config(url), _enable_global_fallback=True)
    feed = Feed(clock)
    runs = RunFeed()
    changes = ChangeFeed()
    bus = Bus(url, feed, runs, changes)
    forecasting = Forecasting() if scheduler else None
    core = Core(
        Posting(clock, _telling(bus, forecasting)),
        clock,
        secret.encode(),
        tell_run=bus.tell_run,
        tell_erased=bus.tell_erased,
        tell_changed=bus.tell_changed,
        tell_ended=lambda: viewers.forget(),
        open_registration=open_registration,
        limit_sign_ins=limit_sign_ins,
        private_webhooks=private_webhooks,
    )
    viewers = Viewers(core)
    bus.start()
    hearers.add(bus.tell_changes)
    core.posting.start()
    if forecasting is not None:
        hearers.add(forecasting.hear)
    rounds = _rounds(core, viewers, forecasting)
    overview = Overview(core, changes)
    try:
        yield Shared(core, viewers, feed, runs, _wallets(core), changes, overview)
    finally:
        await _ended(rounds)
        await _ended(overview.tasks())
        if forecasting is not None:
            hearers.discard(forecasting.hear)
        with suppress(Unavailable):
            await viewers.write_uses()
        await _ended(core.background)
        await core.posting.stop()
        hearers.discard(bus.tell_changes)
        await bus.stop()
        await Tortoise.close_connections()


def _rounds(core: Core, viewers: Viewers, forecasting: Forecasting | None) -> list[asyncio.Task[None]]:
    """What is done again and again; where no forecasts are kept, only what the process's own work needs."""
    works = {
        "sweeper": every(SWEEP_SECONDS, partial(sweep, core)),
        "uses": every(USES_SECONDS, viewers.write_uses),
    }
    if forecasting is not None:
        works |= {
            "scheduler": every(SCHEDULE_SECONDS, partial(schedule, core)),
            "compacting": every(COMPACT_SECONDS, compact),
            "days": every(DAYS_SECONDS, partial(keep_days, core)),
            "tidying": every(TIDY_SECONDS, partial(tidy, core)),
            "forecasts": every(ROUND_SECONDS, partial(forecasting.round, core)),
            "alerts": every(RULES_SECONDS, partial(judge_changed_rules, core, Resting[UUID]())),
            "webhooks": Deliverer(core, Sender(private=core.private_webhooks)).run(),
        }
    return [asyncio.create_task(work, name=name) for name, work in works.items()]


def _telling(bus: Bus, forecasting: Forecasting | None) -> Tell:
    """Of what was posted."""

    def tell(transactions: Sequence[Transaction]) -> None:
        bus.tell(transactions)
        if forecasting is not None:
            forecasting.tell(transactions)

    return tell


async def _ended(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """A billing run that is cut off here goes on in another process, or at the next start."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


def _wallets(core: Core) -> Coalescer[UUID, Wallet]:
    async def load(wallet_ids: list[UUID]) -> dict[UUID, Wallet]:
        return await load_wallets(core, wallet_ids)

    return Coalescer(load)
