"""What the posting task does when its database, its connections or its processes die: law 9."""

import asyncio
import itertools
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from domain.refusals import Unavailable
from server import embedded, migrate
from services.posting_batch import Posted
from tests.proxy import Proxy, between
from tests.world import World, line, open_world, opened_world

world = opened_world
PROMPTLY_SECONDS = 8
SOON_SECONDS = 30
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tijori' AND datname = $1"


async def soon(world: World, wallet: UUID, amount: int, key: str) -> Posted:
    """As a client does it: while the database is away, again with the same key."""
    async with asyncio.timeout(SOON_SECONDS):
        while True:
            try:
                return await world.top_up(wallet, amount, key)
            except Unavailable:
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def cut(database_url: str) -> AsyncIterator[tuple[World, Proxy]]:
    async with between(database_url) as (url, proxy), open_world(url) as through:
        yield through, proxy


@pytest.mark.parametrize("how", ["before", "after"])
async def test_an_operation_whose_commit_was_cut_off_is_looked_up_and_done_once(
    cut: tuple[World, Proxy], how: Literal["before", "after"]
) -> None:
    world, proxy = cut
    tenant = await world.tenant()
    await world.price(tenant, "2025-02-01", "100")
    await world.use(tenant, "1")
    world.go("2025-03-01")
    proxy.cut = how
    told = [await world.top_up(tenant, 500, "key", "UPI")]
    proxy.cut = how
    told += [await world.lock(tenant)]
    proxy.cut = how
    told += await asyncio.gather(*(world.adjust(tenant, "ADD", n) for n in range(1, 6)))
    proxy.cut, proxy.skip = how, 1  # the run's own row comes first
    billed = await world.bill("2025-02", tenant)
    assert proxy.cuts == 4
    assert not any(posted.replayed for posted in told)
    assert [line(t) for posted in told for t in posted.transactions] == [
        "CREDIT TOP_UP +500", "LOCK MANUAL", *(f"CREDIT ADJUSTMENT +{n}" for n in range(1, 6))
    ]  # fmt: skip
    assert (billed.run.done, billed.run.invoice_count) == (1, 1)
    assert await world.money(tenant) == (415, 0, 0)
    assert (await world.state(tenant)).version == 8


async def test_where_the_database_stays_away_after_a_cut_the_key_tells_what_became_of_it(
    cut: tuple[World, Proxy],
) -> None:
    world, proxy = cut
    tenant = await world.tenant()
    proxy.cut, proxy.refusing = "after", True
    with pytest.raises(Unavailable, match="Repeat with the same key"):
        await world.top_up(tenant, 500, "key")
    proxy.refusing = False
    assert (await soon(world, tenant, 500, "key")).replayed
    assert await world.lines(tenant) == ["CREDIT TOP_UP +500"]


async def test_connections_that_are_killed_lose_nothing_and_double_nothing(world: World) -> None:
    tenant = await world.tenant()
    answered, kills = 0, 0
    [(name,)] = await world.sql("SELECT current_database()")
    one_at_a_time = asyncio.Lock()  # the killing connection takes one statement at a time

    async def client(world: World, caller: int) -> None:
        nonlocal answered, kills
        for number in range(40):
            await soon(world, tenant, 1, f"key-{caller}-{number}")
            answered += 1
            if answered % 40 == 0:
                kills += 1
                async with one_at_a_time:
                    await world.sql(KILL, name)

    async with world.another() as other, asyncio.TaskGroup() as clients:
        for caller in range(10):
            clients.create_task(client((world, other)[caller % 2], caller))
    assert kills == 10
    assert await world.money(tenant) == (400, 0, 0)


