"""Sessions: how long they last, and what counts as their use."""

import asyncio

import asyncpg
import pytest

from domain.refusals import NotPossible
from services import tidying
from services.identity import new_uuid
from services.viewers import Viewers
from tests.entering import People, people
from tests.world import at, opened_world

__all__ = ["opened_world", "people"]

WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_a_session_ends_after_24_hours_without_a_request(people: People) -> None:
    signed = await people.enter()
    people.world.go("2025-02-01T23:59:59")
    assert await people.seen(signed) == signed.viewer
    people.world.go("2025-02-02T00:00:00")
    assert await people.seen(signed) is None
    assert await people.live() == []


async def test_a_session_that_is_used_goes_on_and_ends_after_7_days_all_the_same(people: People) -> None:
    signed = await people.enter()
    for day in range(1, 8):
        people.world.go(f"2025-02-{day:02d}T23:00:00")
        assert await people.viewers.using(signed.token) == signed.viewer
        await people.viewers.write_uses()
    people.world.go("2025-02-07T23:59:59")
    assert await people.seen(signed) == signed.viewer
    people.world.go("2025-02-08T00:00:00")
    assert await people.seen(signed) is None


async def test_watching_and_checking_are_no_use(people: People) -> None:
    signed = await people.enter()
    people.world.go("2025-02-01T23:00:00")
    assert await people.viewers.of(signed.token) == signed.viewer
    await people.viewers.write_uses()
    people.world.go("2025-02-02T00:00:00")
    assert await people.seen(signed) is None


async def test_many_uses_are_one_write_and_none_is_a_write_of_its_own(people: People) -> None:
    some = [await people.enter() for _ in range(3)]
    people.world.go("2025-02-01T00:30:00")
    async with people.world.unchanged():
        for signed in some[:2] * 5:
            assert await people.viewers.using(signed.token) == signed.viewer
    people.world.go("2025-02-01T00:31:00")
    await people.viewers.write_uses()
    seen = await people.world.sql("SELECT last_seen_at FROM sessions ORDER BY id")
    assert seen == [(at("2025-02-01T00:30"),), (at("2025-02-01T00:30"),), (at("2025-02-01T00:00"),)]


async def test_a_use_that_another_process_wrote_later_stands(people: People) -> None:
    signed = await people.enter()
    people.world.go("2025-02-01T00:10:00")
    await people.viewers.using(signed.token)
    people.world.go("2025-02-01T00:20:00")
    other = Viewers(people.world.core)
    await other.using(signed.token)
    await other.write_uses()
    await people.viewers.write_uses()
    assert await people.world.sql("SELECT last_seen_at FROM sessions") == [(at("2025-02-01T00:20"),)]


async def test_a_process_that_forgets_its_uses_ends_no_session_that_was_used(people: People) -> None:
    """The first use after an hour is written at once."""
    signed = await people.enter()
    people.world.go("2025-02-01T23:00:00")
    await people.viewers.using(signed.token)
    people.world.go("2025-02-02T22:00:00")
    assert await people.seen(signed) == signed.viewer


async def test_what_was_used_while_the_store_was_away_is_written_later(people: People) -> None:
    signed = await people.enter()
    people.world.go("2025-02-01T00:10:00")
    await people.viewers.using(signed.token)
    await people.world.sql("ALTER TABLE sessions RENAME TO elsewhere")
    with pytest.raises(Exception, match="sessions"):
        await people.viewers.write_uses()
    await people.world.sql("ALTER TABLE elsewhere RENAME TO sessions")
    await people.viewers.write_uses()
    assert await people.world.sql("SELECT last_seen_at FROM sessions") == [(at("2025-02-01T00:10"),)]


@pytest.mark.parametrize("made_up", ["", "tjs_", "tjs_" + "x" * 43, "tjt_" + "x" * 43, "tjs_" + "é" * 43, "x" * 9_000])
async def test_a_made_up_token_stands_for_nobody(people: People, made_up: str) -> None:
    assert await people.viewers.using(made_up) is None


async def test_made_up_tokens_that_come_at_once_are_looked_up_together(people: People) -> None:
    signed = await people.enter()
    other = await asyncpg.connect(people.world.url)
    async with other.transaction():
        await other.execute("LOCK TABLE api_tokens")
        some = [f"tjs_{n:043d}" for n in range(500)]
        asking = asyncio.gather(*map(people.viewers.of, [*some, signed.token]))
        await people.world.waiting(1)
        assert len(await people.world.sql(WAITING)) == 1
    await other.close()
    assert await asking == [None] * 500 + [signed.viewer]


async def test_the_51st_session_ends_the_oldest(people: People) -> None:
    first = await people.enter()
    copy = """INSERT INTO sessions SELECT $1::uuid, user_id, $1::uuid::text::bytea, '', '', created_at, expires_at,
        last_seen_at FROM sessions WHERE id = $2"""
    for _ in range(49):
        await people.world.sql(copy, new_uuid(), first.viewer.credential)
    assert len(await people.live()) == 50
    assert await people.seen(first) == first.viewer
    newest = await people.enter()
    live = await people.live()
    assert (len(live), live[0]) == (50, newest.viewer.credential)
    assert await people.seen(first) is None


async def test_sessions_are_deleted_30_days_after_they_expired_and_tries_a_day_after_the_last(people: People) -> None:
    await people.enter()
    with pytest.raises(NotPossible):
        await people.enter("a wrong password")
    people.world.go("2025-02-02T00:00:01")
    later = await people.enter()
    assert await tidying.tidy(people.world.core) == 2
    people.world.go("2025-03-10T00:00:00")
    assert await tidying.tidy(people.world.core) == 0
    people.world.go("2025-03-10T00:00:01")
    assert await tidying.tidy(people.world.core) == 1
    assert await people.world.sql("SELECT id FROM sessions") == [(later.viewer.credential,)]


async def test_one_round_deletes_a_bounded_number(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    monkeypatch.setattr(tidying, "MOST_BATCHES", 2)
    some = """INSERT INTO sign_in_attempts SELECT sha256(n::text::bytea), 1, $1, $1 FROM generate_series(1, 5) n"""
    await people.world.sql(some, at("2025-01-01"))
    assert [await tidying.tidy(people.world.core) for _ in range(3)] == [4, 1, 0]
