"""What the posting task does when callers leave, and many processes post at once: laws 7, 9 and 10."""

import asyncio
from datetime import timedelta

from domain.refusals import Unavailable
from services.clock import Clock
from services.posting import QUEUE_LIMIT
from services.posting_batch import Posted
from services.wallets import tick
from tests.world import World, at, open_world, opened_world

world = opened_world


async def test_a_caller_that_goes_away_does_not_stop_its_money(world: World) -> None:
    tenant = await world.tenant()
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM wallets FOR UPDATE")
        callers = [asyncio.create_task(world.top_up(tenant, 100, f"key-{n}")) for n in range(4)]
        await world.waiting(1)
        for caller in callers[:2]:
            caller.cancel()
        await asyncio.wait(callers[:2])
    await asyncio.gather(*callers[2:])
    assert [caller.cancelled() for caller in callers] == [True, True, False, False]
    assert await world.money(tenant) == (400, 0, 0)
    async with world.unchanged():
        assert [(await world.top_up(tenant, 100, f"key-{n}")).replayed for n in range(4)] == [True] * 4


async def test_a_full_queue_is_unavailable_at_once_and_what_is_queued_is_done(database_url: str) -> None:
    async with open_world(database_url, lock_timeout="0", statement_timeout="0") as world:
        tenant = await world.tenant()
        async with world.database.transaction():
            await world.database.execute("SELECT 1 FROM wallets FOR UPDATE")
            first = asyncio.create_task(world.top_up(tenant, 100))
            await world.waiting(1)
            queued = [asyncio.create_task(tick(world.core, tenant)) for _ in range(QUEUE_LIMIT)]
            await asyncio.sleep(0)
            assert world.core.posting.queued == QUEUE_LIMIT
            async with world.refuses(Unavailable):
                await world.top_up(tenant, 100, "late")
        await asyncio.gather(first, *queued)
        await world.top_up(tenant, 100, "late")
        assert await world.money(tenant) == (200, 0, 0)


async def test_stopping_finishes_what_is_queued_and_takes_no_more(world: World) -> None:
    tenant = await world.tenant()
    async with world.another() as leaving:
        queued = [asyncio.create_task(leaving.top_up(tenant, 1)) for _ in range(1_000)]
        await asyncio.sleep(0)
        assert leaving.core.posting.queued == 1_000
        await leaving.core.posting.stop()
        assert [caller.done() for caller in queued] == [True] * 1_000
        async with world.refuses(Unavailable):
            await leaving.top_up(tenant, 1)
    assert await world.money(tenant) == (1_000, 0, 0)


async def test_time_never_goes_back_even_if_a_clock_does(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 1)
    async with world.another(Clock(at("2025-02-01") - timedelta(days=30))) as behind:
        posted = await behind.top_up(tenant, 2)
    assert [t.after.time for t in await world.log(tenant)] == [at("2025-02-01")] * 2
    assert posted.transactions[0].after.time == at("2025-02-01")


async def test_two_hundred_top_ups_over_three_wallets_and_two_processes_all_count(world: World) -> None:
    wallets = [await world.tenant(), await world.user(), await world.tenant()]
    async with world.another() as other:
        posted = await asyncio.gather(
            *((world, other)[n % 2].top_up(wallets[n % 3], n + 1, f"key-{n}") for n in range(200))
        )
    assert [p.transactions[0].amount for p in posted] == list(range(1, 201))
    for which, wallet in enumerate(wallets):
        amounts = range(which + 1, 201, 3)
        assert await world.money(wallet) == (sum(amounts), 0, 0)
        assert (await world.state(wallet)).version == len(amounts)


async def test_two_processes_that_post_one_by_one_wait_for_one_another(world: World) -> None:
    tenant = await world.tenant()

    async def client(world: World) -> None:
        for _ in range(60):
            await world.top_up(tenant, 1)

    async with world.another() as other:
        await asyncio.gather(client(world), client(other))
    assert await world.money(tenant) == (120, 0, 0)


async def test_fifty_copies_of_one_key_over_two_processes_have_one_effect(world: World) -> None:
    tenant = await world.tenant()
    async with world.another() as other:
        posted = await asyncio.gather(*((world, other)[n % 2].top_up(tenant, 500, "key") for n in range(50)))
    assert await world.lines(tenant) == ["CREDIT TOP_UP +500"]
    assert sorted(p.replayed for p in posted) == [False, *[True] * 49]
    assert {(p.operation.id, p.transactions) for p in posted} == {(posted[0].operation.id, posted[0].transactions)}


async def test_debits_of_two_processes_never_take_more_than_there_is(world: World) -> None:
    tenant = await world.tenant()
    await world.top_up(tenant, 100)
    async with world.another() as other:
        outcomes = await asyncio.gather(
            *((world, other)[n % 2].adjust(tenant, "SUBTRACT", 7) for n in range(40)), return_exceptions=True
        )
    assert sum(isinstance(outcome, Posted) for outcome in outcomes) == 14
    assert await world.money(tenant) == (2, 0, 0)
