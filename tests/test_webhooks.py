"""Which endpoints hear of what, who may change them, and that their secrets are shown once and kept encrypted."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from domain import access
from domain.refusals import Forbidden, NotFound, NotPossible
from domain.webhooks import MOST_ENDPOINTS
from services.database import write
from services.identity import new_uuid
from services.tidying import tidy
from services.webhook_endpoints import (
    NewEndpoint,
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)
from services.webhook_messages import redeliver, send_test
from services.webhook_secrets import UnreadableSecretError, sealed, unsealed
from services.webhooks import WebhookEvent, announce
from tests.api import Api, api
from tests.world import World, at, opened_world

world = opened_world
URL = "https://example.com/hooks"
NOBODY = access.viewer_of_user(new_uuid(), access.Role.SUPPORT, None, None)
HEARD = "SELECT endpoint_id, event_type FROM webhook_deliveries ORDER BY id"
FIELDS = """fragment Endpoint on WebhookEndpoint { id url description tenant { name } eventTypes active failingSince
    goneAt oldSecretUntil deletedAt deliveries { totalCount } } """
CREATE = f"""{FIELDS} mutation ($input: CreateWebhookEndpointInput!) {{ createWebhookEndpoint(input: $input) {{
    ... on WebhookSecretPayload {{ secret endpoint {{ ...Endpoint }} }} }} }}"""
LIST = FIELDS + "{ webhookEndpoints { totalCount edges { node { ...Endpoint } } } }"
TEST = "mutation ($id: ID!) { testWebhookEndpoint(id: $id) { ... on WebhookDeliveryPayload { delivery { id } } } }"
ROTATE = """mutation ($id: ID!) { rotateWebhookSecret(id: $id) {
    ... on WebhookSecretPayload { secret endpoint { oldSecretUntil } } } }"""
LOG = """query ($status: WebhookDeliveryStatus, $first: Int, $after: String) {
    webhookDeliveries(status: $status, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { id eventType status payload endpoint { url } attempts { statusCode } } } } }"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def add(world: World, url: str = URL, tenant: UUID | None = None, *types: str) -> UUID:
    return (await create_endpoint(world.core, access.SYSTEM, NewEndpoint(url, "", tenant, types)))[0].id


async def tell(world: World, *events: WebhookEvent) -> None:
    instant = world.core.clock.fixed
    assert instant is not None
    await write(lambda connection: announce(connection, instant, events))


async def test_an_endpoint_hears_of_its_tenant_or_of_all_and_of_what_it_chose(world: World) -> None:
    ours, theirs = await world.tenant(), await world.tenant("Elsewhere")
    everything, own = await add(world), await add(world, URL, ours)
    fired, off = await add(world, URL, None, "alert.fired"), await add(world)
    deleted = await add(world)
    await update_endpoint(world.core, access.SYSTEM, off, {"active": False})
    await delete_endpoint(world.core, access.SYSTEM, deleted)
    told = [("alert.fired", ours), ("alert.recovered", theirs), ("alert.recovered", None)]
    await tell(world, *(WebhookEvent(kind, tenant, {"of": str(tenant)}) for kind, tenant in told))
    assert await world.sql(HEARD) == [
        *((one, "alert.fired") for one in (everything, own, fired)),
        *((everything, "alert.recovered") for _ in range(2)),
    ]


