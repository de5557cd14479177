"""Names whose look-up takes long hold up no others, and are looked up once however many ask."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address

import pytest

from server import webhook_names
from server.webhook_names import Address, Names

HERE: list[Address] = [ip_address("127.0.0.1")]


class Resolver:
    """Answers for slow names once it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.free = threading.Event()

    def look(self, host: str, _port: int) -> Sequence[Address]:
        self.asked.append(host)
        if host.startswith("slow"):
            self.free.wait(30)
        if host == "missing":
            raise OSError("not found")
        return HERE


@pytest.fixture
async def resolver() -> AsyncIterator[Resolver]:
    made = Resolver()
    yield made
    made.free.set()


async def test_a_slow_name_is_looked_up_once_and_others_are_answered_meanwhile(resolver: Resolver) -> None:
    names = Names(resolver.look)
    waiting = [asyncio.ensure_future(names.addresses("slow", 443)) for _ in range(200)]
    async with asyncio.timeout(20):
        assert await names.addresses("quick", 443) == HERE
        with pytest.raises(OSError, match="not found"):
            await names.addresses("missing", 443)
        waiting.pop().cancel()
        resolver.free.set()
        assert await asyncio.gather(*waiting) == [HERE] * 199
    assert resolver.asked.count("slow") == 1
    assert await names.addresses("slow", 443) == HERE
    assert resolver.asked.count("slow") == 2


async def test_no_more_names_are_looked_up_at_once_than_there_are_places(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_names, "AT_ONCE", 2)
    names = Names(resolver.look)
    waiting = [asyncio.ensure_future(names.addresses(f"slow{number}", 443)) for number in range(3)]
    given_up = asyncio.ensure_future(names.addresses("slow9", 443))
    async with asyncio.timeout(20):
        while len(resolver.asked) < 2:  # noqa: ASYNC110 - a thread asks
            await asyncio.sleep(0.001)
        assert sorted(resolver.asked) == ["slow0", "slow1"]
        given_up.cancel()
        resolver.free.set()
        assert await asyncio.gather(*waiting) == [HERE] * 3
    assert sorted(resolver.asked) == ["slow0", "slow1", "slow2"]


async def test_no_end_of_the_process_waits_for_a_look_up(resolver: Resolver) -> None:
    waiting = asyncio.ensure_future(Names(resolver.look).addresses("slow", 443))
    await asyncio.sleep(0)
    looking = [thread for thread in threading.enumerate() if thread.name == "webhook-names"]
    assert looking
    assert all(thread.daemon for thread in looking)
    resolver.free.set()
    assert await waiting == HERE
