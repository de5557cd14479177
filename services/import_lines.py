"""The lines of a file that is imported, in temporary tables: the database compares them with itself and one another."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.imports import Problem
from services.rows import columns

# Phones sort by their digits: two imports at once write those that they share in the same order.
_TABLES = (
    """
CREATE TEMPORARY TABLE import_lines (
    line int NOT NULL, id uuid NOT NULL, phone text COLLATE "C" NOT NULL, name text NOT NULL, email text,
    role text NOT NULL, tenant text, tenant_id uuid, active boolean NOT NULL
) ON COMMIT DROP
""",
    "CREATE TEMPORARY TABLE import_problems (line int NOT NULL, what text NOT NULL) ON COMMIT DROP",
)
_ADD = """
INSERT INTO import_lines SELECT * FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::uuid[], $9::boolean[])
"""
_ADD_PROBLEMS = "INSERT INTO import_problems SELECT * FROM unnest($1::int[], $2::text[])"
_DROP_BAD = "DELETE FROM import_lines l USING import_problems p WHERE p.line = l.line"
_TAKEN = "format('phone %s belongs to another user', l.phone)"
_COMPARE = (
    "CREATE INDEX ON import_lines (phone)",
    "ANALYZE import_lines",
    """
INSERT INTO import_problems SELECT l.line, format('phone %s is that of line %s', l.phone, f.first)
FROM import_lines l JOIN (SELECT phone, min(line) AS first FROM import_lines GROUP BY phone) f USING (phone)
WHERE l.line > f.first
""",
    f"""
INSERT INTO import_problems SELECT l.line, {_TAKEN}
FROM import_lines l JOIN users u ON u.phone = l.phone AND u.closed_at IS NULL
""",
    """
UPDATE import_lines l SET tenant_id = t.id FROM tenants t
WHERE l.tenant_id IS NULL AND t.external_id = l.tenant AND t.closed_at IS NULL
""",
    """
INSERT INTO import_problems SELECT l.line, format('there is no tenant %s', l.tenant) FROM import_lines l
WHERE l.tenant IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = l.tenant_id AND t.closed_at IS NULL)
""",
    _DROP_BAD,
)
_DROP = f"INSERT INTO import_problems SELECT l.line, {_TAKEN} FROM import_lines l WHERE l.id = ANY($1::uuid[])"
_COUNT = "SELECT (SELECT count(*) FROM import_lines) AS good, (SELECT count(DISTINCT line) FROM import_problems) AS bad"
_PROBLEMS = "SELECT line, what FROM import_problems ORDER BY line, what LIMIT $1"
_NEXT = "SELECT * FROM import_lines WHERE phone > $1 ORDER BY phone LIMIT $2"
_MAKE = """
INSERT INTO users (id, phone, name, email, role, tenant_id, active, created_at)
SELECT id, phone, name, email, role, tenant_id, active, $3
FROM import_lines WHERE phone BETWEEN $1 AND $2 ORDER BY phone
ON CONFLICT (phone) WHERE closed_at IS NULL DO NOTHING RETURNING id
"""
# Without a lock: the foreign keys of users that were written hold theirs. A deletion waits for that, usage does not.
_LOST = "SELECT 1 FROM tenants WHERE id IN (SELECT tenant_id FROM import_lines) AND closed_at IS NOT NULL LIMIT 1"


class Line(NamedTuple):
    """A user to be made. `tenant` is what the file says where that is no id of ours."""

    line: int
    id: UUID
    phone: str
    name: str
    email: str | None
    role: str
    tenant: str | None
    tenant_id: UUID | None
    active: bool


class Counts(NamedTuple):
    """Lines."""

    good: int
    bad: int


async def begin(connection: BaseDBAsyncClient) -> None:
    """The tables go with the transaction."""
    for sql in _TABLES:
        await connection.execute_query_dict(sql)


async def add(connection: BaseDBAsyncClient, good: Sequence[Line], bad: Sequence[Problem]) -> None:
    """More of the file."""
    if good:
        await connection.execute_query(_ADD, list(columns(good)))
    if bad:
        await connection.execute_query(_ADD_PROBLEMS, [[one.line for one in bad], [one.what for one in bad]])


async def compare(connection: BaseDBAsyncClient) -> Counts:
    """With one another and with the store. From then on the lines are those without a problem."""
    for sql in _COMPARE:
        await connection.execute_query_dict(sql)
    return await count(connection)


async def count(connection: BaseDBAsyncClient) -> Counts:
    """Lines without a problem, and those with one or more."""
    found = (await connection.execute_query_dict(_COUNT))[0]
    return Counts(found["good"], found["bad"])


async def first_problems(connection: BaseDBAsyncClient, limit: int) -> list[Problem]:
    """By lines."""
    return [Problem(row["line"], row["what"]) for row in await connection.execute_query_dict(_PROBLEMS, [limit])]


async def next_lines(connection: BaseDBAsyncClient, after: str, limit: int) -> list[Line]:
    """Behind the phone given, by phones."""
    return [Line(**row) for row in await connection.execute_query_dict(_NEXT, [after, limit])]


async def make_users(connection: BaseDBAsyncClient, lines: Sequence[Line], instant: datetime) -> set[UUID]:
    """Of lines that follow one another; without those whose phone was taken meanwhile."""
    made = await connection.execute_query_dict(_MAKE, [lines[0].phone, lines[-1].phone, instant])
    return {row["id"] for row in made}


async def drop(connection: BaseDBAsyncClient, taken: Sequence[Line]) -> None:
    """Lines whose phone was taken meanwhile."""
    await connection.execute_query(_DROP, [[line.id for line in taken]])
    await connection.execute_query(_DROP_BAD)


async def lost_homes(connection: BaseDBAsyncClient) -> bool:
    """Whether a tenant of users that were written was deleted before. None is from then on, until the commit."""
    return bool(await connection.execute_query_dict(_LOST))
