"""Sessions: what ends them, and who sees them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import asyncpg
import pytest
import pytest_asyncio

from domain import access, ids
from domain.access import Role
from domain.refusals import BadInput, Forbidden, NotPossible
from services import passwords, sessions
from services.database import write
from services.deletion import delete_tenant, delete_user
from services.identity import new_uuid
from services.people import create_user
from services.people_changes import update_tenant, update_user
from services.people_input import NewUser
from services.sign_in import change_password
from tests.api import PASSWORD, PHONE, Api, Client, Stream, api
from tests.entering import HOME, OTHER, People, people
from tests.world import opened_world

__all__ = ["opened_world", "people"]

SESSIONS = "{ sessions { id current address userAgent createdAt lastSeenAt } }"
END = "mutation ($id: ID!) { endSession(id: $id) }"
CHANGE = """
mutation ($old: String!, $new: String!) {
  changePassword(old: $old, new: $new) { ... on UserPayload { user { name } } ... on Refusal { message } }
}
"""
END_OTHERS = "mutation { endOtherSessions }"
LIVE = "subscription { walletsChanged { id } }"
ACTIONS = "SELECT action, actor, subject_id FROM audit_entries WHERE action <> 'createUser' ORDER BY id"


async def test_a_user_who_is_suspended_or_closed_has_no_session(people: People) -> None:
    signed = await people.enter()
    for ending in ("active = false", "active = true, closed_at = created_at"):
        await people.world.sql(f"UPDATE users SET {ending}")
        assert await people.seen(signed) is None


async def test_all_of_a_users_sessions_end_but_the_one_that_is_kept(people: People) -> None:
    kept, ended = await people.enter(), await people.enter()
    await create_user(people.world.core, access.SYSTEM, NewUser("+919876500001", "Ravi", PASSWORD))
    others = await people.enter(phone="+919876500001")
    credential = kept.viewer.credential
    instant = people.world.core.clock.fixed
    assert instant
    await write(lambda c: sessions.end_of_users(c, instant, [people.user_id], except_session=credential))
    assert [await people.seen(one) is None for one in (kept, ended, others)] == [False, True, False]
    await write(lambda c: sessions.end_of_users(c, instant, [people.user_id]))
    assert [await people.seen(one) is None for one in (kept, ended, others)] == [True, True, False]


async def test_a_session_begun_while_the_password_changes_does_not_outlive_the_old_one(people: People) -> None:
    new = await passwords.hash_new(OTHER)
    other = await asyncpg.connect(people.world.url)
    async with other.transaction():
        await other.execute("UPDATE users SET password_hash = $1", new)
        entering = asyncio.create_task(people.enter())
        await people.world.waiting(1)
    await other.close()
    with pytest.raises(NotPossible, match="The phone or the password is wrong"):
        await entering
    assert await people.live() == []


async def test_a_session_begun_while_the_tenant_is_suspended_does_not_revive_with_it(people: People) -> None:
    world, tenant = people.world, await people.world.tenant()
    await world.sql("UPDATE users SET tenant_id = $1", tenant)
    other = await asyncpg.connect(people.world.url)
    async with other.transaction():
        await other.execute("SELECT 1 FROM users FOR UPDATE")
        await other.execute("UPDATE tenants SET active = false")
        entering = asyncio.create_task(people.enter())
        await world.waiting(1)
    await other.close()
    with pytest.raises(NotPossible, match="The phone or the password is wrong"):
        await entering
    await world.sql("UPDATE tenants SET active = true")
    assert await people.live() == []


async def test_a_suspension_waits_for_a_session_that_is_beginning_and_ends_it(people: People) -> None:
    world, tenant = people.world, await people.world.tenant()
    await world.sql("UPDATE users SET tenant_id = $1", tenant)
    async with world.database.transaction():
        await world.database.execute("SELECT 1 FROM users FOR UPDATE")
        entering = asyncio.create_task(people.enter())
        await world.waiting(1)
        suspending = asyncio.create_task(update_tenant(world.core, access.SYSTEM, tenant, {"active": False}))
        await world.waiting(2)
    signed = await entering
    await suspending
    await update_tenant(world.core, access.SYSTEM, tenant, {"active": True})
    assert await people.viewers.of(signed.token) is None


async def test_a_process_forgets_whom_tokens_stand_for_where_something_ended_and_only_there(people: People) -> None:
    world, told = people.world, list[datetime | None]()
    tenant, user, loner = await world.tenant(), await world.user(role=Role.SUPPORT), await world.user()
    core = replace(world.core, tell_ended=lambda: told.append(world.core.clock.fixed))
    system, ends = access.SYSTEM, 0
    for dry_run in (True, False):
        for story, is_end in (
            (update_tenant(core, system, tenant, {"name": "Asha & Sons"}, dry_run=dry_run), False),
            (update_tenant(core, system, tenant, {"active": False}, dry_run=dry_run), True),
            (update_user(core, system, user, {"name": "Asha"}, dry_run=dry_run), False),
            (update_user(core, system, user, {"role": Role.MEMBER}, dry_run=dry_run), True),
            (update_user(core, system, user, {}, OTHER, dry_run=dry_run), True),
            (delete_user(core, system, loner, dry_run=dry_run), True),
            (delete_tenant(core, system, tenant, dry_run=dry_run), True),
        ):
            await story
            ends += is_end and not dry_run
            assert len(told) == ends


async def test_changing_the_password_ends_the_other_sessions(people: People) -> None:
    asking, other = await people.enter(), await people.enter()
    assert await people.viewers.of(other.token)
    changed = await change_password(people.world.core, asking.viewer, PASSWORD, OTHER, address=HOME)
    assert changed.id == people.user_id
    assert await people.viewers.of(other.token) is None
    assert await people.viewers.of(asking.token) == asking.viewer
    with pytest.raises(NotPossible):
        await people.enter()
    assert await people.enter(OTHER)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("a wrong password", OTHER, NotPossible),
        (PASSWORD, "too short", BadInput),
        (PASSWORD, "password1234", BadInput),
        (PASSWORD, PHONE, BadInput),
        (PASSWORD, PASSWORD, BadInput),
    ],
)
async def test_a_password_is_not_changed_without_the_old_one_or_to_a_poor_one(
    people: People, old: str, new: str, why: type[Exception]
) -> None:
    asking, other = await people.enter(), await people.enter()
    with pytest.raises(why):
        await change_password(people.world.core, asking.viewer, old, new, address=HOME)
    assert await people.seen(other) == other.viewer
    assert await people.enter()


async def test_a_token_has_no_password_and_no_session(people: People) -> None:
    program = access.viewer_of_token(new_uuid(), None, frozenset({"wallet:read"}))
    core = people.world.core
    with pytest.raises(Forbidden):
        await change_password(core, program, PASSWORD, OTHER, address=HOME)
    with pytest.raises(Forbidden):
        await sessions.sign_out(core, program)
    assert await sessions.list_sessions(core, program) == []


async def test_who_signed_in_and_out_and_changed_what_is_in_the_audit(people: People) -> None:
    first, second, third = [await people.enter() for _ in range(3)]
    core, viewer = people.world.core, first.viewer
    await sessions.end_session(core, viewer, second.viewer.credential or new_uuid(), "endSession")
    await change_password(core, viewer, PASSWORD, OTHER, address=HOME)
    await sessions.sign_out(core, viewer)
    actor = ids.make("usr", people.user_id)
    named = [ids.make("ses", one.viewer.credential or new_uuid()) for one in (first, second, third)]
    subjects = [*named, named[1], actor, named[0]]
    actions = ["signIn", "signIn", "signIn", "endSession", "changePassword", "signOut"]
    assert await people.world.sql(ACTIONS) == [
        (action, actor, subject) for action, subject in zip(actions, subjects, strict=True)
    ]
    everything = str(await people.world.sql("SELECT before, after FROM audit_entries"))
    assert HOME in everything
    assert PASSWORD not in everything
    assert "argon2" not in everything


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_one_sees_and_ends_ones_own_sessions_and_no_others(here: Api) -> None:
    await create_user(here.shared.core, access.SYSTEM, NewUser("+919876500001", "Ravi", PASSWORD))
    ravi, again = [await here.nobody.sign_in("+919876500001", PASSWORD) for _ in range(2)]
    newest, oldest = await ravi.get(SESSIONS)
    assert (newest["current"], oldest["current"]) == (False, True)
    assert oldest["address"] == "127.0.0.1"
    assert oldest["userAgent"].startswith("python-httpx/")
    assert oldest["createdAt"] == oldest["lastSeenAt"] == "2025-02-01T00:00:00Z"
    node = "query ($id: ID!) { node(id: $id) { id ... on Session { current } } }"
    assert await ravi.get(node, id=newest["id"]) == {"id": newest["id"], "current": False}
    assert await here.signed_in.get(node, id=newest["id"]) is None
    missing = ids.make("ses", new_uuid())
    foreign = [await here.signed_in.ask(END, id=each) for each in (newest["id"], missing)]
    assert foreign[0] == foreign[1]
    assert foreign[0]["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    assert await ravi.get(END, id=newest["id"]) is True
    assert await again.code(SESSIONS) == "UNAUTHENTICATED"
    assert await ravi.code(END, id=newest["id"]) == "NOT_FOUND"
    assert [one["id"] for one in await ravi.get(SESSIONS)] == [oldest["id"]]
    assert await ravi.get("mutation { signOut }") is True
    assert await ravi.code(SESSIONS) == "UNAUTHENTICATED"
    assert await here.admin.get(SESSIONS) == []


async def test_a_password_is_changed_over_the_api(here: Api) -> None:
    wrong = await here.signed_in.get(CHANGE, old="a wrong password", new=OTHER)
    assert wrong == {"message": "The old password is wrong."}
    assert await here.signed_in.code(CHANGE, old=PASSWORD, new="password1234") == "BAD_USER_INPUT"
    assert await here.admin.code(CHANGE, old=PASSWORD, new=OTHER) == "FORBIDDEN"
    assert await here.signed_in.get(CHANGE, old=PASSWORD, new=OTHER) == {"user": {"name": "Administrator"}}


async def test_the_streams_of_sessions_that_have_ended_end_soon(here: Api) -> None:
    """Of one that was ended by hand and of one that is idle; the stream of one that is used goes on."""
    used, ended, idle = [await here.nobody.sign_in(PHONE, PASSWORD) for _ in range(3)]
    begun, ending = asyncio.Semaphore(0), asyncio.Event()

    async def lasts(client: Client) -> float:
        async with here.subscribe(client, LIVE) as stream:
            assert (await stream.next())["data"] == {"walletsChanged": []}
            begun.release()
            await ending.wait()
            return await _until_refused(stream)

    streams = [asyncio.create_task(lasts(client)) for client in (used, ended, idle)]
    for _ in streams:
        await begun.acquire()
    here.at("2025-02-01T23:59:59+00:00")
    (_, second, *_) = await used.get(SESSIONS)
    assert await used.get(END, id=second["id"]) is True
    await here.shared.viewers.write_uses()
    here.at("2025-02-02T00:00:00+00:00")
    ending.set()
    assert max(await asyncio.gather(*streams[1:])) < 5
    assert not streams[0].done()
    streams[0].cancel()


async def _until_refused(stream: Stream) -> float:
    began = asyncio.get_running_loop().time()
    (error,) = await stream.errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    return asyncio.get_running_loop().time() - began


async def test_all_other_sessions_end_at_once_and_nobody_elses(here: Api) -> None:
    await create_user(here.shared.core, access.SYSTEM, NewUser("+919876500009", "Ravi", PASSWORD))
    ravi = await here.nobody.sign_in("+919876500009", PASSWORD)
    lost = [await here.nobody.sign_in(PHONE, PASSWORD) for _ in range(2)]
    assert await here.signed_in.get(END_OTHERS) == 2
    assert [await one.code(SESSIONS) for one in lost] == ["UNAUTHENTICATED"] * 2
    assert [one["current"] for one in await here.signed_in.get(SESSIONS)] == [True]
    assert len(await ravi.get(SESSIONS)) == 1
    assert await here.signed_in.get(END_OTHERS) == 0
    told = await here.signed_in.get('{ audit(action: "endOtherSessions") { edges { node { subjectId before } } } }')
    me = (await here.signed_in.get("{ viewer { id } }"))["id"]
    assert [one["node"] for one in told["edges"]] == [{"subjectId": me, "before": {"sessions": 2}}]
    assert await here.admin.code(END_OTHERS) == "FORBIDDEN"