@pytest.fixture
def data() -> Iterator[Path]:
    """For a database server that the test itself starts and stops; its path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="tijori-test-", ignore_cleanup_errors=True) as place:
        yield Path(place) / "data"


async def reconnect(world: World, url: str) -> None:
    world.database.terminate()
    world.database = await asyncpg.connect(url)


async def test_a_database_that_stops_is_unavailable_promptly_and_back_after_its_restart(data: Path) -> None:
    first = ExitStack()
    url = first.enter_context(embedded.running(data)).url()
    await asyncio.to_thread(migrate.apply, url)
    with ExitStack() as second:
        async with open_world(url) as world:
            tenant = await world.tenant()
            await world.top_up(tenant, 1, "first")
            first.close()
            for key in ("second", "third"):
                async with asyncio.timeout(PROMPTLY_SECONDS):
                    with pytest.raises(Unavailable, match="Repeat with the same key"):
                        await world.top_up(tenant, 1, key)
                    with pytest.raises(Unavailable):
                        await world.use(tenant, "1")
            second.enter_context(embedded.running(data))
            await reconnect(world, url)
            posted = [await soon(world, tenant, 1, key) for key in ("first", "second", "third")]
            assert [p.replayed for p in posted] == [True, False, False]
            assert await world.money(tenant) == (3, 0, 0)


@pytest.mark.proof
async def test_a_database_that_crashes_under_load_keeps_everything_that_was_answered(data: Path) -> None:
    with ExitStack() as servers:
        url = servers.enter_context(embedded.running(data)).url()
        await asyncio.to_thread(migrate.apply, url)
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        async with open_world(url) as world:
            tenant = await world.tenant()
            answered: list[str] = []

            async def client(caller: int) -> None:
                for number in itertools.count():
                    await world.top_up(tenant, 1, f"{caller}-{number}")
                    answered.append(f"{caller}-{number}")
                    if len(answered) == 500:
                        os.kill(postmaster, signal.SIGQUIT)

            outcomes = await asyncio.gather(*(client(n) for n in range(20)), return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {Unavailable}
            servers.close()
            servers.enter_context(embedded.running(data))
            await reconnect(world, url)
            for key in answered:
                assert (await soon(world, tenant, 1, key)).replayed
            doubtful = len(await world.log(tenant)) - len(answered)
            assert 0 <= doubtful <= 20


async def test_processes_that_are_killed_keep_what_they_answered_and_nothing_counts_twice(world: World) -> None:
    tenant = await world.tenant()
    processes = [await poster(world.url, tenant, f"process-{n}") for n in range(2)]
    answered = [await read_keys(process, 300) for process in processes]
    for process in processes:
        process.kill()
    for process, keys in zip(processes, answered, strict=True):
        assert process.stdout is not None
        keys.update(int(word) for word in (await process.stdout.read()).decode().split("\n")[:-1])
        await process.wait()
    known = {key for (key,) in await world.sql("SELECT idempotency_key FROM operations")}
    assert {f"process-{n}-{key}" for n in range(2) for key in answered[n]} <= known
    assert await world.money(tenant) == (len(known), 0, 0)
    again = await asyncio.gather(*(world.top_up(tenant, 1, key) for key in known))
    assert all(posted.replayed for posted in again)
    assert await world.money(tenant) == (len(known), 0, 0)


async def poster(url: str, wallet: UUID, prefix: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.poster", url, str(wallet), prefix]
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)


async def read_keys(process: asyncio.subprocess.Process, count: int) -> set[int]:
    assert process.stdout is not None
    return {int(await process.stdout.readline()) for _ in range(count)}


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"),
        ("SET default_transaction_read_only = on", "RESET default_transaction_read_only"),
    ],
    ids=["maintenance", "failover"],
)
async def test_a_database_that_takes_no_connections_or_no_writes_for_a_while_is_unavailable_and_then_back(
    database_url: str, administrator: "asyncpg.Connection[asyncpg.Record]", away: str, back: str
) -> None:
    async with open_world(database_url) as world:
        tenant = await world.tenant()
        await world.top_up(tenant, 1)
        [(name,)] = await world.sql("SELECT current_database()")
        await administrator.execute(f"ALTER DATABASE {name} {away}")
        await administrator.fetch(KILL, name)
        async with asyncio.timeout(PROMPTLY_SECONDS):
            with pytest.raises(Unavailable):
                await world.top_up(tenant, 1, "key")
        await administrator.execute(f"ALTER DATABASE {name} {back}")
        assert not (await soon(world, tenant, 1, "key")).replayed
        assert await world.money(tenant) == (2, 0, 0)


async def test_a_wallet_that_someone_holds_is_unavailable_and_stops_only_itself(database_url: str) -> None:
    async with open_world(database_url, lock_timeout="100") as world:
        held, free = await world.tenant(), await world.tenant()
        async with world.database.transaction():
            await world.database.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", held)
            with capture_logs():
                outcomes = await asyncio.gather(
                    *(world.top_up(wallet, 1) for wallet in (free, held, free)), return_exceptions=True
                )
            assert [type(outcome) for outcome in outcomes] == [Posted, Unavailable, Posted]
            assert await world.money(free) == (2, 0, 0)
        await world.top_up(held, 1)
        assert await world.money(held) == (1, 0, 0)
