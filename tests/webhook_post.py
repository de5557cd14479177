"""Sending what is due on a simulated clock, and what became of it: what stories of sending share."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import time_machine
from standardwebhooks import Webhook

from domain import access
from server.webhook_http import Sender
from server.webhooks import Deliverer
from services.webhook_endpoints import NewEndpoint, create_endpoint
from services.webhook_messages import send_test
from services.webhook_queries import load_attempts, load_deliveries
from services.webhook_sending import LEASE_SECONDS
from tests.receiver import Heard
from tests.world import World

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