async def test_there_are_so_many_endpoints_at_most_of_a_tenant_and_of_all(world: World) -> None:
    tenant = await world.tenant()
    first, *_ = [await add(world, URL, tenant) for _ in range(2)]
    await world.sql("""INSERT INTO webhook_endpoints (id, url, description, tenant_id, event_types, active, secret,
        created_at) SELECT gen_random_uuid(), url, '', tenant_id, '{}', false, secret, created_at
        FROM webhook_endpoints, generate_series(1, $2) WHERE id = $1""", first, MOST_ENDPOINTS - 3)  # fmt: skip
    made = await asyncio.gather(*(add(world, URL, tenant) for _ in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["NotPossible", "NotPossible", "UUID"]
    async with world.refuses(NotPossible) as caught:
        await add(world, URL, tenant)
    assert str(caught.value) == "There are 100 such endpoints, which is the most: delete one first."
    await add(world)
    await delete_endpoint(world.core, access.SYSTEM, first)
    await add(world, URL, tenant)


async def test_what_was_rolled_back_is_told_to_nobody(world: World) -> None:
    await add(world)

    async def work(connection: Any) -> None:
        await announce(connection, at("2025-02-01"), [WebhookEvent("alert.fired", None, {})])
        raise NotFound("as a test wants it")

    with pytest.raises(NotFound):
        await write(work)
    assert await world.sql(HEARD) == []


async def test_only_whoever_may_changes_webhooks_and_each_change_is_audited(world: World) -> None:
    endpoint = await add(world)
    sent = (await send_test(world.core, access.SYSTEM, endpoint)).id
    async with world.unchanged():
        with pytest.raises(Forbidden):
            await create_endpoint(world.core, NOBODY, NewEndpoint(URL))
        for change in (
            update_endpoint(world.core, NOBODY, endpoint, {}),
            delete_endpoint(world.core, NOBODY, endpoint),
        ):
            with pytest.raises(Forbidden):
                await change
        for act in (rotate_secret(world.core, NOBODY, endpoint), send_test(world.core, NOBODY, endpoint)):
            with pytest.raises(Forbidden):
                await act
        with pytest.raises(Forbidden):
            await redeliver(world.core, NOBODY, sent)
    await update_endpoint(world.core, access.SYSTEM, endpoint, {"description": "ours"})
    await update_endpoint(world.core, access.SYSTEM, endpoint, {"description": "ours"})
    await rotate_secret(world.core, access.SYSTEM, endpoint)
    await redeliver(world.core, access.SYSTEM, sent)
    await delete_endpoint(world.core, access.SYSTEM, endpoint)
    assert [row[0] for row in await world.sql("SELECT action FROM audit_entries ORDER BY id")] == [
        "createWebhookEndpoint",
        "testWebhookEndpoint",
        "updateWebhookEndpoint",
        "rotateWebhookSecret",
        "redeliverWebhook",
        "deleteWebhookEndpoint",
    ]


async def test_delivering_again_waits_for_what_becomes_of_the_try_under_way_and_not_in_a_circle(world: World) -> None:
    endpoint = await add(world)
    sent = (await send_test(world.core, access.SYSTEM, endpoint)).id
    async with world.database.transaction():
        await world.database.execute("UPDATE webhook_deliveries SET tries = tries + 1 WHERE id = $1", sent)
        again = asyncio.create_task(redeliver(world.core, access.SYSTEM, sent))
        await world.waiting(1)
        await world.database.execute("UPDATE webhook_endpoints SET failing_since = now() WHERE id = $1", endpoint)
    assert (await again).id == sent


async def test_a_dry_run_writes_nothing(world: World) -> None:
    endpoint = await add(world)
    sent = (await send_test(world.core, access.SYSTEM, endpoint)).id
    async with world.unchanged():
        made = await create_endpoint(world.core, access.SYSTEM, NewEndpoint(URL), dry_run=True)
        assert made[1] is None
        await update_endpoint(world.core, access.SYSTEM, endpoint, {"active": False}, dry_run=True)
        await delete_endpoint(world.core, access.SYSTEM, endpoint, dry_run=True)
        assert (await rotate_secret(world.core, access.SYSTEM, endpoint, dry_run=True))[1] is None
        await send_test(world.core, access.SYSTEM, endpoint, dry_run=True)
        await redeliver(world.core, access.SYSTEM, sent, dry_run=True)


async def test_what_is_off_or_deleted_is_sent_nothing_and_says_so(world: World) -> None:
    endpoint = await add(world)
    sent = (await send_test(world.core, access.SYSTEM, endpoint)).id
    await update_endpoint(world.core, access.SYSTEM, endpoint, {"active": False})
    for act in (send_test(world.core, access.SYSTEM, endpoint), redeliver(world.core, access.SYSTEM, sent)):
        async with world.refuses(NotPossible):
            await act
    await delete_endpoint(world.core, access.SYSTEM, endpoint)
    async with world.refuses(NotPossible):
        await update_endpoint(world.core, access.SYSTEM, endpoint, {"active": True})
    async with world.refuses(NotFound):
        await delete_endpoint(world.core, access.SYSTEM, new_uuid())
    async with world.refuses(NotFound):
        await redeliver(world.core, access.SYSTEM, new_uuid())
    async with world.refuses(NotFound):
        await create_endpoint(world.core, access.SYSTEM, NewEndpoint(URL, tenant_id=new_uuid()))


async def test_secrets_are_kept_encrypted_for_their_endpoint_with_the_servers_own(world: World) -> None:
    made, secret = await create_endpoint(world.core, access.SYSTEM, NewEndpoint(URL))
    assert secret is not None
    ((kept,),) = await world.sql("SELECT secret FROM webhook_endpoints")
    everything = (await world.sql("SELECT string_agg(e::text, '') FROM audit_entries e"))[0][0]
    assert secret.encode() not in kept
    assert secret not in everything
    assert unsealed(world.core, made.id, kept) == secret
    with pytest.raises(UnreadableSecretError):
        unsealed(world.core, new_uuid(), kept)
    assert sealed(world.core, made.id, secret) != kept
    await delete_endpoint(world.core, access.SYSTEM, made.id)
    assert await world.sql("SELECT secret, old_secret FROM webhook_endpoints") == [(b"", None)]


async def test_the_log_is_kept_for_a_month_and_what_waits_for_longer(world: World) -> None:
    endpoint = await add(world)
    done = (await send_test(world.core, access.SYSTEM, endpoint)).id
    waiting = (await send_test(world.core, access.SYSTEM, endpoint)).id
    sql = """UPDATE webhook_deliveries SET status = 'FAILED', next_attempt_at = NULL WHERE id = $1"""
    await world.sql(sql, done)
    await world.sql("INSERT INTO webhook_attempts VALUES ($1, 1, '2025-02-01', 500, 'broken', 7)", done)
    world.go("2025-03-03")
    assert await tidy(world.core) == 0
    world.go("2025-03-03T00:00:01")
    assert await tidy(world.core) == 1
    assert await world.sql("SELECT id FROM webhook_deliveries") == [(waiting,)]
    assert await world.sql("SELECT 1 FROM webhook_attempts") == []


async def test_the_api_shows_a_secret_once_and_the_log_page_by_page(here: Api) -> None:
    asked = {"url": URL, "description": "our books", "eventTypes": ["alert.recovered", "alert.fired"]}
    made = await here.admin.get(CREATE, input=asked)
    endpoint = made["endpoint"]
    assert made["secret"].startswith("whsec_")
    assert endpoint == {
        "id": endpoint["id"],
        "url": URL,
        "description": "our books",
        "tenant": None,
        "eventTypes": ["alert.fired", "alert.recovered"],
        "active": True,
        "failingSince": None,
        "goneAt": None,
        "oldSecretUntil": None,
        "deletedAt": None,
        "deliveries": {"totalCount": 0},
    }
    listed = await here.admin.get(LIST)
    assert [edge["node"] for edge in listed["edges"]] == [endpoint]
    ids = [(await here.admin.get(TEST, id=endpoint["id"]))["delivery"]["id"] for _ in range(3)]
    page = await here.admin.get(LOG, first=2)
    rest = await here.admin.get(LOG, status="PENDING", after=page["pageInfo"]["endCursor"])
    shown = [edge["node"] for edge in [*page["edges"], *rest["edges"]]]
    assert ([one["id"] for one in shown], page["totalCount"]) == (ids[::-1], 3)
    assert shown[0]["payload"] == {
        "type": "webhook.test",
        "timestamp": "2025-02-01T00:00:00+00:00",
        "data": {"endpointId": endpoint["id"]},
    }
    assert (await here.admin.get(LOG, status="FAILED"))["edges"] == []
    rotated = await here.admin.get(ROTATE, id=endpoint["id"])
    assert rotated["secret"] != made["secret"]
    assert rotated["endpoint"] == {"oldSecretUntil": "2025-02-02T00:00:00Z"}
    here.at("2025-02-02T00:00:00+00:00")
    find = "query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint { oldSecretUntil } } }"
    assert await here.admin.get(find, id=endpoint["id"]) == {"oldSecretUntil": None}
