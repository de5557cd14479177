"""Rules, and tenants that stand as a story wants it: what stories of alerts share."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest_asyncio

from domain import access
from domain.access import Role, viewer_of_token
from domain.alerts import AlertCondition, AlertRule, Threshold
from domain.standing import Standing
from server.embedded import Server
from services.alert_rules import NewRule, create_rule
from services.alerts import judge
from services.database import write
from services.identity import new_uuid
from tests import database
from tests.world import World, at, open_world

LOW, MONTHS, LOCKS, LOCKED, PRICE = AlertCondition
ADMIN = viewer_of_token(new_uuid(), None, access.PERMISSIONS[Role.SUPER_ADMIN])
OPEN = "SELECT count(*)::int FROM alerts WHERE recovered_at IS NULL AND rule_id = $1"
ENDPOINT = """
INSERT INTO webhook_endpoints (id, url, description, tenant_id, event_types, active, secret, created_at)
VALUES ($1, 'https://hooks.example/', '', $2, '{}', true, 'x', now())
"""
SENT = "SELECT payload FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY id"


@pytest_asyncio.fixture(scope="module")
async def shared_world(
    database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> AsyncIterator[World]:
    """One for all: each test has a currency of its own."""
    async with database.copy(database_server, administrator) as url, open_world(url) as world:
        yield world


async def new_rule(
    world: World, condition: AlertCondition, currency: str, tenant: UUID | None = None, **threshold: Any
) -> AlertRule:
    asked = NewRule("watched", condition, Threshold(**threshold), currency, tenant)
    return (await create_rule(world.core, ADMIN, asked)).rule


async def judged(world: World, *standings: Standing) -> set[UUID | None]:
    return await write(lambda connection: judge(connection, world.core.clock.fixed or at("2025-02-01"), standings))


def standing(tenant: UUID, currency: str, available: int = 0, **more: Any) -> Standing:
    return replace(Standing(tenant, tenant, currency, available, 0, False, None, None, None), **more)


async def listens(world: World, tenant: UUID | None) -> UUID:
    endpoint = new_uuid()
    await world.sql(ENDPOINT, endpoint, tenant)
    return endpoint


async def heard(world: World, endpoint: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Types and data of what it is sent."""
    payloads = [orjson.loads(text) for (text,) in await world.sql(SENT, endpoint)]
    return [(told["type"], told["data"]) for told in payloads]
