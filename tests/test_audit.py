"""Who changed what outside the wallets' logs can be read by those who read everything, and changed by nobody."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from domain import access, ids
from domain.access import Role
from services import audit, audit_queries
from services.audit_queries import AuditFilter
from services.database import write
from services.identity import new_uuid
from services.people import create_user
from services.people_input import NewUser
from tests.api import PASSWORD, Api, Client, api
from tests.test_api_tokens import MAKE
from tests.world import World, opened_world

__all__ = ["opened_world"]

AUDIT = """
query ($first: Int, $after: String, $subject: ID) {
  audit(first: $first, after: $after, subjectId: $subject) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { id time actor action subjectId before after } }
  }
}
"""
NODE = "query ($id: ID!) { node(id: $id) { ... on AuditEntry { action } } }"
CREATE = 'mutation { createTenant(input: {name: "Asha Press"}) { ... on TenantPayload { tenant { id } } } }'
EMPTY = {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": []}
BOTH = "WHERE actor = 'system' AND action = 'test'"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


def nodes(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in page["edges"]]


async def test_the_audit_says_who_changed_what_and_when_newest_first(here: Api) -> None:
    tenant = (await here.signed_in.get(CREATE))["tenant"]["id"]
    admin = (await here.signed_in.get("{ viewer { id } }"))["id"]
    page = await here.signed_in.get(AUDIT)
    assert [one["action"] for one in nodes(page)] == ["createTenant", "createApiToken", "signIn", "createUser"]
    assert page["totalCount"] == 4
    newest = nodes(page)[0]
    assert {key: newest[key] for key in ("time", "actor", "subjectId", "before")} == {
        "time": "2025-02-01T00:00:00Z",
        "actor": admin,
        "subjectId": tenant,
        "before": None,
    }
    assert newest["after"]["name"] == "Asha Press"
    assert newest["after"]["graceDays"] == 0
    assert await here.signed_in.get(NODE, id=newest["id"]) == {"action": "createTenant"}
    of_tenant = await here.signed_in.get(AUDIT, subject=tenant)
    assert (of_tenant["totalCount"], nodes(of_tenant)) == (1, [newest])
    assert await here.signed_in.get(AUDIT, subject="ten_" + "0" * 32) == EMPTY


async def test_it_is_read_in_pages(here: Api) -> None:
    await here.signed_in.get(CREATE)
    whole, after = nodes(await here.admin.get(AUDIT)), None
    found: list[dict[str, Any]] = []
    while page := await here.admin.get(AUDIT, first=3, after=after):
        found += nodes(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole
    for wrong in ({"first": 0}, {"first": 101}, {"after": "x"}, {"subject": "\ud800"}):
        assert await here.admin.code(AUDIT, **wrong) == "BAD_USER_INPUT"


FOUND = """
query ($actor: ID, $action: String, $subject: ID, $from: DateTime, $until: DateTime) {
  audit(first: 10, actor: $actor, action: $action, subjectId: $subject, from: $from, until: $until) {
    totalCount edges { node { action subjectId } }
  }
}
"""
UPDATE = "mutation ($id: ID!, $grace: Int!) { updateTenant(id: $id, input: {graceDays: $grace}) { __typename } }"


async def test_it_is_found_by_who_what_and_when(here: Api) -> None:
    admin = (await here.signed_in.get("{ viewer { id } }"))["id"]
    here.at("2025-02-02T00:00:00+00:00")
    tenant = (await here.admin.get(CREATE))["tenant"]["id"]
    here.at("2025-02-03T00:00:00+00:00")
    await here.admin.get(UPDATE, id=tenant, grace=3)

    async def found(**asked: str) -> list[str]:
        page = await here.admin.get(FOUND, **asked)
        assert page["totalCount"] == len(page["edges"])
        return [one["action"] for one in nodes(page)]

    assert await found(actor=admin) == ["createApiToken", "signIn"]
    assert await found(actor=admin, action="signIn") == ["signIn"]
    assert await found(action="updateTenant") == ["updateTenant"]
    assert await found(until="2025-02-02T00:00:00Z") == ["createApiToken", "signIn", "createUser"]
    assert await found(**{"from": "2025-02-02T00:00:00Z"}) == ["updateTenant", "createTenant"]
    assert await found(subject=tenant, until="2025-02-03T00:00:00Z") == ["createTenant"]
    assert await found(actor="usr_nobody") == await found(action="signin") == []
    assert await here.admin.code(FOUND, action="\ud800") == "BAD_USER_INPUT"


async def test_its_order_is_that_of_the_times_and_each_way_of_asking_reads_along_an_index(opened_world: World) -> None:
    world = opened_world
    some = """INSERT INTO audit_entries (id, time, actor, action, subject_id)
        SELECT gen_random_uuid(), $1::timestamptz + n / 3 * interval '1 hour', 'system', 'test', 'usr_' || n % 2
        FROM generate_series(0, 29) n"""
    await world.sql(some, world.core.clock.fixed)
    whole = await audit_queries.list_audit(access.SYSTEM, AuditFilter(), 100)
    assert whole == sorted(whole, key=lambda one: (one.time, one.id), reverse=True)
    paged, after = [], None
    while page := await audit_queries.list_audit(access.SYSTEM, AuditFilter(), 4, after):
        paged += page
        after = page[-1].time, page[-1].id
    assert paged == whole
    for other_way in ("seqscan", "bitmapscan"):
        await world.sql(f"SET enable_{other_way} = off")
    for one in ("", "WHERE subject_id = 'usr_1'", "WHERE actor = 'system'", "WHERE action = 'test'", BOTH):
        statement = f"EXPLAIN SELECT * FROM audit_entries {one} ORDER BY time DESC, id DESC LIMIT 26"
        plan = "\n".join(line for (line,) in await world.sql(statement))
        assert "Sort" not in plan
        assert "Filter" not in plan


async def test_only_those_who_read_everything_read_it(here: Api) -> None:
    tenant = (await here.signed_in.get(CREATE))["tenant"]["id"]
    everyone = {
        "+919876500001": NewUser("+919876500001", "Support", PASSWORD, role=Role.SUPPORT),
        "+919876500002": NewUser(
            "+919876500002", "Manager", PASSWORD, role=Role.TENANT_ADMIN, tenant_id=here.uuid(tenant)
        ),
        "+919876500003": NewUser("+919876500003", "Member", PASSWORD, tenant_id=here.uuid(tenant)),
    }
    for new in everyone.values():
        await create_user(here.shared.core, access.SYSTEM, new)
    support, manager, member = [await here.nobody.sign_in(phone, PASSWORD) for phone in everyone]
    made = await here.signed_in.get(MAKE, name="bound", tenant=tenant, permissions=["audit:read"])
    bound = Client(here.http, here.url, made["token"])
    entry = nodes(await support.get(AUDIT, first=1))[0]["id"]
    for client in (manager, member, bound):
        assert await client.get(AUDIT) == EMPTY
        assert await client.get(NODE, id=entry) is None
    assert await here.nobody.code(AUDIT) == "UNAUTHENTICATED"
    assert await support.get(NODE, id=entry) == {"action": "createApiToken"}


async def test_more_than_10_000_entries_are_not_counted(opened_world: World) -> None:
    world = opened_world
    some = """INSERT INTO audit_entries (id, time, actor, action, subject_id)
        SELECT gen_random_uuid(), $1::timestamptz, 'system', 'test', 'usr_' || n % 2 FROM generate_series(1, $2) n"""
    await world.sql(some, world.core.clock.fixed, 10_000)
    assert await audit_queries.count_audit(access.SYSTEM, AuditFilter()) == 10_000
    await world.sql(some, world.core.clock.fixed, 1)
    assert await audit_queries.count_audit(access.SYSTEM, AuditFilter()) is None
    assert await audit_queries.count_audit(access.SYSTEM, AuditFilter("usr_1")) == 5_001


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = ''", "DELETE FROM audit_entries"])
async def test_the_store_refuses_to_change_an_entry(opened_world: World, change: str) -> None:
    world = opened_world
    await world.tenant()
    async with world.unchanged():
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await world.sql(change)


async def test_a_change_that_fails_leaves_no_entry(opened_world: World) -> None:
    world = opened_world
    subject = ids.make("ten", new_uuid())

    async def work(connection: Any) -> None:
        await audit.record(connection, world.core.clock, access.SYSTEM, "test", subject, after={"text": "ü", "n": 1})
        raise ValueError("after all")

    async with world.unchanged():
        with pytest.raises(ValueError, match="after all"):
            await write(work)


async def test_what_changed_is_named_as_the_api_names_it(opened_world: World) -> None:
    world = opened_world
    subject, facts = ids.make("ten", new_uuid()), {"grace_days": 1, "billingZone": "UTC", "name": "Asha"}

    async def work(connection: Any) -> None:
        core = world.core
        await audit.record(connection, core.clock, access.SYSTEM, "test", subject, before=facts, after=facts)
        await audit.record_each(connection, core.clock, access.SYSTEM, "test", {subject: facts})

    await write(work)
    one, other = await audit_queries.list_audit(access.SYSTEM, AuditFilter(subject), 2)
    shown = {"graceDays": 1, "billingZone": "UTC", "name": "Asha"}
    assert (one.after, other.before, other.after) == (shown, shown, shown)
