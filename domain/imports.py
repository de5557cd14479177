"""A file of people, as comma-separated values: which columns it may have, and what is wrong with which of its lines."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain import inputs
from domain.access import Role
from domain.refusals import BadInput

REQUIRED = ("phone", "name")
OPTIONAL = ("email", "role", "tenant", "active")
EXPECTED = f"its first line names the columns {', '.join(REQUIRED)} and, as wanted, {', '.join(OPTIONAL)}"

_ACTIVE = {"": True, "true": True, "false": False}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Person:
    """Of a line: its number as an editor shows it, and its values. A tenant by its id or externalId."""

    line: int
    phone: str
    name: str
    email: str | None
    role: Role
    tenant: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be imported."""

    line: int
    what: str


def read_people(lines: Iterable[str]) -> Iterator[Person | Problem]:
    """Of a file's lines with their ends; a quoted value may go over several. Lines without any value are passed over.

    Raises BadInput where the columns are not those that are expected, or quotes do not match.
    """
    rows = _rows(lines)
    first = next(rows, None)
    if first is None:
        raise BadInput(f"the file is empty: {EXPECTED}")
    columns = _columns(first[1])
    for line, row in rows:
        if len(row) == len(columns):
            yield _person(line, dict(zip(columns, row, strict=True)))
        else:
            yield Problem(line, f"has {len(row)} values where the first line names {len(columns)} columns")


def shown(value: str) -> str:
    """A value in a message: its beginning, in quotes."""
    return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Each with the number of the line that it begins in."""
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for row in reader:
            values = [value.strip() for value in row]
            if any(values):
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"line {line}: cannot be read as comma-separated values ({error}): see its quotes") from None


def _columns(header: Sequence[str]) -> list[str]:
    columns = [name.lower() for name in header]
    if "password" in columns:
        raise BadInput("passwords are not imported: leave the column out, and have an administrator set them")
    wrong = [f"unknown: {shown(name)}" for name in columns if name not in REQUIRED + OPTIONAL]
    wrong += [f"missing: {name}" for name in REQUIRED if name not in columns]
    wrong += [f"twice: {name}" for name in REQUIRED + OPTIONAL if columns.count(name) > 1]
    if wrong and any(mark in columns[0] for mark in ";\t"):
        raise BadInput(f"its values are not separated by commas: {EXPECTED}")
    if wrong:
        raise BadInput(f"{'; '.join(wrong)}: {EXPECTED}")
    return columns


def _person(line: int, values: dict[str, str]) -> Person | Problem:
    role, tenant, active = (values.get(name, "") for name in ("role", "tenant", "active"))
    wrong = [*_wrong_role(role, tenant), *_wrong_active(active), *_wrong_tenant(tenant)]
    if wrong:
        return Problem(line, "; ".join(wrong))
    return Person(
        line,
        values["phone"],
        values["name"],
        values.get("email") or None,
        Role(role) if role else Role.MEMBER,
        tenant or None,
        _ACTIVE[active.lower()],
    )


def _wrong_role(role: str, tenant: str) -> Iterator[str]:
    if role and role not in list(Role):
        yield f"role {shown(role)} is none of {', '.join(Role)}"
    elif role == Role.TENANT_ADMIN and not tenant:
        yield "a TENANT_ADMIN belongs to a tenant: give its id or externalId"
    elif role in (Role.SUPER_ADMIN, Role.SUPPORT) and tenant:
        yield f"a {role} belongs to no tenant: leave it empty"


def _wrong_active(active: str) -> Iterator[str]:
    if active.lower() not in _ACTIVE:
        yield f"active {shown(active)} is neither true nor false"


def _wrong_tenant(tenant: str) -> Iterator[str]:
    try:
        inputs.text("tenant", tenant, inputs.LONGEST_KEY)
    except BadInput as why:
        yield str(why)
