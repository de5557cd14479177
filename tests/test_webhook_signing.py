"""Messages are signed so that others take them, by the secrets of the moment."""

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from standardwebhooks import WebhookVerificationError

from domain import access, ids
from services.webhook_endpoints import rotate_secret
from services.webhook_messages import redeliver
from tests.programs import ROOT
from tests.receiver import Heard, receiving
from tests.webhook_post import START, add, now, send_all, sending, stands, test, verified
from tests.world import World, opened_world

world = opened_world


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
