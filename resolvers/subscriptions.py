"""Live: a wallet's life without a gap, the newest state of many, a billing run as it goes.

A stream ends soon after its viewer's access.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from domain import access, ids
from domain.access import Viewer
from domain.refusals import BadInput, NotFound, Unavailable
from resolvers import shapes
from resolvers.context import Info, RequestContext
from resolvers.wallets import wallet_filter
from schema.billing import BillingRun
from schema.events import WalletChange, WalletEvent, WalletSnapshot
from schema.ledger import Transaction
from schema.wallets import Wallet, WalletFilter, WalletState
from services.feed import Changes
from services.wallet_lists import load_changed
from services.wallet_queries import load_wallets

RECHECK_SECONDS = 2.0
"""With the two seconds that a credential is remembered, a revoked one's streams end within five."""
PAUSE_SECONDS = 0.15
"""Between two messages of a screen that shows many wallets: with the drawing it stays within 300 ms."""
MOST_IDS = 200
NO_RUN = "There is no such billing run."

T = TypeVar("T")


@strawberry.type
class WalletSubscriptions:
    """Wallets and billing runs as they go."""

    @strawberry.subscription
    async def wallet_events(
        self, info: Info, wallet_id: strawberry.ID, after_version: int | None = None
    ) -> AsyncGenerator[WalletEvent, None]:
        """A wallet's life without a gap.

        Without afterVersion one WalletSnapshot, then every later transaction, in order, once. With it no snapshot: the
        transactions after that version, then the live ones: a client that was cut off loses nothing and sees nothing
        twice. An afterVersion above the wallet's own is BAD_USER_INPUT. When access ends: an error, then complete.
        """
        context = info.context
        uuid = _visible(context, wallet_id)
        wallet = (await load_wallets(context.core, [uuid])).get(uuid)
        if wallet is None:
            raise NotFound("There is no such wallet.")
        held = wallet.state.version
        if after_version is None:
            yield WalletSnapshot(wallet=Wallet.of(wallet))
        elif not 0 <= after_version <= held:
            raise BadInput(f"afterVersion takes 0 to {held}, the wallet's own; this is {after_version}.")
        else:
            held = after_version
        async with aclosing(
            while_allowed(context, context.shared.feed.follow(uuid, held), partial(_may_read, uuid))
        ) as batches:
            async for batch in batches:
                for transaction, is_last in batch:
                    yield WalletChange(
                        transaction=Transaction.of(transaction, context.signed_in),
                        after=WalletState.of(transaction.after),
                        last_of_operation=is_last,
                    )

    @strawberry.subscription
    async def wallets_changed(
        self,
        info: Info,
        wallet_ids: Annotated[list[strawberry.ID] | None, strawberry.argument(name="ids")] = None,
        where: Annotated[WalletFilter | None, strawberry.argument(name="filter")] = None,
    ) -> AsyncGenerator[list[Wallet], None]:
        """For screens that show many wallets.

        An empty list once it is live (query then: nothing falls between), then the newest state of those that changed,
        at most a few times a second and 200 at a time; one that has just left the filter comes once more.
        """
        context = info.context
        viewer = context.signed_in
        access.require(viewer, "wallet:read")
        if wallet_ids is not None and len(wallet_ids) > MOST_IDS:
            raise BadInput(
                f"ids takes up to {MOST_IDS}; this has {len(wallet_ids)}. Subscribe to what is on the screen."
            )
        wanted = [uuid for text in wallet_ids if (uuid := ids.read("wal", text))] if wallet_ids is not None else None
        criteria = wallet_filter(where)
        changes = context.shared.feed.watch(wanted)
        left: set[UUID] = set()
        try:
            yield []
            async with aclosing(while_allowed(context, _taken(changes), partial(_may_read, None))) as batches:
                async for some in batches:
                    shown = []
                    for wallet, matches in await load_changed(viewer, some, criteria):
                        if matches or wallet.id not in left:
                            shown.append(Wallet.of(wallet))
                        (left.discard if matches else left.add)(wallet.id)
                    if shown:
                        yield shown
                        await asyncio.sleep(PAUSE_SECONDS)
        finally:
            context.shared.feed.unwatch(changes)

    @strawberry.subscription
    async def billing_run(
        self, info: Info, run_id: Annotated[strawberry.ID, strawberry.argument(name="id")]
    ) -> AsyncGenerator[BillingRun, None]:
        """Its state, then each change until it is finished."""
        context, uuid = info.context, ids.read("run", run_id)
        _may_watch(context.signed_in)
        runs, is_there = context.shared.runs.follow(uuid or UUID(int=0)), False
        async with aclosing(while_allowed(context, runs, _may_watch)) as states:
            async for state in states:
                is_there = True
                yield shapes.billing_run(state)
        if not is_there:
            raise NotFound(NO_RUN)


async def _taken(changes: Changes) -> AsyncGenerator[list[UUID], None]:
    while True:
        yield await changes.take()


def _visible(context: RequestContext, wallet_id: str) -> UUID:
    uuid = ids.read("wal", wallet_id)
    viewer = context.signed_in
    if uuid is None:
        raise NotFound("There is no such wallet.")
    access.require(viewer, "wallet:read", uuid)
    return uuid


def _may_read(wallet_id: UUID | None, viewer: Viewer) -> None:
    access.require(viewer, "wallet:read", wallet_id)


def _may_watch(viewer: Viewer) -> None:
    if not access.reads_runs(viewer):
        raise NotFound(NO_RUN)


async def while_allowed(
    context: RequestContext, stream: AsyncGenerator[T, None], may: Callable[[Viewer], None]
) -> AsyncGenerator[T, None]:
    """The stream, for as long as its viewer may see it, checked also while nothing happens."""
    checked = time.monotonic()
    coming: asyncio.Future[T] = asyncio.ensure_future(anext(stream))
    try:
        while True:
            await asyncio.wait({coming}, timeout=RECHECK_SECONDS)
            if time.monotonic() - checked >= RECHECK_SECONDS:
                await _check(context, may)
                checked = time.monotonic()
            if coming.done():
                if isinstance(coming.exception(), StopAsyncIteration):
                    return
                yield coming.result()
                coming = asyncio.ensure_future(anext(stream))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await stream.aclose()


async def _check(context: RequestContext, may: Callable[[Viewer], None]) -> None:
    if context.token is None:
        return
    try:
        viewer = access.signed_in(await context.shared.viewers.of(context.token))
    except Unavailable:  # with the store away nothing is shown either
        return
    may(viewer)
