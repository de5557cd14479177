"""Each subscriber gets every version after the one it holds, in order, once, operations marked: law 25."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

import pytest

from domain.ledger import Transaction
from services.feed import MOST_CHANGED, RING, Changes
from tests.world import World, opened_world

world = opened_world
SOON_SECONDS = 30
Heard = list[tuple[int, bool]]
"""Versions, each with whether its operation ends with it."""


class Reader:
    """Follows a wallet and keeps what it heard."""

    def __init__(self, world: World, wallet: UUID, version: int = 0) -> None:
        self._stream = world.feed.follow(wallet, version)
        self.heard: Heard = []
        self._task: asyncio.Task[None] | None = None

    async def hear(self, version: int) -> Heard:
        """Read on until that version; all that was heard so far."""
        async with asyncio.timeout(SOON_SECONDS):
            while not self.heard or self.heard[-1][0] < version:
                self._keep(await anext(self._stream))
        return self.heard

    async def hears_nothing(self) -> None:
        """Not even with time to do so."""
        waiting = asyncio.ensure_future(anext(self._stream))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert done == set()
        waiting.cancel()
        await asyncio.wait([waiting])

    def _keep(self, some: list[tuple[Transaction, bool]]) -> None:
        assert some
        self.heard += [(transaction.after.version, last) for transaction, last in some]

    async def close(self) -> None:
        await self._stream.aclose()


@asynccontextmanager
async def reading(world: World, wallet: UUID, version: int = 0) -> AsyncIterator[Reader]:
    reader = Reader(world, wallet, version)
    async with aclosing(reader._stream):
        yield reader


async def said(world: World, wallet: UUID, after: int = 0) -> Heard:
    """What the log says a reader should hear."""
    log = await world.log(wallet, after)
    following = [t.operation_id for t in log[1:]] + [None]
    return [(t.after.version, t.operation_id != other) for t, other in zip(log, following, strict=True)]


@pytest.mark.parametrize("held", [0, 1, 4, 5])
async def test_a_reader_gets_what_it_does_not_hold_and_then_what_comes(world: World, held: int) -> None:
    tenant = await world.owing()
    await world.lock(tenant)
    await world.lock(tenant, on=False)
    await world.adjust(tenant, "ADD", 1)
    async with reading(world, tenant, held) as reader:
        await world.top_up(tenant, 99)
        await world.top_up(tenant, 5)
        assert await reader.hear(10) == await said(world, tenant, held)


async def test_a_reader_that_holds_everything_waits_for_the_next(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 1)
    async with reading(world, tenant, 1) as reader:
        first = asyncio.create_task(reader.hear(2))
        while world.feed.readers == 0:  # noqa: ASYNC110 - a turn of the loop for it to begin
            await asyncio.sleep(0)
        await world.top_up(tenant, 1)
        assert await first == [(2, True)]


async def test_the_rows_of_one_operation_are_marked_by_their_last(world: World) -> None:
    tenant = await world.owing()
    async with reading(world, tenant) as reader:
        assert await reader.hear(2) == [(1, False), (2, True)]
        await world.top_up(tenant, 100)
        await world.top_up(tenant, 7)
        assert await reader.hear(7) == [
            (1, False), (2, True), (3, False), (4, False), (5, False), (6, True), (7, True)
        ]  # fmt: skip


async def test_versions_of_another_process_are_neither_skipped_nor_out_of_order(world: World) -> None:
    tenant = await world.tenant()
    async with world.another() as other, reading(world, tenant) as reader:
        for n in range(20):
            await (world, other, other)[n % 3].top_up(tenant, 1)
            if n % 3 == 0:
                await reader.hear(n + 1)
        await world.feed.wake([tenant])
        assert await reader.hear(20) == [(version, True) for version in range(1, 21)]


@pytest.mark.parametrize("told", ["woken", "polled"])
async def test_what_another_process_posts_is_heard_by_a_notification_or_by_the_poll(world: World, told: str) -> None:
    tenant = await world.tenant()
    async with world.another() as other, reading(world, tenant) as reader:
        await world.top_up(tenant, 1)
        assert await reader.hear(1) == [(1, True)]
        await other.top_up(tenant, 1)
        await (world.feed.wake([tenant]) if told == "woken" else world.feed.poll())
        assert await reader.hear(2) == [(1, True), (2, True)]


async def test_many_readers_under_load_of_several_processes_each_hear_everything_once(world: World) -> None:
    tenant = await world.tenant()
    total = 600
    async with world.another() as other:
        readers = [Reader(world, tenant, n % 3) for n in range(8)]
        hearing = [asyncio.create_task(reader.hear(total)) for reader in readers]
        for start in range(0, total, 60):
            await asyncio.gather(*((world, other)[n % 2].top_up(tenant, 1) for n in range(start, start + 60)))
            await world.feed.wake([tenant])
        heard = await asyncio.gather(*hearing)
        for reader in readers:
            await reader.close()
    assert heard == [[(version, True) for version in range(n % 3 + 1, total + 1)] for n in range(8)]


async def owing_many(world: World, count: int) -> UUID:
    """A tenant with so many invoices of 1 due: a top-up then writes one operation of many rows."""
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "1")
    await world.sql("UPDATE tenants SET created_at = '2000-01-01Z' WHERE id = $1", tenant)
    await world.sql("UPDATE prices SET effective_from = '2000-01-01Z' WHERE wallet_id = $1", tenant)
    months = await world.sql("SELECT to_char(date '2015-01-01' + make_interval(months => n), 'YYYY-MM-DD')"
                             " FROM generate_series(0, $1 - 1) n", count)  # fmt: skip
    for (month,) in months:
        await world.use(tenant, "1", month)
    await world.bill("2025-01", tenant)
    return tenant


@pytest.mark.parametrize("told", ["woken", "polled"])
async def test_an_operation_is_whole_however_much_another_process_has_posted(world: World, told: str) -> None:
    tenant = await owing_many(world, 110)
    before = len(await world.log(tenant))
    async with world.another() as other, reading(world, tenant, before - 1) as reader:
        await reader.hear(before)
        await world.lock(tenant)
        await reader.hear(before + 1)
        for _ in range(55):
            await other.top_up(tenant, 2)
        await (world.feed.wake([tenant]) if told == "woken" else world.feed.poll())
        last = (await world.state(tenant)).version
        assert last - before > RING
        assert await reader.hear(last) == await said(world, tenant, before - 1)


async def test_a_slow_reader_loses_nothing_and_an_operation_longer_than_the_ring_is_whole(world: World) -> None:
    tenant = await owing_many(world, 120)
    before = (await world.state(tenant)).version
    async with reading(world, tenant, before - 1) as reader:
        await reader.hear(before)
        await world.lock(tenant)
        await reader.hear(before + 1)
        for _ in range(2):
            await world.lock(tenant, on=False)
            await asyncio.gather(*(world.adjust(tenant, "ADD", 1) for _ in range(3)))
            await world.lock(tenant)
        await world.top_up(tenant, 1_000)
        last = (await world.state(tenant)).version
        assert await reader.hear(last) == await said(world, tenant, before - 1)


async def test_wallets_do_not_hear_one_another(world: World) -> None:
    one, other = await world.tenant(), await world.tenant()
    async with reading(world, one) as reader:
        await world.top_up(one, 1)
        await reader.hear(1)
        await world.top_up(other, 1)
        await world.feed.wake([one, other])
        await reader.hears_nothing()


async def test_a_reader_that_leaves_leaves_nothing_behind(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 1)
    async with reading(world, tenant) as one, reading(world, tenant) as two:
        await one.hear(1)
        await two.hear(1)
        assert world.feed.readers == 2
    assert world.feed.readers == 0


async def taken(changes: Changes) -> list[UUID]:
    async with asyncio.timeout(SOON_SECONDS):
        return await changes.take()


async def test_each_wallet_that_changed_is_told_once_until_it_is_taken(world: World) -> None:
    one, two, three = [await world.tenant() for _ in range(3)]
    every, some = world.feed.watch(None), world.feed.watch([one, three])
    for wallet in (one, two, one, one):
        await world.top_up(wallet, 1)
    assert (await taken(every), await taken(some)) == ([one, two], [one])
    await world.top_up(three, 1)
    assert (await taken(every), await taken(some)) == ([three], [three])
    world.feed.unwatch(every)
    world.feed.unwatch(some)
    assert world.feed.readers == 0


async def test_changes_come_at_most_two_hundred_at_a_time(world: World) -> None:
    changes = Changes(None)
    wallets = [UUID(int=n) for n in range(MOST_CHANGED + 1)]
    changes.add(wallets)
    assert (await taken(changes), await taken(changes)) == (wallets[:-1], wallets[-1:])


async def test_a_change_elsewhere_is_found_by_the_poll_and_told_once(world: World) -> None:
    tenant = await world.tenant()
    changes = world.feed.watch(None)
    async with world.another() as other:
        await other.top_up(tenant, 1)
        await world.feed.poll()
        assert await taken(changes) == [tenant]
        await world.feed.poll()
        await other.top_up(tenant, 1)
        await world.feed.poll()
        assert await taken(changes) == [tenant]
        await world.top_up(tenant, 1)
        assert await taken(changes) == [tenant]
        await world.feed.poll()
        again = asyncio.ensure_future(changes.take())
        await asyncio.sleep(0)
        assert not again.done()
        again.cancel()
