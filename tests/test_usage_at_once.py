"""Corrections, copies at once, late usage and streams of it: laws 15, 16 and 17."""

import asyncio
from collections.abc import Awaitable

from domain.refusals import UsageRefused
from domain.usage import Tally
from tests.world import World, at, event, opened_world, reasons

world = opened_world
SOON_SECONDS = 20


async def test_a_correction_counts_where_and_when_the_corrected_did(world: World) -> None:
    tenant = await world.priced()
    await world.price(tenant, "2025-02-01", "20")
    await world.use(tenant, "10", "2025-01-31", "january")
    tally = await world.use(tenant, "-4", key="less", corrects="january")
    assert tally.recorded[0].occurred_at == at("2025-01-31")
    await world.use(tenant, "-6", "2025-02-01", key="none", corrects="january")
    assert await world.totals(tenant) == [("01", "EPAPER", "0", "0", 3)]


async def test_a_correction_never_takes_more_than_there_is(world: World) -> None:
    tenant = await world.priced()
    await world.price(tenant, "2025-01-01", "1", service="SMS", unit="message")
    await world.record(
        event(tenant, "10", key="ten"), event(tenant, "100"), event(tenant, "-4", key="less", corrects="ten")
    )
    wrong = [
        event(tenant, "-6.000001", corrects="ten"),
        event(tenant, "-1", corrects="less"),
        event(tenant, "-1", corrects="unknown"),
        event(tenant, "-1", service="SMS", corrects="ten"),
        event(await world.priced(), "-1", corrects="ten"),
    ]
    for one in wrong:
        assert reasons(await world.refuses_usage(one)) == [(0, "BELOW_ZERO")]
    assert reasons(await world.refuses_usage(*(event(tenant, "-4", corrects="ten") for _ in range(2)))) == [
        (1, "BELOW_ZERO")
    ]
    await world.use(tenant, "-6", corrects="ten")
    assert await world.totals(tenant) == [("02", "EPAPER", "100", "0", 4)]


async def at_once(world: World, *stories: Awaitable[Tally]) -> list[Tally | BaseException]:
    """All of them have begun, and wait for one of us, before any goes on."""
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM tenants FOR UPDATE")
        running = [asyncio.ensure_future(story) for story in stories]
        await world.waiting(len(stories))
    return await asyncio.gather(*running, return_exceptions=True)


async def test_corrections_at_once_never_take_more_than_there_is(world: World) -> None:
    tenant = await world.priced()
    await world.record(event(tenant, "10", key="ten"), event(tenant, "100"))
    outcomes = await at_once(world, *(world.use(tenant, "-4", corrects="ten") for _ in range(10)))
    assert sum(isinstance(outcome, UsageRefused) for outcome in outcomes) == 8
    assert await world.totals(tenant) == [("02", "EPAPER", "102", "0", 4)]


async def test_copies_at_once_over_several_connections_count_once(world: World) -> None:
    tenant = await world.priced()
    events = [event(tenant, "1", key=f"key-{n}") for n in range(20)]
    tallies = await at_once(world, *(world.record(*events[n:], *events[:n]) for n in range(10)))
    assert sorted(len(tally.recorded) for tally in tallies if isinstance(tally, Tally)) == [*[0] * 9, 20]
    assert await world.totals(tenant) == [("02", "EPAPER", "20", "0", 20)]


async def test_the_same_key_at_once_with_other_content_is_told_so(world: World) -> None:
    tenant = await world.priced()
    outcomes = await at_once(world, *(world.use(tenant, str(n), key="key") for n in range(1, 9)))
    assert sum(isinstance(outcome, UsageRefused) for outcome in outcomes) == 7
    assert len(await world.sql("SELECT 1 FROM usage_events")) == 1


async def test_a_caller_that_goes_away_does_not_stop_what_it_recorded(world: World) -> None:
    tenant = await world.priced()
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM tenants FOR UPDATE")
        caller = asyncio.create_task(world.use(tenant, "1", key="key"))
        await world.waiting(1)
        caller.cancel()
        await asyncio.wait([caller])
    assert (await world.use(tenant, "1", key="key")).duplicates == 1
    assert await world.totals(tenant) == [("02", "EPAPER", "1", "0", 1)]


async def test_a_stream_of_usage_keeps_neither_money_nor_prices_nor_months_waiting(world: World) -> None:
    tenant = await world.priced()
    world.go("2025-03-01")
    streaming = True

    async def stream() -> None:
        while streaming:
            await world.use(tenant, "1")

    streams = [asyncio.create_task(stream()) for _ in range(9)]
    async with asyncio.timeout(SOON_SECONDS):
        for n in range(10):
            await world.top_up(tenant, 1)
            await world.price(tenant, f"2025-04-{n + 1:02d}", "5")
        await world.bill("2025-02", tenant)
    streaming = False
    await asyncio.gather(*streams)
    assert (await world.money(tenant))[0] == 10
    assert await world.sql("SELECT to_char(month, 'MM') FROM billing_months ORDER BY 1") == [("02",)]


async def test_late_usage_is_accepted_up_to_two_closed_months_back(world: World) -> None:
    tenant = await world.priced()
    await world.use(tenant, "1", "2025-02-01", "february")
    world.go("2025-05-10")
    await world.bill("2025-04", tenant)
    await world.use(tenant, "2", "2025-03-01", "march")
    await world.use(tenant, "4", "2025-04-30")
    await world.use(tenant, "8", "2025-05-01")
    await world.use(tenant, "-1", corrects="march")
    for late in (event(tenant, "1", "2025-02-28T23:59:59.999999"), event(tenant, "-1", corrects="february")):
        refusal = await world.refuses_usage(late)
        assert reasons(refusal) == [(0, "PERIOD_CLOSED")]
        assert refusal.events[0].open_from == at("2025-03-01")
    assert await world.totals(tenant) == [
        ("02", "EPAPER", "1", "0", 1), ("03", "EPAPER", "1", "1", 2), ("04", "EPAPER", "4", "4", 1),
        ("05", "EPAPER", "8", "0", 1),
    ]  # fmt: skip
