"""Reading webhook endpoints, what was delivered to them, and each attempt: for those who read everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.webhooks import DeliveryStatus
from services.database import Row, count_rows, read

ENDPOINT_COLUMNS = """id, url, description, tenant_id, event_types, active, created_at, failing_since, gone_at,
    CASE WHEN old_secret_until > coalesce($1::timestamptz, clock_timestamp()) THEN old_secret_until END
        AS old_secret_until, deleted_at"""
_DELIVERY_COLUMNS = """id, endpoint_id, event_type, payload, status, next_attempt_at, created_at, delivered_at"""
_LIST = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE deleted_at IS NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
_LOAD = f"SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE id = ANY($2::uuid[])"
_COUNTED = "SELECT 1 FROM webhook_endpoints WHERE deleted_at IS NULL"
_LOAD_DELIVERIES = f"SELECT {_DELIVERY_COLUMNS} FROM webhook_deliveries WHERE id = ANY($1::uuid[])"
_ATTEMPTS = """
SELECT delivery_id, time, status_code, error, duration_milliseconds FROM webhook_attempts
WHERE delivery_id = ANY($1::uuid[]) ORDER BY delivery_id, number
"""


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """A URL that hears of events; never its secret."""

    id: UUID
    url: str
    description: str
    tenant_id: UUID | None
    event_types: list[str]
    active: bool
    created_at: datetime
    failing_since: datetime | None
    gone_at: datetime | None
    old_secret_until: datetime | None
    """While it signs beside the new one."""
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A message for an endpoint. `payload` as it is sent."""

    id: UUID
    endpoint_id: UUID
    event_type: str
    payload: str
    status: DeliveryStatus
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One request, or why there was none."""

    time: datetime
    status_code: int | None
    error: str | None
    duration_milliseconds: int


async def list_endpoints(viewer: Viewer, at: datetime | None, limit: int, after: UUID | None) -> list[EndpointRecord]:
    """Newest first, without those that were deleted. `at`: a simulated clock's instant."""
    if not access.reads_audit(viewer):
        return []
    return [read_endpoint(row) for row in await read(_LIST, at, after, limit)]


async def count_endpoints(viewer: Viewer) -> int | None:
    """None beyond 10,000."""
    return await count_rows(_COUNTED) if access.reads_audit(viewer) else 0


async def load_endpoints(at: datetime | None, endpoint_ids: Sequence[UUID]) -> dict[UUID, EndpointRecord]:
    """Whoever asks, and those that were deleted too."""
    return {row["id"]: read_endpoint(row) for row in await read(_LOAD, at, list(endpoint_ids))}


async def find_endpoint(viewer: Viewer, at: datetime | None, endpoint_id: UUID) -> EndpointRecord | None:
    """None for what is missing and for whoever does not read everything."""
    return (await load_endpoints(at, [endpoint_id])).get(endpoint_id) if access.reads_audit(viewer) else None


async def list_deliveries(
    viewer: Viewer, endpoint_id: UUID | None, status: DeliveryStatus | None, limit: int, after: UUID | None
) -> list[DeliveryRecord]:
    """Newest first: of an endpoint and of a status, where they are given."""
    if not access.reads_audit(viewer):
        return []
    where, values = _where(endpoint_id, status, after)
    sql = f"SELECT {_DELIVERY_COLUMNS} FROM webhook_deliveries{where} ORDER BY id DESC LIMIT ${len(values) + 1}"
    return [read_delivery(row) for row in await read(sql, *values, limit)]


async def count_deliveries(viewer: Viewer, endpoint_id: UUID | None, status: DeliveryStatus | None) -> int | None:
    """None beyond 10,000."""
    if not access.reads_audit(viewer):
        return 0
    where, values = _where(endpoint_id, status, None)
    return await count_rows(f"SELECT 1 FROM webhook_deliveries{where}", *values)


async def load_deliveries(delivery_ids: Sequence[UUID]) -> dict[UUID, DeliveryRecord]:
    """Whoever asks."""
    return {row["id"]: read_delivery(row) for row in await read(_LOAD_DELIVERIES, list(delivery_ids))}


async def find_delivery(viewer: Viewer, delivery_id: UUID) -> DeliveryRecord | None:
    """None for what is missing and for whoever does not read everything."""
    return (await load_deliveries([delivery_id])).get(delivery_id) if access.reads_audit(viewer) else None


async def load_attempts(delivery_ids: Sequence[UUID]) -> dict[UUID, list[AttemptRecord]]:
    """By delivery, oldest first, whoever asks."""
    found: dict[UUID, list[AttemptRecord]] = {delivery_id: [] for delivery_id in delivery_ids}
    for row in await read(_ATTEMPTS, list(delivery_ids)):
        told = AttemptRecord(row["time"], row["status_code"], row["error"], row["duration_milliseconds"])
        found[row["delivery_id"]].append(told)
    return found


def _where(endpoint_id: UUID | None, status: DeliveryStatus | None, after: UUID | None) -> tuple[str, list[object]]:
    """Only what is asked for stands in the statement: each combination has its index."""
    asked = [("endpoint_id = ", endpoint_id), ("status = ", status), ("id < ", after)]
    given = [(words, value) for words, value in asked if value is not None]
    words = [f"{words}${number}" for number, (words, _) in enumerate(given, 1)]
    return f" WHERE {' AND '.join(words)}" if words else "", [value for _, value in given]


def read_endpoint(row: Row) -> EndpointRecord:
    """Of a row of ENDPOINT_COLUMNS."""
    return EndpointRecord(
        row["id"],
        row["url"],
        row["description"],
        row["tenant_id"],
        list(row["event_types"]),
        row["active"],
        row["created_at"],
        row["failing_since"],
        row["gone_at"],
        row["old_secret_until"],
        row["deleted_at"],
    )


def read_delivery(row: Row) -> DeliveryRecord:
    """Of a row of all its columns."""
    return DeliveryRecord(
        row["id"],
        row["endpoint_id"],
        row["event_type"],
        row["payload"],
        DeliveryStatus(row["status"]),
        row["next_attempt_at"],
        row["created_at"],
        row["delivered_at"],
    )
