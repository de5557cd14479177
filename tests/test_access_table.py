"""The access table: each field, edge and route has a row, and each asker is answered as it says (law 23)."""

from contextlib import nullcontext

import pytest

from resolvers.root import schema
from server.app import build
from tests.access.asking import SEES, Asking, Told
from tests.access.cast import NOBODIES
from tests.access.stage import staged
from tests.access.table import COLUMNS, Row, patterns, rows
from tests.access.walk import coordinates, routes, suggested

asking = staged
FIELDS = ("queries.txt", "edges.txt", "mutations.txt", "sessions.txt")
FILES = (*FIELDS, "routes.txt")
REFUSED = ("UNAUTHENTICATED", "NOT_FOUND", "FORBIDDEN")
TELLING = {"signing in", "signed in", "a known phone", "ours, a known phone"}
"""Whoever has the password; and phones are unique: who may give one learns that it is taken, not by whom."""
FOR_ALL = "for all"
"""Pages and figures that are nobody's, and new ones each time."""
WRITTEN = {"sessions", "api_tokens", "audit_entries", "sign_in_attempts", "alert_marks"}
"""What signing in and out, and tokens for tokens, are for: they have no dry run."""
LOCKS = (
    "SELECT 1 FROM tenants WHERE id = ANY($1::uuid[]) FOR UPDATE",
    "SELECT 1 FROM users WHERE id = ANY($1::uuid[]) OR tenant_id = ANY($1::uuid[]) FOR UPDATE",
    "SELECT 1 FROM wallets WHERE id = ANY($1::uuid[]) FOR UPDATE",
)
SAMPLE = 4
"""Of so many rows one is asked for each time; all of them where there is time for that."""
WATCH_ALL = "subscription { walletsChanged { id } }"
WATCH_THEM = "subscription ($ids: [ID!]) { walletsChanged(ids: $ids) { id } }"
NUMBERED = ("txn", "hold", "ended", "opr", "invoice", "charge", "held", "sent", "received", "reversal", "holding")


def test_every_field_and_edge_of_the_schema_has_a_row() -> None:
    _assert_told(coordinates(schema), FIELDS)


def test_every_route_has_a_row() -> None:
    app, _ = build(nullcontext())  # type: ignore[arg-type]  # it is never opened
    _assert_told(set(routes(app.routes)), ("routes.txt",))


def _assert_told(there: set[str], files: tuple[str, ...]) -> None:
    told = {row.name for row in rows(*files)}
    missing = [suggested(name) for name in sorted(there - told)]
    assert not missing, "add to tests/access, after review against law 23:\n" + "\n".join(missing)
    assert told - there == set(), "these rows are of what is gone"


def test_every_pattern_is_there_whole_and_used() -> None:
    used = {row.pattern for row in rows(*FILES)}
    assert used == set(patterns())
    wanting = [row.source for row in rows(*FILES) if set(row.sides) - set(patterns()[row.pattern])]
    assert wanting == []


def test_no_pattern_tells_those_who_see_a_part_of_what_is_foreign() -> None:
    telling = {
        name
        for name, about in patterns().items()
        for asker in ("nobody", *SEES)
        if "foreign" in about and about["foreign"][asker] != about["missing"][asker]
    }
    assert telling == TELLING


@pytest.mark.parametrize("every", [SAMPLE, pytest.param(1, marks=pytest.mark.proof)])
async def test_everybody_is_answered_as_the_table_says(asking: Asking, every: int) -> None:
    before = await asking.cast.world.everything()
    mistakes = [
        f"{row.source} {row.name} ({row.pattern}) {mistake}"
        for row in rows(*FILES)[::every]
        for mistake in await _mistakes(asking, row)
    ]
    assert not mistakes, f"{len(mistakes)} mistakes:\n" + "\n".join(mistakes[:30])
    after = await asking.cast.world.everything()
    assert {table for table in before if before[table] != after[table]} <= WRITTEN


