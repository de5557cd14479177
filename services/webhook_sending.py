"""Whose turn it is to be sent, and what became of it. A message is claimed by a lease, so that a process that dies with
it is followed by another: it may be delivered twice, by the same id, and is never lost.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, webhooks
from domain.changes import Change, ChangeKind
from domain.webhooks import DeliveryStatus
from services import audit
from services.core import Core
from services.database import Row, note, now, write
from services.webhook_secrets import UnreadableSecretError, signature, unsealed

LEASE_SECONDS = 60
"""Longer than a request may take and its outcome takes to be written."""
AT_ONCE = 4
"""Requests of a process to one endpoint."""
SWITCHED_OFF = "Not sent: the endpoint was switched off or deleted."
UNREADABLE = "Not sent: the secret cannot be read, as TIJORI_SECRET has changed. Rotate the endpoint's secret."
# From endpoint to endpoint that something waits for, in the index; of each the oldest that are due and not leased.
# One that fails is tried by one request at a time: it may keep each waiting.
_CLAIM = f"""
WITH RECURSIVE waiting (endpoint_id) AS (
    (SELECT endpoint_id FROM webhook_deliveries WHERE status = 'PENDING' ORDER BY endpoint_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.endpoint_id FROM webhook_deliveries d WHERE d.status = 'PENDING'
        AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
    FROM waiting w WHERE w.endpoint_id IS NOT NULL
), due AS (
    SELECT d.id, e.id AS endpoint, e.url, e.active, e.secret,
        CASE WHEN e.old_secret_until > $1 THEN e.old_secret END AS old_secret
    FROM waiting w JOIN webhook_endpoints e ON e.id = w.endpoint_id
    LEFT JOIN unnest($2::uuid[], $3::int[]) AS b(endpoint_id, sending) ON b.endpoint_id = e.id
    CROSS JOIN LATERAL (
        SELECT id, next_attempt_at FROM webhook_deliveries
        WHERE endpoint_id = e.id AND status = 'PENDING' AND next_attempt_at <= $1
            AND (leased_until IS NULL OR leased_until <= $1)
        ORDER BY next_attempt_at
        LIMIT greatest(CASE WHEN e.failing_since IS NULL THEN {AT_ONCE} ELSE 1 END - coalesce(b.sending, 0), 0)
        FOR NO KEY UPDATE SKIP LOCKED
    ) d ORDER BY d.next_attempt_at LIMIT $4
)
UPDATE webhook_deliveries d SET leased_until = $1 + interval '{LEASE_SECONDS} seconds' FROM due WHERE d.id = due.id
RETURNING d.id, d.leased_until, d.tries, d.payload, due.endpoint, due.url, due.active, due.secret, due.old_secret
"""
_WRITE = """
UPDATE webhook_deliveries SET status = $3, next_attempt_at = $4, delivered_at = coalesce($5, delivered_at),
    tries = tries + 1, attempts = attempts + 1, leased_until = NULL
WHERE id = $1 AND leased_until = $2 RETURNING attempts
"""
_ATTEMPT = """
INSERT INTO webhook_attempts (delivery_id, number, time, status_code, error, duration_milliseconds)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_FORGET = "DELETE FROM webhook_attempts WHERE delivery_id = $1 AND number <= $2"
_WORKS = "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL"
_FAILS = "UPDATE webhook_endpoints SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL"
_GONE = "UPDATE webhook_endpoints SET active = false, gone_at = $2 WHERE id = $1 AND active RETURNING url"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent now. `unsendable`: why it is not, whoever asks."""

    id: UUID
    endpoint_id: UUID
    url: str
    payload: str
    headers: Mapping[str, str]
    tries: int
    """Before this one."""
    at: datetime
    leased_until: datetime
    unsendable: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a try. No status code: nothing was answered; the error says why."""

    status_code: int | None
    error: str | None
    duration_milliseconds: int


async def claim(core: Core, sending: Mapping[UUID, int], most: int) -> list[Message]:
    """What is due, at most so many, for this process to send within the lease. `sending`: by endpoint, under way."""

    async def work(connection: BaseDBAsyncClient) -> tuple[datetime, Sequence[Row]]:
        at = await now(core.clock, connection)
        values = [at, list(sending), list(sending.values()), most]
        return at, await connection.execute_query_dict(_CLAIM, values)

    at, rows = await write(work)
    return [_message(core, at, row) for row in rows]


def _message(core: Core, at: datetime, row: Row) -> Message:
    unsendable, headers = None, {}
    try:
        if row["active"]:
            headers = _headers(core, at, row)
        else:
            unsendable = SWITCHED_OFF
    except UnreadableSecretError:
        unsendable = UNREADABLE
    return Message(
        row["id"],
        row["endpoint"],
        row["url"],
        row["payload"],
        headers,
        row["tries"],
        at,
        row["leased_until"],
        unsendable,
    )


def _headers(core: Core, at: datetime, row: Row) -> dict[str, str]:
    """As Standard Webhooks names them. The id is the delivery's, over all attempts at it."""
    message_id = ids.make("whd", row["id"])
    secrets = [unsealed(core, row["endpoint"], bytes(row["secret"]))]
    if row["old_secret"] is not None:
        with suppress(
            UnreadableSecretError
        ):  # where the server's own has changed this one is new, and the old one lost
            secrets.append(unsealed(core, row["endpoint"], bytes(row["old_secret"])))
    signed = signature(secrets, message_id, at, row["payload"])
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signed,
    }


