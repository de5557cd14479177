"""The story of an import: all of a file or nothing, whatever happens meanwhile."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain import access, ids
from domain.access import Role, Viewer, viewer_of_user
from domain.imports import read_people
from domain.refusals import BadInput, Forbidden, NotPossible
from services.deletion import delete_tenant, delete_user
from services.identity import new_uuid
from services.imports import AT_ONCE, Imported, Source, import_users
from services.people import create_user
from services.people_input import NewUser
from tests.world import World, at, opened_world

world = opened_world
USERS = "SELECT phone, name, email, role, tenant_id, active, password_hash, created_at FROM users ORDER BY phone"
TWO = "phone,name\n+919876543210,Asha\n+919876543211,Ravi\n"


def source() -> Source:
    return Source(new_uuid(), "people.csv", "0" * 64, 3)


async def imported(world: World, text: str, viewer: Viewer = access.SYSTEM, **more: Any) -> Imported:
    of = more.pop("of", None) or source()
    people = read_people(io.StringIO(text, newline=""))
    return await import_users(world.core.clock, viewer, of, people, more.pop("tell", lambda *_: None), **more)


def problems(answer: Imported) -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in answer.problems]


async def phones(world: World) -> list[str]:
    return [row[0] for row in await world.sql("SELECT phone FROM users WHERE closed_at IS NULL ORDER BY phone")]


@asynccontextmanager
async def taking(world: World, phone: str, *, keep: bool) -> AsyncIterator[None]:
    """A user with that phone is being made by somebody else, until the end of the block."""
    transaction = world.database.transaction()
    await transaction.start()
    made = "INSERT INTO users (id, phone, name, role, created_at) VALUES ($1, $2, 'Other', 'MEMBER', '2025-02-01Z')"
    await world.database.execute(made, new_uuid(), phone)
    yield
    await (transaction.commit() if keep else transaction.rollback())


async def test_users_are_made_as_they_are_asked_for_without_wallets_and_passwords(world: World) -> None:
    tenant = await world.tenant(external_id="t_001")
    text = (
        "phone,name,email,role,tenant,active\n"
        "+91 98765 43210,Asha,a@example.com,TENANT_ADMIN,t_001,\n"
        f"+919876543211,Ravi,,,ten_{tenant.hex},false\n"
        "+919876543212,Root,,SUPER_ADMIN,,true\n"
    )
    answer = await imported(world, text, of=(of := source()))
    assert answer == Imported(3, 0, [], done=True)
    made = at("2025-02-01")
    assert await world.sql(USERS) == [
        ("+919876543210", "Asha", "a@example.com", "TENANT_ADMIN", tenant, True, None, made),
        ("+919876543211", "Ravi", None, "MEMBER", tenant, False, None, made),
        ("+919876543212", "Root", None, "SUPER_ADMIN", None, True, None, made),
    ]
    assert await world.sql("SELECT count(*) FROM wallets WHERE user_id IS NOT NULL") == [(0,)]
    audited = "SELECT actor, action, after->>'import' FROM audit_entries a JOIN users u ON subject_id = " + (
        "'usr_' || replace(u.id::text, '-', '')"
    )
    run = ids.make("aud", of.id)
    assert await world.sql(audited) == [("system", "createUser", run)] * 3
    entry = await world.sql(
        "SELECT subject_id, actor, action, after->>'file', after->>'users' FROM audit_entries WHERE id = $1", of.id
    )
    assert entry == [(run, "system", "importUsers", "people.csv", "3")]


async def test_one_bad_line_stops_all_and_each_is_said(world: World) -> None:
    await create_user(world.core, access.SYSTEM, NewUser("+919876543210", "Asha", None))
    text = (
        "phone,name,email,tenant\n+919876543210,Taken,,\n12,Short,,\n+919876543211,Good,,\n+919876543212,,,\n"
        "+919876543211,Twin,,\n+91 98765-43211,Third,,\n+919876543213,Ravi,nowhere,\n+919876543214,Ravi,,t_404\n"
        f"+919876543215,Ravi,,ten_{new_uuid().hex}\n"
    )
    async with world.unchanged():
        answer = await imported(world, text)
    found = problems(answer)
    assert (answer.users, answer.bad_lines, answer.done) == (1, 8, False)
    assert found[:2] == [
        (2, "phone +919876543210 belongs to another user"),
        (3, "phone '12' is no international number with its country code, such as +919876543210"),
    ]
    assert found[2] == (5, "name takes 1 to 200 characters; this one has 0.")
    assert found[3:5] == [(line, "phone +919876543211 is that of line 4") for line in (6, 7)]
    assert found[5] == (8, "email takes one address, such as asha@example.com.")
    assert [line for line, what in found[6:] if what.startswith("there is no tenant t")] == [9, 10]
    async with world.unchanged():
        assert await imported(world, text, skip_bad=True, dry_run=True) == answer
    answer = await imported(world, text, skip_bad=True)
    assert (answer.users, answer.bad_lines, answer.done) == (1, 8, True)
    assert await phones(world) == ["+919876543210", "+919876543211"]


async def test_of_what_was_deleted_the_phone_is_free_and_the_tenant_is_missing(world: World) -> None:
    tenant = await world.tenant(external_id="t_001")
    await imported(world, TWO)
    [(asha,)] = await world.sql("SELECT id FROM users WHERE name = 'Asha'")
    await delete_user(world.core, access.SYSTEM, asha)
    await delete_tenant(world.core, access.SYSTEM, tenant)
    answer = await imported(world, "phone,name,tenant\n+919876543210,New,\n+919876543212,Lost,t_001\n", skip_bad=True)
    assert problems(answer) == [(3, "there is no tenant t_001")]
    assert await phones(world) == ["+919876543210", "+919876543211"]


async def test_what_reading_the_file_refuses_leaves_nothing(world: World) -> None:
    for text in ("phone\n", f'{TWO}+919876543212,"open\n'):
        async with world.refuses(BadInput):
            await imported(world, text, skip_bad=True)


async def test_only_who_may_make_any_user_imports(world: World) -> None:
    for role, tenant in ((Role.TENANT_ADMIN, await world.tenant()), (Role.SUPPORT, None)):
        async with world.refuses(Forbidden):
            await imported(world, TWO, viewer_of_user(new_uuid(), role, tenant, None))


async def test_told_again_it_answers_what_it_did_and_does_nothing(world: World) -> None:
    of = source()
    first = await imported(world, TWO, of=of)
    async with world.unchanged():
        assert await imported(world, TWO, of=of) == Imported(first.users, 0, (), done=True)


@pytest.mark.parametrize("skip_bad", [False, True])
async def test_a_phone_that_is_taken_meanwhile_is_that_lines_problem(world: World, skip_bad: bool) -> None:
    async with taking(world, "+919876543211", keep=True):
        importing = asyncio.create_task(imported(world, TWO, skip_bad=skip_bad))
        await world.waiting(1)
    answer = await importing
    assert problems(answer) == [(3, "phone +919876543211 belongs to another user")]
    assert (answer.users, answer.bad_lines, answer.done) == (1, 1, skip_bad)
    assert await phones(world) == (["+919876543210"] if skip_bad else []) + ["+919876543211"]
    entries = await world.sql("SELECT action, count(*) FROM audit_entries GROUP BY action ORDER BY action")
    assert entries == ([("createUser", 1), ("importUsers", 1)] if skip_bad else [])


async def test_a_phone_that_somebody_did_not_take_after_all_is_imported(world: World) -> None:
    async with taking(world, "+919876543211", keep=False):
        importing = asyncio.create_task(imported(world, TWO))
        await world.waiting(1)
    assert (await importing).done


async def test_a_user_who_is_made_meanwhile_waits_and_is_refused(world: World) -> None:
    async with taking(world, "+919876543211", keep=False):
        importing = asyncio.create_task(imported(world, TWO))
        await world.waiting(1)
        asked = NewUser("+919876543210", "Late", None)
        late = asyncio.create_task(create_user(world.core, access.SYSTEM, asked))
        await world.waiting(2)
    assert (await importing).done
    with pytest.raises(NotPossible):
        await late


async def test_two_imports_of_one_file_at_once_make_each_user_once(world: World) -> None:
    back = "phone,name\n+919876543211,Ravi\n+919876543210,Asha\n"
    answers = await asyncio.gather(*(imported(world, text) for text in (TWO, back, TWO)))
    assert sorted((answer.done, answer.users, answer.bad_lines) for answer in answers) == [
        (False, 0, 2),
        (False, 0, 2),
        (True, 2, 0),
    ]
    assert await world.sql("SELECT count(*) FROM users") == [(2,)]


async def test_nobody_comes_to_a_tenant_that_is_deleted_meanwhile(world: World) -> None:
    tenant = await world.tenant(external_id="t_001")
    async with taking(world, "+919876543211", keep=False):
        importing = asyncio.create_task(imported(world, "phone,name,tenant\n+919876543211,Ravi,t_001\n"))
        await world.waiting(1)
        await delete_tenant(world.core, access.SYSTEM, tenant)
    with pytest.raises(NotPossible):
        await importing
    assert await phones(world) == []


async def test_who_is_imported_into_a_tenant_just_before_its_deletion_goes_with_it(world: World) -> None:
    tenant = await world.tenant(external_id="t_001")
    async with world.database.transaction():
        await world.database.execute("LOCK TABLE audit_entries IN SHARE MODE")  # users are written, entries not
        importing = asyncio.create_task(imported(world, "phone,name,tenant\n+919876543211,Ravi,t_001\n"))
        await world.waiting(1)
        deleting = asyncio.create_task(delete_tenant(world.core, access.SYSTEM, tenant))
        await world.waiting(2)
    assert (await importing).done
    await deleting
    assert await phones(world) == []


async def test_a_user_of_the_same_phone_and_tenant_who_is_made_meanwhile_does_not_end_the_import(world: World) -> None:
    tenant = await world.tenant(external_id="t_001")
    both = "phone,name,tenant\n+919876543210,Asha,t_001\n+919876543211,Ravi,t_001\n"
    async with taking(world, "+919876543211", keep=False):
        importing = asyncio.create_task(imported(world, both))
        await world.waiting(1)
        asked = NewUser("+919876543210", "Late", None, tenant_id=tenant)
        late = asyncio.create_task(create_user(world.core, access.SYSTEM, asked))
        await world.waiting(2)
    assert (await importing).done
    with pytest.raises(NotPossible):
        await late


async def test_usage_does_not_wait_for_an_import_into_its_tenant(world: World) -> None:
    tenant = await world.priced("2025-02-01", external_id="t_001")
    async with world.database.transaction():
        await world.database.execute("LOCK TABLE audit_entries IN SHARE MODE")
        importing = asyncio.create_task(imported(world, "phone,name,tenant\n+919876543211,Ravi,t_001\n"))
        await world.waiting(1)
        await world.use(tenant, "1")
    assert (await importing).done


@pytest.mark.proof
async def test_many_lines_go_in_parts_of_one_transaction(world: World) -> None:
    people = AT_ONCE + 10
    text = "phone,name\n" + "".join(f"+9197{n:08d},User {n}\n" for n in range(people, 0, -1))
    heard: list[tuple[str, int, int]] = []

    def tell(what: str, done: int, total: int) -> None:
        heard.append((what, done, total))

    async with world.refuses(ZeroDivisionError):
        await imported(world, text, tell=lambda what, done, _: 1 / (what == "Checked" or done < people))
    assert (await imported(world, text, tell=tell)).users == people
    parts = [AT_ONCE, people]
    assert heard == [*(("Checked", 1 + part, 3) for part in parts), *(("Imported", part, people) for part in parts)]
    assert await world.sql("SELECT count(*), min(name), max(phone) FROM users") == [
        (people, "User 1", f"+9197{people:08d}")
    ]
    assert await world.sql("SELECT count(DISTINCT subject_id) FROM audit_entries") == [(people + 1,)]


async def test_of_many_problems_the_first_hundred_are_told(world: World) -> None:
    answer = await imported(world, "phone,name\n" + "12,Asha\n" * 250)
    assert (answer.bad_lines, [one.line for one in answer.problems]) == (250, list(range(2, 102)))