async def test_whoever_does_not_see_a_thing_does_not_wait_for_it_either(asking: Asking) -> None:
    theirs = [asking.cast.here.uuid(asking.cast.things[side]["wallet"]) for side in ("foreign", "foreign person")]
    changes = [row for row in rows("mutations.txt", "routes.txt") if row.has_dry_run and len(row.sides) > 1]
    async with asking.cast.world.database.transaction():
        for lock in LOCKS:
            await asking.cast.world.database.fetch(lock, theirs)
        for row in changes:
            for asker in ("manager", "agent"):
                if row.word("foreign", asker) == row.word("missing", asker) in REFUSED:
                    told = [await asking.ask(row, asker, side, dry=False) for side in ("foreign", "missing")]
                    assert (row.source, told[0].said) == (row.source, told[1].said)


async def test_a_screen_of_many_wallets_shows_those_alone_that_its_viewer_sees(asking: Asking) -> None:
    cast = asking.cast
    wallets = [cast.things[side]["wallet"] for side in ("foreign", "own")]
    for asked in (WATCH_ALL, WATCH_THEM):
        async with cast.here.subscribe(cast.clients["manager"], asked, ids=wallets) as stream:
            assert (await stream.next())["data"] == {"walletsChanged": []}
            for wallet in wallets:
                await cast.world.top_up(cast.here.uuid(wallet), 1)
            assert (await stream.next())["data"] == {"walletsChanged": [{"id": wallets[1]}]}


async def _mistakes(asking: Asking, row: Row) -> list[str]:
    told = {asker: await _told(asking, row, asker) for asker in COLUMNS}
    mistakes = [mistake for asker, answers in told.items() for mistake in _unlike(row, asker, answers)]
    for asker in SEES:
        mistakes += await _telling(asking, row, asker, told[asker])
    for asker in ("revoked", NOBODIES[len(row.document) % len(NOBODIES)]):
        if told["nobody"] and row.pattern != FOR_ALL:
            answer, expected = await asking.ask(row, asker, "own"), told["nobody"]["own"]
            mistakes += [f"{asker} is not answered as nobody"] if answer.said != expected.said else []
    return mistakes


async def _told(asking: Asking, row: Row, asker: str) -> dict[str, Told]:
    """By side."""
    words = {side: row.word(side, asker) for side in row.sides}
    return {side: await asking.ask(row, asker, side) for side, word in words.items() if word != "."}


def _unlike(row: Row, asker: str, answers: dict[str, Told]) -> list[str]:
    """Answers that are not as the pattern says, or name what the asker does not see."""
    mistakes = []
    for side, told in answers.items():
        if told.word != row.word(side, asker):
            mistakes.append(f"{side} {asker}: {told.word}, not {row.word(side, asker)}")
        if asker in SEES and (leaked := told.named - SEES[asker]) and told.word != "done":
            mistakes.append(f"{side} {asker} learns of {leaked}: {told.said.decode()[-300:]}")
    return mistakes


async def _telling(asking: Asking, row: Row, asker: str, answers: dict[str, Told]) -> list[str]:
    """What is foreign, byte by byte as what is missing; also where a number of it is, and where it would be done."""
    if "foreign" not in answers or row.word("foreign", asker) != row.word("missing", asker):
        return []
    said = {"foreign": answers["foreign"].said}
    if any(f"{word}>" in row.document for word in NUMBERED):
        said["a number of what is foreign"] = (await asking.ask(row, asker, "absent")).said
    if row.has_dry_run and answers["foreign"].word in REFUSED:
        said["foreign, not in a dry run"] = (await asking.ask(row, asker, "foreign", dry=False)).said
    expected = answers["missing"].said
    mistakes = [
        f"{asker} tells {what} from missing: {told.decode()} {expected.decode()}"
        for what, told in said.items()
        if told != expected
    ]
    if asker == "agent" and (malformed := (await asking.ask(row, asker, "malformed")).word) != "NOT_FOUND":
        mistakes += [f"malformed {asker}: {malformed}"] if malformed != answers["missing"].word else []
    return mistakes
