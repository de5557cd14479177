"""Tries to sign in: each is counted before it is judged, so that of many at once no more pass than may.

Rows are named by keyed hashes, so the table tells neither phones nor addresses. docs/decisions/0020.
"""

import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access
from domain.access import Viewer
from domain.refusals import PhoneTaken, RateLimited
from domain.sign_in import (
    FORGOTTEN_AFTER,
    FROM_AN_ADDRESS,
    KNOWN_FOR,
    OF_A_PHONE,
    OF_AN_OWNER,
    OF_REGISTRATIONS,
    OF_TAKEN_PHONES,
    WITH_A_PHONE,
    Patience,
    network_of,
)
from services.core import Core
from services.database import Row, now, read, write
from services.rows import columns

_NOW = "coalesce($2::timestamptz, clock_timestamp())"
_FOUND = f"""
SELECT key, failures, next_at, {_NOW} AS now FROM sign_in_attempts
WHERE key = ANY($1::bytea[]) AND forgotten_at > {_NOW}
"""
_MAKE = """
INSERT INTO sign_in_attempts (key, failures, next_at, forgotten_at)
SELECT key, 0, $2, $2 FROM unnest($1::bytea[]) AS k(key) ORDER BY key ON CONFLICT (key) DO NOTHING
"""
_LOCK = """
SELECT key, failures, next_at, forgotten_at FROM sign_in_attempts WHERE key = ANY($1::bytea[]) ORDER BY key FOR UPDATE
"""
_WRITE = """
INSERT INTO sign_in_attempts (key, failures, next_at, forgotten_at)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS n(key) ORDER BY key
ON CONFLICT (key) DO UPDATE
SET failures = excluded.failures, next_at = excluded.next_at, forgotten_at = excluded.forgotten_at
"""
# What was counted since by another try stays, and so does the wait that it began.
_TAKE_BACK = """
UPDATE sign_in_attempts a
SET failures = greatest(a.failures - 1, 0), next_at = CASE WHEN a.next_at = n.next_at THEN $3 ELSE a.next_at END
FROM unnest($1::bytea[], $2::timestamptz[]) AS n(key, next_at) WHERE a.key = n.key
"""
_START_AGAIN = "DELETE FROM sign_in_attempts WHERE key = $1"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that was let pass, and what it counted; nothing where tries are not limited."""

    pair: bytes = b""
    known: bytes = b""
    counted: dict[bytes, datetime] = field(default_factory=dict)
    """Until when each row makes the next one wait."""


async def admit(core: Core, phone: str, address: str) -> Attempt:
    """Count a try with this phone from this address, known or not. Raises RateLimited."""
    if not core.limit_sign_ins:
        return Attempt()
    network = network_of(address)
    pair, known = _key(core, "pair", phone, network), _key(core, "known", phone, network)
    of_address, of_phone = _key(core, "address", network), _key(core, "phone", phone)
    rows = await read(_FOUND, [pair, known, of_address, of_phone], core.clock.fixed)
    if any(bytes(row["key"]) == known for row in rows):
        patience = {pair: OF_AN_OWNER}
    else:
        patience = {pair: WITH_A_PHONE, of_address: FROM_AN_ADDRESS, of_phone: OF_A_PHONE}
    _require_waited([row for row in rows if bytes(row["key"]) in patience])
    return Attempt(pair, known, await _count(core, patience))


async def admit_registration(core: Core, address: str) -> None:
    """Count somebody who signs themselves up from this address. Raises RateLimited."""
    if core.limit_sign_ins:
        key = _key(core, "register", network_of(address))
        _require_waited(await read(_FOUND, [key], core.clock.fixed))
        await _count(core, {key: OF_REGISTRATIONS})


async def forgive(connection: BaseDBAsyncClient, instant: datetime, attempt: Attempt) -> None:
    """The password was right, in the transaction of what comes of it: the try does not count, those before it from
    this address count no more, and the address is the phone's own from now on."""
    if not attempt.counted:
        return
    await connection.execute_query(_LOCK, [sorted([*attempt.counted, attempt.known])])
    await connection.execute_query(_START_AGAIN, [attempt.pair])
    others = [(key, until) for key, until in attempt.counted.items() if key != attempt.pair]
    if others:
        await connection.execute_query(_TAKE_BACK, [*columns(others), instant])
    await connection.execute_query(_WRITE, [[attempt.known], [0], [instant], [instant + KNOWN_FOR]])


@asynccontextmanager
async def naming_phones(core: Core, viewer: Viewer) -> AsyncIterator[None]:
    """Of one who sees one tenant only, count the phones that turn out to be taken. Raises RateLimited."""
    if access.sees_all(viewer) or not core.limit_sign_ins:
        yield
        return
    key = _key(core, "taken", viewer.actor)
    _require_waited(await read(_FOUND, [key], core.clock.fixed))
    try:
        yield
    except PhoneTaken:
        await _count(core, {key: OF_TAKEN_PHONES})
        raise


def _key(core: Core, *names: str) -> bytes:
    said = "\0".join(("attempts", *names)).encode(errors="replace")
    return hmac.digest(core.secret, said, sha256)


def _require_waited(rows: Sequence[Row]) -> None:
    """Refusing costs one read, so that a flood of tries writes nothing."""
    _require_passed([row["next_at"] - row["now"] for row in rows])


def _require_passed(waits: Sequence[timedelta]) -> None:
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        seconds = ceil(longest / timedelta(seconds=1))
        raise RateLimited(f"Too many tries. Wait {seconds} s, then try again.", retry_after_seconds=seconds)


async def _count(core: Core, patience: dict[bytes, Patience]) -> dict[bytes, datetime]:
    """Each row's next instant. Copies in flight meet at the rows' locks: of them too only so many pass."""
    keys = sorted(patience)

    async def work(connection: BaseDBAsyncClient) -> dict[bytes, datetime]:
        await connection.execute_query(_MAKE, [keys, await now(core.clock, connection)])
        rows = {bytes(row["key"]): row for row in await connection.execute_query_dict(_LOCK, [keys])}
        instant = await now(core.clock, connection)
        rows = {key: row for key, row in rows.items() if row["forgotten_at"] > instant}
        _require_passed([row["next_at"] - instant for row in rows.values()])
        failures = {key: (rows[key]["failures"] if key in rows else 0) + 1 for key in keys}
        next_at = {key: instant + patience[key].wait_after(failures[key]) for key in keys}
        values = [(key, failures[key], next_at[key], instant + FORGOTTEN_AFTER) for key in keys]
        await connection.execute_query(_WRITE, list(columns(values)))
        return next_at

    return await write(work)