async def settle(core: Core, message: Message, outcome: Outcome, jitter_per_mille: int) -> DeliveryStatus | None:
    """What has become of it; None where its lease was over, and another process sends it."""

    async def work(connection: BaseDBAsyncClient) -> DeliveryStatus | None:
        at = await now(core.clock, connection)
        status, again = _next(message, outcome, at, jitter_per_mille)
        delivered_at = at if status is DeliveryStatus.DELIVERED else None
        values = [message.id, message.leased_until, status, again, delivered_at]
        rows = await connection.execute_query_dict(_WRITE, values)
        if not rows:
            return None
        await _note_attempt(connection, message, outcome, rows[0]["attempts"])
        await _note_endpoint(connection, core, message, outcome, at)
        note([Change(ChangeKind.WEBHOOKS, None)])
        return status

    return await write(work)


def _next(
    message: Message, outcome: Outcome, at: datetime, jitter_per_mille: int
) -> tuple[DeliveryStatus, datetime | None]:
    if webhooks.delivered(outcome.status_code):
        return DeliveryStatus.DELIVERED, None
    if message.unsendable == SWITCHED_OFF or webhooks.gone(outcome.status_code):
        return DeliveryStatus.FAILED, None
    again = webhooks.next_attempt(message.tries + 1, at, jitter_per_mille)
    return (DeliveryStatus.PENDING if again else DeliveryStatus.FAILED), again


async def _note_attempt(connection: BaseDBAsyncClient, message: Message, outcome: Outcome, number: int) -> None:
    told = [outcome.status_code, outcome.error, outcome.duration_milliseconds]
    await connection.execute_query(_ATTEMPT, [message.id, number, message.at, *told])
    await connection.execute_query(_FORGET, [message.id, number - webhooks.KEPT_ATTEMPTS])


async def _note_endpoint(
    connection: BaseDBAsyncClient, core: Core, message: Message, outcome: Outcome, at: datetime
) -> None:
    """Since when it fails; and, where it says that it is gone, that nothing more is sent to it."""
    if message.unsendable == SWITCHED_OFF:
        return
    if webhooks.delivered(outcome.status_code):
        await connection.execute_query(_WORKS, [message.endpoint_id])
        return
    await connection.execute_query(_FAILS, [message.endpoint_id, at])
    if webhooks.gone(outcome.status_code) and (
        gone := await connection.execute_query_dict(_GONE, [message.endpoint_id, at])
    ):
        subject, facts = ids.make("whe", message.endpoint_id), {"active": False, "url": gone[0]["url"]}
        await audit.record(connection, core.clock, access.SYSTEM, "disableWebhookEndpoint", subject, after=facts)
