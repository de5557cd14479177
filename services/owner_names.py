"""Tenants and users by their names and phones: by an index of the pieces of them, whatever part is looked for.

What begins with a text comes before what has it in the middle. Only so many are compared: a text that fits more of them
tells little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import access
from domain.access import Viewer
from domain.searching import PIECE, Wanted, phone_digits
from services.database import Row, read

MOST_NAMED = 1_000
"""Beyond so many a list is walked through, newest first: it comes upon them soon enough."""
MOST_RANKED = 5_000

# $1 the words, $2 the whole text, $3 how many; then what the viewer sees.
_HAS_ALL = "NOT EXISTS (SELECT 1 FROM unnest($1::text[]) w WHERE position(lower(w) IN n.text) = 0)"
_PIECES = "(SELECT array_agg(DISTINCT p) FROM unnest($1::text[]) w, unnest(name_pieces(w)) p)"
_OF_ALL = f"""
SELECT n.* FROM owner_names n
WHERE name_pieces(n.text) @> {_PIECES} AND {_HAS_ALL} AND n.of_tenant = ANY($4::boolean[]) LIMIT {MOST_RANKED}
"""
_AT_HOME = f"""
SELECT n.* FROM owner_names n WHERE (n.home = $4 OR n.owner_id = ANY($5::uuid[])) AND {_HAS_ALL} LIMIT {MOST_RANKED}
"""
# The name begins so, then a word of it, then each word is the beginning of one, then anywhere.
_BY_NAME = """
CASE WHEN starts_with(n.text, ' ' || lower($2)) THEN 0 WHEN position(' ' || lower($2) IN n.text) > 0 THEN 1
    WHEN NOT EXISTS (SELECT 1 FROM unnest($1::text[]) w WHERE position(' ' || ltrim(lower(w)) IN n.text) = 0) THEN 2
    ELSE 3 END
"""
# The whole phone, then all but its country's code, then anything.
_BY_PHONE = """
CASE WHEN right(n.text, length($2) + 1) = '+' || $2 THEN 0 WHEN right(n.text, length($2)) = $2 THEN 1 ELSE 2 END
"""
_IN_ORDER = "n.text USING ~<~, n.owner_id LIMIT $3"
# By the index alone, however many names begin so.
_BEGINNING = f"""
SELECT n.owner_id, n.of_tenant, 0 AS rank FROM owner_names n
WHERE n.text ~>=~ (' ' || lower($2)) AND n.text ~<~ (' ' || lower($2) || chr(1114111))
    AND n.of_tenant = ANY($4::boolean[])
    AND $1::text[] IS NOT NULL
ORDER BY {_IN_ORDER}
"""
_NAMED = f"""
SELECT n.owner_id FROM owner_names n
WHERE ($4::boolean IS NULL OR n.of_tenant = $4) AND (name_pieces(n.text) @> name_pieces($1) AND n.text LIKE lower($2)
    OR name_pieces(n.text) @> name_pieces($3::text) AND n.text LIKE '%' || $3 || '%')
LIMIT {MOST_NAMED + 1}
"""


@dataclass(frozen=True, slots=True)
class NamedOwner:
    """A tenant or a user. `rank`: 0 is what fits best."""

    id: UUID
    of_tenant: bool
    rank: int


async def beginning(viewer: Viewer, wanted: Wanted, limit: int) -> list[NamedOwner]:
    """Whose names begin with the text, by name. Whoever sees a part only is served by `containing`: those few are
    ranked, and what is not theirs is never looked at."""
    if not access.sees_all(viewer):
        return []
    return _read(await read(_BEGINNING, wanted.words, wanted.text, limit, _kinds(viewer)))


async def containing(viewer: Viewer, wanted: Wanted, limit: int) -> list[NamedOwner]:
    """With all of the words in their names or phones, best first."""
    return await _ranked(viewer, wanted.words, wanted.text, limit, _BY_NAME)


async def having_phone(viewer: Viewer, digits: str, limit: int) -> list[NamedOwner]:
    """With these digits in their phones; `rank` is 0 where that is all of it, 1 where it ends so."""
    return await _ranked(viewer, [digits], digits, limit, _BY_PHONE)


async def named(viewer: Viewer, search: str | None, *, of_tenant: bool | None = None) -> list[UUID] | None:
    """Who has the text in name or phone; of tenants alone, or of users.

    None where it is not worth a look-up: a list is then walked through, which comes upon so many soon; and what a
    tenant sees is little.
    """
    text = " ".join((search or "").split())
    if len(text) < PIECE or not access.sees_all(viewer):
        return None
    digits = phone_digits(text)
    rows = await read(_NAMED, text, like(text), digits if digits not in ("", text) else None, of_tenant)
    return [row["owner_id"] for row in rows] if len(rows) <= MOST_NAMED else None


def like(search: str | None) -> str | None:
    """A pattern that finds the text anywhere, its wildcards taken as themselves."""
    if not search or not search.strip():
        return None
    plain = " ".join(search.split()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


async def _ranked(viewer: Viewer, words: Sequence[str], text: str, limit: int, rank: str) -> list[NamedOwner]:
    sees: list[object] = [_kinds(viewer)]
    candidates = _OF_ALL
    if not access.sees_all(viewer):
        themselves = [uuid for uuid in (viewer.home, viewer.user_id) if uuid]
        candidates, sees = _AT_HOME, [viewer.home if access.holds(viewer, "user:read") else None, themselves]
    sql = f"SELECT n.owner_id, n.of_tenant, {rank} AS rank FROM ({candidates}) n ORDER BY rank, {_IN_ORDER}"
    return _read(await read(sql, words, text, limit, *sees))


def _kinds(viewer: Viewer) -> list[bool]:
    """Whether tenants, whether users: of what one does not read nothing is ranked, and nothing crowded out."""
    readable = ((True, "tenant:read"), (False, "user:read"))
    return [of_tenant for of_tenant, permission in readable if access.holds(viewer, permission)]


def _read(rows: Sequence[Row]) -> list[NamedOwner]:
    return [NamedOwner(row["owner_id"], row["of_tenant"], row["rank"]) for row in rows]
