"""What is sent to webhook endpoints, how often, and what becomes of it: over real sockets, on a simulated clock."""

import asyncio
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from standardwebhooks import Webhook, WebhookVerificationError

from domain import access, ids
from domain.webhooks import DELAYS_SECONDS
from server import webhooks as loop
from server.webhook_http import Sender
from server.webhooks import Deliverer
from services.webhook_endpoints import NewEndpoint, create_endpoint, delete_endpoint, rotate_secret, update_endpoint
from services.webhook_messages import redeliver, send_test
from services.webhook_queries import load_attempts, load_deliveries, load_endpoints
from services.webhook_sending import AT_ONCE, LEASE_SECONDS
from tests.programs import ROOT, free_port
from tests.receiver import OK, Heard, receiving, says
from tests.world import World, opened_world

world = opened_world
START = "2025-02-01T00:00:00+00:00"
LATER = timedelta(seconds=LEASE_SECONDS + 1)


@cache
def trusting_nobody() -> ssl.SSLContext:
    """Loading whom one trusts takes longer than most of these tests."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@asynccontextmanager
async def sending(world: World, **more: Any) -> AsyncIterator[Deliverer]:
    """To this machine too."""
    world.core = replace(world.core, private_webhooks=True)
    deliverer = Deliverer(world.core, Sender(private=True, context=trusting_nobody(), **more))
    yield deliverer
    await deliverer.stop()


async def send_all(deliverer: Deliverer) -> int:
    """What is due, until nothing is; how many messages that were."""
    sent = 0
    while begun := await deliverer.begin():
        sent += begun
        await deliverer.finish()
    return sent


async def stopped(running: "asyncio.Task[None]") -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def add(world: World, url: str) -> tuple[UUID, str]:
    made, secret = await create_endpoint(world.core, access.SYSTEM, NewEndpoint(url))
    assert secret is not None
    return made.id, secret


async def test(world: World, endpoint: UUID) -> UUID:
    return (await send_test(world.core, access.SYSTEM, endpoint)).id


test.__test__ = False  # type: ignore[attr-defined]  # it is a word for what a person does


def now(world: World) -> datetime:
    assert world.core.clock.fixed is not None
    return world.core.clock.fixed


async def stands(delivery: UUID) -> tuple[str, datetime | None, list[tuple[int | None, str | None]]]:
    """Status, when it is tried again, and what each attempt came to."""
    found = (await load_deliveries([delivery]))[delivery]
    attempts = (await load_attempts([delivery]))[delivery]
    return found.status.value, found.next_attempt_at, [(one.status_code, one.error) for one in attempts]


def verified(world: World, secret: str, heard: Heard) -> Any:
    with time_machine.travel(now(world), tick=False):
        return Webhook(secret).verify(heard.body, heard.headers)


def in_docs(language: str) -> str:
    """The first example of docs/webhooks.md in it."""
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1]


def node(secret: str, heard: Heard, at: datetime) -> str:
    """What the documentation's receiver in JavaScript makes of it."""
    program = f"""{in_docs("js")}
        const [secret, now, headers, body] = process.argv.slice(1);
        console.log(receive(secret, JSON.parse(headers), body, Number(now)).type);"""
    found = shutil.which("node")
    if found is None:
        pytest.skip("no Node.js found")
    headers = "{" + ",".join(f'"{name}": "{value}"' for name, value in heard.headers.items()) + "}"
    words = [secret, str(at.timestamp()), headers, heard.body.decode()]
    done = subprocess.run(
        [found, "--input-type=module", "-e", program, "--", *words], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or re.findall(r"Error: (.*)", done.stderr)[0]


async def test_a_message_is_signed_so_that_others_implementations_take_it(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        endpoint, secret = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        assert await send_all(deliverer) == 1
        (heard,) = receiver.heard
        assert (heard.line, heard.headers["host"]) == ("POST /hooks HTTP/1.1", f"127.0.0.1:{receiver.port}")
        assert (heard.id, heard.headers["content-type"]) == (ids.make("whd", delivery), "application/json")
        told = {"type": "webhook.test", "timestamp": START, "data": {"endpointId": ids.make("whe", endpoint)}}
        assert verified(world, secret, heard) == told
        receive: dict[str, Callable[..., Any]] = {}
        exec(in_docs("python"), receive)
        with time_machine.travel(now(world), tick=False):
            assert receive["receive"](secret, heard.headers, heard.body) == told
            for other in (
                replace(heard, body=heard.body + b" "),
                replace(heard, headers={**heard.headers, "webhook-id": "x"}),
            ):
                with pytest.raises(WebhookVerificationError):
                    receive["receive"](secret, other.headers, other.body)
        assert node(secret, heard, now(world)) == "webhook.test"
        assert node(secret, replace(heard, body=heard.body + b" "), now(world)) == "not signed with this secret"
        assert node(secret, heard, now(world) + timedelta(minutes=6)) == "too old, or from the future"
        assert await stands(delivery) == ("DELIVERED", None, [(200, None)])


async def test_for_a_day_after_a_rotation_the_old_secret_signs_too(world: World) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        endpoint, first = await add(world, receiver.url)
        second = (await rotate_secret(world.core, access.SYSTEM, endpoint))[1] or ""

        async def taken_by() -> list[bool]:
            receiver.heard.clear()
            await test(world, endpoint)
            await send_all(deliverer)
            took = []
            for secret in (first, second):
                with suppress(WebhookVerificationError):
                    took.append(bool(verified(world, secret, receiver.heard[0])))
                    continue
                took.append(False)
            return took

        assert await taken_by() == [True, True]
        world.go("2025-02-01T23:59:59")
        assert await taken_by() == [True, True]
        world.go("2025-02-02T00:00:00")
        assert await taken_by() == [False, True]


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


async def test_redirects_are_not_followed_and_a_silent_endpoint_is_not_waited_for(world: World) -> None:
    async with receiving() as elsewhere, receiving() as receiver, sending(world, seconds=0.2) as deliverer:
        receiver.answer = says("302 Found", location=elsewhere.url)
        endpoint, _ = await add(world, receiver.url)
        moved = await test(world, endpoint)
        await send_all(deliverer)
        assert (await stands(moved))[2] == [
            (302, "302 Found: redirects are not followed. Give the address that it leads to.")
        ]
        receiver.answer = None
        silent = await test(world, endpoint)
        await send_all(deliverer)
        assert (await stands(silent))[2] == [(None, "No answer within 0.2 seconds.")]
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nless", None),
        (b"HTTP/1.1 500 Broken\r\ncontent-length: 100\r\n\r\nless", "500 Broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200_000 + b"\r\n", "The connection ended without an answer"),
        (b"ceci n'est pas HTTP\r\n\r\n", "The connection ended without an answer"),
        (b"", "The connection ended without an answer"),
    ],
)
async def test_a_broken_answer_is_an_outcome_like_any_other(answer: bytes, says: str | None) -> None:
    async with receiving() as receiver:
        receiver.answer, sender = answer or b" ", Sender(private=True, context=trusting_nobody())
        outcome = await sender.post(receiver.url, {}, "{}")
        await sender.close()
    assert (outcome.error is None) == (says is None)
    assert (outcome.error or "").startswith(says or "")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example", "xn--a", "[v1.a]"])
async def test_a_host_that_is_no_name_is_an_outcome_like_any_other(host: str) -> None:
    outcome = await Sender(private=False, context=trusting_nobody()).post(f"https://{host}/", {}, "{}")
    assert outcome.status_code is None
    assert (outcome.error or "").startswith("The url names no host")


async def test_nothing_is_sent_into_the_servers_own_network(world: World) -> None:
    async with receiving() as receiver, sending(world):
        sender = Sender(private=False)
        port = receiver.port
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "169.254.169.254"):
            outcome = await sender.post(f"https://{host}:{port}/", {}, "{}")
            assert "an address that messages are not sent to" in (outcome.error or ""), host
        outcome = await sender.post("http://93.184.216.34/", {}, "{}")
        assert "use https" in (outcome.error or "")
        outcome = await sender.post("https://no.such.name.invalid/", {}, "{}")
        assert (outcome.error or "").startswith("The name no.such.name.invalid is not found")
        outcome = await Sender(private=True).post(f"http://127.0.0.1:{free_port()}/", {}, "{}")
        assert (outcome.error or "").startswith("Cannot connect: ")
        assert receiver.heard == []
        await sender.close()


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's with a certificate for the name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))  # noqa: DTZ001 - as the library takes it
        .not_valid_after(datetime(2120, 1, 1))  # noqa: DTZ001
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(plain + made.public_bytes(Encoding.PEM))
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cafile=str(folder / "certificate.pem"))


