"""What is sent to webhook endpoints, how often, and what becomes of it: over real sockets, on a simulated clock."""

import asyncio
import sys
from datetime import timedelta

import pytest

from domain import access, ids
from domain.webhooks import DELAYS_SECONDS
from server import webhooks as loop
from services.webhook_endpoints import delete_endpoint, update_endpoint
from services.webhook_messages import redeliver
from services.webhook_queries import load_endpoints
from services.webhook_sending import AT_ONCE
from tests.programs import ROOT
from tests.receiver import OK, receiving, says
from tests.webhook_post import LATER, START, add, now, send_all, sending, stands, stopped, test, verified
from tests.world import World, opened_world

world = opened_world


async def test_what_is_not_taken_is_sent_again_by_the_same_id_and_bytes_until_it_has_failed(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = says("500 Broken", "out\x00 of\norder " + "x" * 5_000)
        endpoint, secret = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        for number, delay in enumerate((*DELAYS_SECONDS, None), 1):
            assert await send_all(deliverer) == 1
            verified(world, secret, receiver.heard[-1])
            status, again, attempts = await stands(delivery)
            assert len(attempts) == number
            if delay is None or again is None:
                break
            assert now(world) + timedelta(seconds=delay) <= again <= now(world) + timedelta(seconds=delay) * 1.1
            world.core.clock.set(again - timedelta(microseconds=1))
            assert await send_all(deliverer) == 0
            world.core.clock.set(again)
        assert (status, again, len(receiver.heard)) == ("FAILED", None, 10)
        assert {(one.id, one.body) for one in receiver.heard} == {(receiver.heard[0].id, receiver.heard[0].body)}
        code, error = attempts[0]
        assert code == 500
        assert error is not None
        assert error.startswith("500 Broken: out of order xxx")
        assert len(error) == 300
        failing = (await load_endpoints(now(world), [endpoint]))[endpoint].failing_since
        assert failing is not None
        assert failing.isoformat() == START


async def test_an_endpoint_that_works_again_is_not_failing_and_failed_messages_may_be_delivered_again(
    world: World,
) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = says("503 Later")
        endpoint, _ = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        await send_all(deliverer)
        receiver.answer = says("204 Taken")
        await redeliver(world.core, access.SYSTEM, delivery)
        assert await send_all(deliverer) == 1
        assert (await stands(delivery))[::2] == ("DELIVERED", [(503, "503 Later"), (204, None)])
        assert (await load_endpoints(None, [endpoint]))[endpoint].failing_since is None
        for _ in range(19):
            await redeliver(world.core, access.SYSTEM, delivery)
            await send_all(deliverer)
        assert {one.id for one in receiver.heard} == {ids.make("whd", delivery)}
        assert len((await stands(delivery))[2]) == 20


async def test_an_endpoint_that_is_gone_is_switched_off_and_what_waits_for_it_is_not_sent(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = says("410 Gone")
        endpoint, _ = await add(world, receiver.url)
        first = await test(world, endpoint)
        await send_all(deliverer)
        found = (await load_endpoints(None, [endpoint]))[endpoint]
        assert (found.active, found.gone_at) == (False, now(world))
        assert await stands(first) == ("FAILED", None, [(410, "410 Gone")])
        audit = await world.sql("SELECT actor, action FROM audit_entries ORDER BY id DESC LIMIT 1")
        assert audit == [("system", "disableWebhookEndpoint")]
        await update_endpoint(world.core, access.SYSTEM, endpoint, {"active": True})
        assert (await load_endpoints(None, [endpoint]))[endpoint].gone_at is None
        late = await test(world, endpoint)
        await delete_endpoint(world.core, access.SYSTEM, endpoint)
        assert await send_all(deliverer) == 1
        assert await stands(late) == (
            "FAILED",
            None,
            [(None, "Not sent: the endpoint was switched off or deleted.")],
        )
        assert len(receiver.heard) == 1


async def test_a_slow_endpoint_holds_up_no_other(world: World) -> None:
    async with receiving() as slow, receiving() as quick, sending(world) as deliverer:
        slow.answer = None
        for receiver in (slow, quick):
            endpoint, _ = await add(world, receiver.url)
            for _ in range(8):
                await test(world, endpoint)
        running = asyncio.create_task(deliverer.run())
        await quick.hears(8)
        await slow.hears(AT_ONCE)
        assert (slow.most_under_way, len(slow.heard)) == (AT_ONCE, AT_ONCE)
        slow.answer = OK
        slow.free.set()
        await slow.hears(8)
        await stopped(running)
        assert sorted(one.id for one in slow.heard) == sorted({one.id for one in slow.heard})
        assert len(slow.heard) == 8


async def test_a_failing_endpoint_is_tried_by_one_request_at_a_time(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = says("500 Broken")
        endpoint, _ = await add(world, receiver.url)
        await test(world, endpoint)
        await send_all(deliverer)
        for _ in range(5):
            await test(world, endpoint)
        assert await deliverer.begin() == 1


async def test_of_two_processes_one_sends_each_message(world: World) -> None:
    async with receiving() as receiver, sending(world) as one, sending(world) as other:
        for _ in range(3):
            endpoint, _ = await add(world, receiver.url)
            for _ in range(5):
                await test(world, endpoint)
        sent = await asyncio.gather(send_all(one), send_all(other))
        assert sum(sent) == len(receiver.heard) == len({heard.id for heard in receiver.heard}) == 15


async def test_whose_lease_is_over_writes_nothing_any_more(world: World) -> None:
    async with receiving() as receiver, sending(world) as late, sending(world) as other:
        receiver.answer = None
        endpoint, _ = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        assert await late.begin() == 1
        await receiver.hears(1)
        assert await other.begin() == 0
        world.core.clock.set(now(world) + LATER)
        receiver.answer = says("200 OK")
        assert await send_all(other) == 1
        receiver.answer = says("500 Broken")
        receiver.free.set()
        await late.finish()
        assert await stands(delivery) == ("DELIVERED", None, [(200, None)])
        assert world.core.webhooks.attempts == {"delivered": 1, "unknown": 1}
        assert len({one.id for one in receiver.heard}) == 1


async def test_a_message_is_sent_as_soon_as_it_is_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "POLL_SECONDS", 60.0)
    async with receiving() as receiver, sending(world) as deliverer:
        endpoint, _ = await add(world, receiver.url)
        running = asyncio.create_task(deliverer.run())
        for number in range(1, 4):
            await test(world, endpoint)
            await receiver.hears(number)
        for _ in range(10):  # more than at once: each one that ends makes room
            await test(world, endpoint)
        await receiver.hears(13)
        await stopped(running)


@pytest.mark.proof
async def test_a_process_that_dies_with_a_message_is_followed_by_another_with_the_same_id(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = None
        endpoint, _ = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        command = [sys.executable, "-m", "tests.webhook_sender", world.url, START]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=-1, stdout=-1)
        assert process.stdout is not None
        assert process.stdin is not None
        assert await process.stdout.readline() == b"ready\n"
        process.stdin.write(b"go\n")
        await receiver.hears(1)
        process.kill()
        await process.wait()
        assert await stands(delivery) == ("PENDING", now(world), [])
        assert await send_all(deliverer) == 0
        world.core.clock.set(now(world) + LATER)
        receiver.answer = OK
        assert await send_all(deliverer) == 1
        assert [one.id for one in receiver.heard] == [ids.make("whd", delivery)] * 2
        assert (await stands(delivery))[0] == "DELIVERED"
