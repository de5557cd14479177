"""Tokens for programs: who makes, sees and revokes them, and how far they reach."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from domain import access, ids
from domain.access import Role, Viewer
from domain.refusals import Forbidden, NotFound
from services import api_tokens
from services.identity import new_uuid
from services.people import create_user
from services.people_input import NewUser
from services.viewers import Viewers
from tests.api import Api, Client, api
from tests.entering import remembering
from tests.world import World, at, opened_world

__all__ = ["opened_world"]

TOKENS = """
query ($first: Int, $after: ID) {
  apiTokens(first: $first, after: $after) {
    id name prefix permissions tenant { name } createdAt expiresAt lastUsedAt revokedAt
  }
}
"""
MAKE = """
mutation ($name: String!, $tenant: ID, $permissions: [String!]!) {
  createApiToken(input: {name: $name, tenantId: $tenant, permissions: $permissions}) {
    ... on ApiTokenPayload { id token }
  }
}
"""
REVOKE = "mutation ($id: ID!) { revokeApiToken(id: $id) }"
NODE = "query ($id: ID!) { node(id: $id) { id ... on ApiToken { name } } }"
LIVE = "subscription { walletsChanged { id } }"
READS = ["invoice:read", "wallet:read"]
_PHONES = (f"+9198765{n:05d}" for n in range(1, 1_000))


class Makers:
    """A store in which people make tokens."""

    def __init__(self, world: World, tenant: UUID) -> None:
        self.world, self.tenant, self.viewers = world, tenant, remembering(world)

    async def person(self, role: Role, tenant: UUID | None = None) -> Viewer:
        asked = NewUser(next(_PHONES), "Asha", None, role=role, tenant_id=tenant)
        made = await create_user(self.world.core, access.SYSTEM, asked)
        return access.viewer_of_user(made.id, role, tenant, new_uuid())

    async def make(self, viewer: Viewer, tenant: UUID | None, *permissions: str) -> tuple[UUID, str]:
        return await api_tokens.create_api_token(self.world.core, viewer, "a program", tenant, [*permissions], None)

    async def carried(self, token: str) -> set[str] | None:
        """What it may do, as a process that remembers nothing finds it; None: it stands for nobody."""
        found = await Viewers(self.world.core).of(token)
        return None if found is None else set(found.permissions)

    async def listed(self, viewer: Viewer) -> list[UUID]:
        return [one.id for one in await api_tokens.list_api_tokens(viewer, 100, None)]

    async def revoke(self, viewer: Viewer, token_id: UUID) -> None:
        await api_tokens.revoke_api_token(self.world.core, viewer, token_id)


@pytest_asyncio.fixture
async def makers(opened_world: World) -> Makers:
    return Makers(opened_world, await opened_world.tenant())


async def test_those_who_make_tokens_see_their_own_and_those_who_read_everything_all(makers: Makers) -> None:
    world, tenant, other = makers.world, makers.tenant, await makers.world.tenant("Asha Press")
    super_admin, support = await makers.person(Role.SUPER_ADMIN), await makers.person(Role.SUPPORT)
    manager, member = await makers.person(Role.TENANT_ADMIN, tenant), await makers.person(Role.MEMBER, tenant)
    mine, _ = await makers.make(manager, tenant, "wallet:read")
    made_for_it, _ = await makers.make(super_admin, tenant, "usage:write")
    others, _ = await makers.make(super_admin, other, "wallet:read")
    everywhere, _ = await makers.make(super_admin, None, "audit:read")
    everything = [everywhere, others, made_for_it, mine]
    auditor = access.viewer_of_token(new_uuid(), None, frozenset({"audit:read"}))
    bound = access.viewer_of_token(new_uuid(), tenant, frozenset({"audit:read", "wallet:read"}))
    loner = await makers.person(Role.MEMBER)
    for viewer, seen in (
        (super_admin, everything),
        (support, everything),
        (auditor, everything),
        (manager, [made_for_it, mine]),
        (member, []),
        (bound, []),
        (loner, []),
    ):
        assert await makers.listed(viewer) == seen
        for token_id in everything:
            found = await api_tokens.find_api_token(viewer, token_id)
            assert (found is not None) == (token_id in seen)
    async with world.unchanged():
        for viewer, token_id, why in (
            (support, mine, Forbidden),
            (auditor, mine, Forbidden),
            (member, mine, NotFound),
            (manager, others, NotFound),
            (manager, everywhere, NotFound),
            (manager, made_for_it, Forbidden),  # its reporter's: it would have a say in its own usage
            (super_admin, new_uuid(), NotFound),
        ):
            with pytest.raises(why):
                await makers.revoke(viewer, token_id)
    await makers.revoke(manager, mine)
    await makers.revoke(super_admin, made_for_it)
    assert await makers.listed(manager) == [made_for_it, mine]


async def test_a_revoked_token_ends_at_once_and_stays_listed(makers: Makers) -> None:
    super_admin = await makers.person(Role.SUPER_ADMIN)
    token_id, token = await makers.make(super_admin, None, "wallet:read")
    assert await makers.viewers.of(token)
    makers.world.go("2025-02-02")
    await makers.revoke(super_admin, token_id)
    assert await makers.viewers.of(token) is None
    [listed] = await api_tokens.list_api_tokens(super_admin, 100, None)
    assert (listed.id, listed.revoked_at) == (token_id, at("2025-02-02"))
    makers.world.go("2025-02-03")
    async with makers.world.unchanged():
        await makers.revoke(super_admin, token_id)


async def test_a_token_carries_no_more_than_its_maker_may_now(makers: Makers) -> None:
    world, tenant = makers.world, makers.tenant
    maker = await makers.person(Role.SUPER_ADMIN)
    _, everywhere = await makers.make(maker, None, "wallet:topup", "wallet:read", "audit:read")
    _, bound = await makers.make(maker, tenant, "usage:write", "wallet:read", "user:read")
    set_role = "UPDATE users SET role = $2, tenant_id = $3 WHERE id = $1"
    elsewhere = await world.tenant("Asha Press")
    given, given_to_bound = {"wallet:topup", "wallet:read", "audit:read"}, {"usage:write", "wallet:read", "user:read"}
    for role, home, left, left_of_bound in (
        ("SUPER_ADMIN", None, given, given_to_bound),
        ("SUPPORT", None, {"wallet:read", "audit:read"}, {"wallet:read", "user:read"}),
        ("TENANT_ADMIN", tenant, set(), {"wallet:read"}),
        ("MEMBER", tenant, set(), {"wallet:read"}),
        ("TENANT_ADMIN", elsewhere, set(), set()),
        ("MEMBER", None, set(), set()),
    ):
        await world.sql(set_role, maker.user_id, role, home)
        assert await makers.carried(everywhere) == left
        assert await makers.carried(bound) == left_of_bound


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE users SET active = false WHERE id = $1",
        "UPDATE users SET closed_at = created_at WHERE id = $1",
        "UPDATE tenants SET active = false WHERE id = (SELECT tenant_id FROM users WHERE id = $1)",
        "UPDATE tenants SET closed_at = created_at WHERE id = (SELECT tenant_id FROM users WHERE id = $1)",
    ],
)
async def test_a_token_stops_with_its_maker(makers: Makers, ending: str) -> None:
    manager = await makers.person(Role.TENANT_ADMIN, makers.tenant)
    _, token = await makers.make(manager, makers.tenant, "wallet:read")
    assert await makers.carried(token) == {"wallet:read"}
    await makers.world.sql(ending, manager.user_id)
    assert await makers.carried(token) is None


async def test_a_token_that_a_token_made_has_the_same_maker(makers: Makers) -> None:
    maker = await makers.person(Role.SUPER_ADMIN)
    _, first = await makers.make(maker, makers.tenant, "token:write", "wallet:read")
    program = await makers.viewers.of(first)
    assert program
    _, second = await makers.make(program, makers.tenant, "wallet:read")
    with pytest.raises(Forbidden):
        await makers.make(program, makers.tenant, "token:write")
    assert await makers.carried(second) == {"wallet:read"}
    await makers.world.sql("UPDATE users SET active = false")
    assert await makers.carried(second) is None


async def test_a_token_that_the_system_made_has_no_maker_to_stop_with(makers: Makers) -> None:
    _, token = await makers.make(access.SYSTEM, None, "wallet:topup")
    assert await makers.carried(token) == {"wallet:topup"}


async def test_a_tokens_last_use_is_written_with_the_next_round(makers: Makers) -> None:
    _, used = await makers.make(access.SYSTEM, None, "wallet:read")
    _, unused = await makers.make(access.SYSTEM, None, "wallet:read")
    makers.world.go("2025-02-03T12:00")
    assert await makers.viewers.of(unused)
    assert await makers.viewers.using(used)
    await makers.viewers.write_uses()
    times = [one.last_used_at for one in await api_tokens.list_api_tokens(access.SYSTEM, 100, None)]
    assert times == [None, at("2025-02-03T12:00")]


async def test_what_is_kept_of_a_token_is_a_keyed_hash_and_its_beginning(makers: Makers) -> None:
    token_id, token = await makers.make(access.SYSTEM, None, "wallet:read")
    everything = str([await makers.world.sql(f"SELECT * FROM {table}") for table in ("api_tokens", "audit_entries")])
    assert token[:10] in everything
    assert token[:12] not in everything
    audited = "SELECT action, subject_id FROM audit_entries WHERE action LIKE '%ApiToken' ORDER BY id"
    await makers.revoke(access.SYSTEM, token_id)
    named = ids.make("tok", token_id)
    assert await makers.world.sql(audited) == [("createApiToken", named), ("revokeApiToken", named)]


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def test_tokens_are_listed_in_pages_and_revoked_over_the_api(here: Api) -> None:
    made = [await here.signed_in.get(MAKE, name=f"program {n}", permissions=READS) for n in range(3)]
    newest, *_ = listed = await here.signed_in.get(TOKENS)
    assert [one["name"] for one in listed] == ["program 2", "program 1", "program 0", "tests"]
    assert newest == {
        "id": made[2]["id"],
        "name": "program 2",
        "prefix": made[2]["token"][:10],
        "permissions": READS,
        "tenant": None,
        "createdAt": "2025-02-01T00:00:00Z",
        "expiresAt": None,
        "lastUsedAt": None,
        "revokedAt": None,
    }
    page = await here.signed_in.get(TOKENS, first=2, after=newest["id"])
    assert [one["name"] for one in page] == ["program 1", "program 0"]
    for wrong in ({"first": 0}, {"first": 101}, {"after": "tok_1"}):
        assert await here.signed_in.code(TOKENS, **wrong) == "BAD_USER_INPUT"
    assert await here.signed_in.get(NODE, id=newest["id"]) == {"id": newest["id"], "name": "program 2"}
    reader = Client(here.http, here.url, made[2]["token"])
    assert await reader.get(TOKENS) == []
    assert await reader.get(NODE, id=newest["id"]) is None
    foreign = [await reader.ask(REVOKE, id=each) for each in (newest["id"], ids.make("tok", new_uuid()), "tok_1")]
    assert foreign[0] == foreign[1]
    assert {one["errors"][0]["extensions"]["code"] for one in foreign} == {"NOT_FOUND"}
    for _ in range(2):
        assert await here.signed_in.get(REVOKE, id=newest["id"]) is True
    assert await reader.code(TOKENS) == "UNAUTHENTICATED"
    assert (await here.signed_in.get(TOKENS))[0]["revokedAt"] == "2025-02-01T00:00:00Z"


async def test_a_revoked_tokens_streams_end_within_5_seconds_and_opening_one_is_a_use(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    made = await here.signed_in.get(MAKE, name="a screen", permissions=READS)
    watching = Client(here.http, here.url, made["token"])
    async with here.subscribe(watching, LIVE) as stream:
        assert (await stream.next())["data"] == {"walletsChanged": []}
        await here.shared.viewers.write_uses()
        assert await store.fetchval("SELECT count(last_used_at) FROM api_tokens WHERE name = 'a screen'") == 1
        assert await here.signed_in.get(REVOKE, id=made["id"]) is True
        began = asyncio.get_running_loop().time()
        (error,) = await stream.errors()
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert asyncio.get_running_loop().time() - began < 5