async def test_the_certificate_is_held_against_the_name_though_the_connection_is_to_an_address(
    tmp_path: Path,
) -> None:
    for name, taken in (("localhost", True), ("elsewhere.example", False)):
        server, client = certified(name, tmp_path)
        async with receiving(server) as receiver:
            sender = Sender(private=True, context=client)
            outcome = await sender.post(f"https://localhost:{receiver.port}/hooks", {}, "{}")
            await sender.close()
            assert (outcome.status_code == 200, len(receiver.heard) == 1) == (taken, taken), outcome
            assert taken or "certificate" in (outcome.error or "")


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


async def test_with_another_secret_of_the_servers_a_message_waits_and_says_why(world: World) -> None:
    async with receiving() as receiver, sending(world):
        endpoint, _ = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        world.core = replace(world.core, secret=b"another secret of the server's")
        async with sending(world) as deliverer:
            await send_all(deliverer)
            status, again, attempts = await stands(delivery)
            assert (status, again is not None, receiver.heard) == ("PENDING", True, [])
            assert "Rotate the endpoint's secret" in (attempts[0][1] or "")
            secret = (await rotate_secret(world.core, access.SYSTEM, endpoint))[1] or ""
            await redeliver(world.core, access.SYSTEM, delivery)
            await send_all(deliverer)
            assert verified(world, secret, receiver.heard[0])


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
async def test_a_process_that_dies_with_a_message_is_followed_by_another_with_the_same_id(
    world: World, database_url: str
) -> None:
    async with receiving() as receiver, sending(world) as deliverer:
        receiver.answer = None
        endpoint, _ = await add(world, receiver.url)
        delivery = await test(world, endpoint)
        command = [sys.executable, "-m", "tests.webhook_sender", database_url, START]
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
