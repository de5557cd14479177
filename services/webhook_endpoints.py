"""Stories of webhook endpoints: making, changing and deleting them, and giving them a new secret."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs
from domain.access import Viewer
from domain.refusals import BadInput, NotFound, NotPossible
from domain.webhooks import CHOOSABLE, MOST_ENDPOINTS, OLD_SECRET_HOURS, checked_url
from models.people import Tenant
from models.webhooks import WebhookEndpoint
from services import audit
from services.core import Core
from services.database import now, write
from services.identity import new_uuid
from services.webhook_queries import ENDPOINT_COLUMNS, EndpointRecord, read_endpoint
from services.webhook_secrets import new_secret, sealed

_LOCK = f"SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE id = $2 FOR NO KEY UPDATE"
_DELETE = """
UPDATE webhook_endpoints SET deleted_at = $2, active = false, secret = '', old_secret = NULL, old_secret_until = NULL
WHERE id = $1
"""
_ROTATE = """
UPDATE webhook_endpoints SET old_secret = secret, old_secret_until = $3, secret = $2 WHERE id = $1
"""
_COUNT = """
SELECT count(*) AS n FROM webhook_endpoints WHERE deleted_at IS NULL AND tenant_id IS NOT DISTINCT FROM $1::uuid
"""
# Of those who make endpoints at once, each sees what the one before has made.
_IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('webhook endpoints'))"
NO_ENDPOINT = "There is no such webhook endpoint."


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """What is asked for. No event types: it hears of all."""

    url: str
    description: str = ""
    tenant_id: UUID | None = None
    event_types: Sequence[str] = ()


class EndpointChanges(TypedDict, total=False):
    """What is given changes."""

    url: str
    description: str
    event_types: Sequence[str]
    active: bool


async def create_endpoint(
    core: Core, viewer: Viewer, asked: NewEndpoint, *, dry_run: bool = False
) -> tuple[EndpointRecord, str | None]:
    """And, this once, its secret; none in a dry run.

    Raises NotFound, Forbidden, BadInput, NotPossible (there are as many as there may be).
    """
    access.require_everywhere(viewer, "webhook:write")
    given = _checked(core, {"url": asked.url, "description": asked.description, "event_types": asked.event_types})
    secret, endpoint_id = new_secret(), new_uuid()

    async def work(connection: BaseDBAsyncClient) -> EndpointRecord:
        if asked.tenant_id and not await Tenant.exists(id=asked.tenant_id, closed_at=None):
            raise NotFound("There is no such tenant.")
        await connection.execute_query_dict(_IN_TURN)
        if (await connection.execute_query_dict(_COUNT, [asked.tenant_id]))[0]["n"] >= MOST_ENDPOINTS:
            raise NotPossible(f"There are {MOST_ENDPOINTS} such endpoints, which is the most: delete one first.")
        made = EndpointRecord(
            endpoint_id,
            given["url"],
            given["description"],
            asked.tenant_id,
            list(given["event_types"]),
            True,
            await now(core.clock, connection),
            None,
            None,
            None,
            None,
        )
        if not dry_run:
            await WebhookEndpoint.create(
                id=made.id,
                url=made.url,
                description=made.description,
                tenant_id=made.tenant_id,
                event_types=made.event_types,
                active=True,
                secret=sealed(core, made.id, secret),
                created_at=made.created_at,
                using_db=connection,
            )
            facts = {**given, "tenant": made.tenant_id and ids.make("ten", made.tenant_id)}
            subject = ids.make("whe", made.id)
            await audit.record(connection, core.clock, viewer, "createWebhookEndpoint", subject, after=facts)
        return made

    return await write(work), None if dry_run else secret


async def update_endpoint(
    core: Core, viewer: Viewer, endpoint_id: UUID, asked: EndpointChanges, *, dry_run: bool = False
) -> EndpointRecord:
    """Switching it on forgets that it was gone. Raises NotFound, Forbidden, BadInput, NotPossible (deleted)."""
    given = _checked(core, asked)

    async def change(connection: BaseDBAsyncClient, endpoint: EndpointRecord, _: datetime) -> EndpointRecord:
        before = {name: getattr(endpoint, name) for name in given}
        changed = {name: value for name, value in given.items() if value != before[name]}
        values: dict[str, Any] = dict(changed)
        if changed.get("active") or "url" in changed:
            values |= {"failing_since": None} | ({"gone_at": None} if changed.get("active") else {})
        if changed and not dry_run:
            await WebhookEndpoint.filter(id=endpoint_id).using_db(connection).update(**values)
            subject = ids.make("whe", endpoint_id)
            facts = {name: before[name] for name in changed}
            await audit.record(
                connection, core.clock, viewer, "updateWebhookEndpoint", subject, before=facts, after=changed
            )
        return replace(endpoint, **values)

    return await _changing(core, viewer, endpoint_id, change)


async def delete_endpoint(core: Core, viewer: Viewer, endpoint_id: UUID, *, dry_run: bool = False) -> EndpointRecord:
    """What it was sent stays in the log; what waits is not sent. Raises NotFound, Forbidden, NotPossible (deleted)."""

    async def change(connection: BaseDBAsyncClient, endpoint: EndpointRecord, at: datetime) -> EndpointRecord:
        if not dry_run:
            await connection.execute_query(_DELETE, [endpoint_id, at])
            subject, facts = ids.make("whe", endpoint_id), {"url": endpoint.url, "description": endpoint.description}
            await audit.record(connection, core.clock, viewer, "deleteWebhookEndpoint", subject, before=facts)
        return replace(endpoint, active=False, deleted_at=at, old_secret_until=None)

    return await _changing(core, viewer, endpoint_id, change)


async def rotate_secret(
    core: Core, viewer: Viewer, endpoint_id: UUID, *, dry_run: bool = False
) -> tuple[EndpointRecord, str | None]:
    """The old secret signs too for 24 hours; an older one no more. Raises NotFound, Forbidden, NotPossible."""
    secret = new_secret()

    async def change(connection: BaseDBAsyncClient, _endpoint: EndpointRecord, at: datetime) -> EndpointRecord:
        until = at + timedelta(hours=OLD_SECRET_HOURS)
        if not dry_run:
            await connection.execute_query(_ROTATE, [endpoint_id, sealed(core, endpoint_id, secret), until])
            subject = ids.make("whe", endpoint_id)
            facts = {"old_secret_until": until.isoformat()}
            await audit.record(connection, core.clock, viewer, "rotateWebhookSecret", subject, after=facts)
        return replace(_endpoint, old_secret_until=until)

    return await _changing(core, viewer, endpoint_id, change), None if dry_run else secret


Change = Callable[[BaseDBAsyncClient, EndpointRecord, datetime], Awaitable[EndpointRecord]]


async def _changing(core: Core, viewer: Viewer, endpoint_id: UUID, change: Change) -> EndpointRecord:
    require_may_change(viewer, NO_ENDPOINT)

    async def work(connection: BaseDBAsyncClient) -> EndpointRecord:
        endpoint = await lock_endpoint(connection, core, endpoint_id)
        return await change(connection, endpoint, await now(core.clock, connection))

    return await write(work)


def require_may_change(viewer: Viewer, unknown: str) -> None:
    """Endpoints and deliveries are there for those who read everything, and for those who may change them: NotFound for
    others, else Forbidden."""
    if not access.reads_audit(viewer) and not access.holds_everywhere(viewer, "webhook:write"):
        raise NotFound(unknown)
    access.require(viewer, "webhook:write")


async def lock_endpoint(connection: BaseDBAsyncClient, core: Core, endpoint_id: UUID) -> EndpointRecord:
    """Raises NotFound, NotPossible (deleted)."""
    rows = await connection.execute_query_dict(_LOCK, [core.clock.fixed, endpoint_id])
    if not rows:
        raise NotFound(NO_ENDPOINT)
    endpoint = read_endpoint(rows[0])
    if endpoint.deleted_at is not None:
        raise NotPossible("This webhook endpoint was deleted.")
    return endpoint


def _checked(core: Core, asked: EndpointChanges) -> EndpointChanges:
    given = asked.copy()
    if "url" in given:
        given["url"] = checked_url(given["url"], private=core.private_webhooks)
    if "description" in given:
        given["description"] = inputs.one_line("description", given["description"], inputs.LONGEST_NAME)
    if "event_types" in given:
        given["event_types"] = _event_types(given["event_types"])
    return given


def _event_types(asked: Sequence[str]) -> list[str]:
    if unknown := [kind for kind in asked if kind not in CHOOSABLE]:
        raise BadInput(f"There is no event {unknown[0][:40]!r}. There are: {', '.join(CHOOSABLE)}.")
    return [kind.value for kind in CHOOSABLE if kind in asked]
