"""The story of an import: users from a file, all in one transaction or none.

They stay without wallets until services/missing_wallets.py makes them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids
from domain.access import Viewer
from domain.imports import Person, Problem, shown
from domain.refusals import BadInput, NotPossible
from models.audit import AuditEntry
from services import audit, import_lines
from services.clock import Clock
from services.database import now, write
from services.identity import new_uuid
from services.import_lines import Counts, Line
from services.people_input import NewUser, checked_user, e164

AT_ONCE = 5_000
MOST_PROBLEMS = 100
CHECKED, IMPORTED = "Checked", "Imported"
Tell = Callable[[str, int, int], None]
"""Hears what has been done with how many lines, of how many. If it raises, nothing is written."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file. Its import has an id: asked for again, it answers what it did."""

    id: UUID
    name: str
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True)
class Imported:
    """How many users were made or would be, how many lines were not, and the first reasons."""

    users: int
    bad_lines: int
    problems: Sequence[Problem]
    done: bool


_SOME_TENANT = UUID(int=0)
"""Whether there is such a tenant is seen for all lines at once."""


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    def __init__(self, answer: Imported) -> None:
        self.answer = answer


async def import_users(
    clock: Clock,
    viewer: Viewer,
    source: Source,
    people: Iterable[Person | Problem],
    tell: Tell,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Where a line has a problem none is imported, or with `skip_bad` the others are.

    Raises Forbidden, Unavailable, NotPossible (a tenant was deleted meanwhile), and what reading `people` raises.
    """
    access.require_everywhere(viewer, "user:write")

    async def work(connection: BaseDBAsyncClient) -> Imported:
        if known := await _known(connection, source):
            return known
        await import_lines.begin(connection)
        await _read(connection, source, people, tell)
        found = await import_lines.compare(connection)
        if dry_run or not found.good or (found.bad and not skip_bad):
            return await _answer(connection, found, done=False)
        if await _write(connection, clock, viewer, source, found, tell):
            found = await import_lines.count(connection)
            if not skip_bad:
                raise _Refused(await _answer(connection, found, done=False))
        if await import_lines.lost_homes(connection):
            raise NotPossible("A tenant of these users was deleted meanwhile, and nothing was imported: try it again.")
        facts = {"file": source.name, "sha256": source.sha256, "users": found.good, "skipped": found.bad}
        subject = ids.make("aud", source.id)
        await audit.record(connection, clock, viewer, "importUsers", subject, after=facts, entry_id=source.id)
        return await _answer(connection, found, done=True)

    try:
        return await write(work)
    except _Refused as refused:
        return refused.answer


async def _known(connection: BaseDBAsyncClient, source: Source) -> Imported | None:
    entry = await AuditEntry.filter(id=source.id).using_db(connection).first()
    done = entry and entry.after
    return Imported(cast(int, done["users"]), cast(int, done["skipped"]), (), done=True) if done else None


async def _read(connection: BaseDBAsyncClient, source: Source, people: Iterable[Person | Problem], tell: Tell) -> None:
    rest = iter(people)
    while read := list(islice(rest, AT_ONCE)):
        checked = [one if isinstance(one, Problem) else _line(one) for one in read]
        good = [one for one in checked if isinstance(one, Line)]
        await import_lines.add(connection, good, [one for one in checked if isinstance(one, Problem)])
        tell(CHECKED, read[-1].line, source.lines)


def _line(person: Person) -> Line | Problem:
    """By the rules of createUser."""
    asked = NewUser(person.phone, person.name, None, person.email, person.role, _SOME_TENANT if person.tenant else None)
    try:
        user = checked_user(asked)
    except BadInput as why:
        return Problem(person.line, _reason(person, why))
    tenant_id = ids.read("ten", person.tenant) if person.tenant else None
    return Line(
        person.line, new_uuid(), user.phone, user.name, user.email, user.role, person.tenant, tenant_id, person.active
    )


def _reason(person: Person, why: BadInput) -> str:
    try:
        e164(person.phone)
    except BadInput:
        return f"phone {shown(person.phone)} is no international number with its country code, such as +919876543210"
    return str(why)


async def _write(
    connection: BaseDBAsyncClient, clock: Clock, viewer: Viewer, source: Source, found: Counts, tell: Tell
) -> bool:
    """Whether any phone was taken since the lines were compared with the store."""
    instant, after, written, some_taken = await now(clock, connection), "", 0, False
    while lines := await import_lines.next_lines(connection, after, AT_ONCE):
        made = await import_lines.make_users(connection, lines, instant)
        facts = {ids.make("usr", line.id): _facts(line, source) for line in lines if line.id in made}
        await audit.record_each(connection, clock, viewer, "createUser", facts)
        if len(made) < len(lines):
            some_taken = True
            await import_lines.drop(connection, [line for line in lines if line.id not in made])
        after, written = lines[-1].phone, written + len(lines)
        tell(IMPORTED, written, found.good)
    return some_taken


def _facts(line: Line, source: Source) -> audit.Facts:
    return {
        "phone": line.phone,
        "name": line.name,
        "email": line.email,
        "role": line.role,
        "tenant": ids.make("ten", line.tenant_id) if line.tenant_id else None,
        "active": line.active,
        "import": ids.make("aud", source.id),
    }


async def _answer(connection: BaseDBAsyncClient, found: Counts, *, done: bool) -> Imported:
    return Imported(found.good, found.bad, await import_lines.first_problems(connection, MOST_PROBLEMS), done=done)
