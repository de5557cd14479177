"""Who asks: everybody whom law 23 knows, signed in or with a token, at a running server on 1 April 2025."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from domain import access, ids
from domain.access import READ_ONLY, Role
from tests.access.things import NAMES, Things, absent, lives, malformed, missing, new_user
from tests.api import PASSWORD, PHONE, Api, Client, api
from tests.world import World

ASKERS = ("loner", "member", "manager", "reader", "agent", "support", "super", "program")
"""A MEMBER without a tenant; a MEMBER, a TENANT_ADMIN, a read-only token and one with all permissions of our tenant;
SUPPORT, a SUPER_ADMIN, and a token with all permissions for all tenants."""
NOBODIES = ("made up", "expired", "suspended", "of a suspended tenant")
"""Who are answered as nobody is, and as a revoked token."""
SIDES = ("own", "foreign", "missing")
EVERYTHING = sorted(access.PERMISSIONS[Role.SUPER_ADMIN])

_TOKEN = """mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {
  ... on ApiTokenPayload { id token } } }"""
_REVOKE = "mutation ($id: ID!) { revokeApiToken(id: $id) }"
_SUSPEND_TENANT = "mutation ($id: ID!) { updateTenant(id: $id, input: {active: false}) { __typename } }"
_SUSPEND = "mutation ($id: ID!) { updateUser(id: $id, input: {active: false}) { __typename } }"


@dataclass
class Cast:
    """Clients by asker; things by side, a tenant's and a person's; and whose each UUID is."""

    here: Api
    world: World
    clients: dict[str, Client] = field(default_factory=dict)
    selves: dict[str, str] = field(default_factory=dict)
    """The askers' own users."""
    sessions: dict[str | None, str] = field(default_factory=dict)
    """By token."""
    things: dict[str, Things] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    grants: dict[str, tuple[str, list[str], str | None]] = field(default_factory=dict)
    """Of askers that are tokens: maker, permissions, tenant."""
    holders: dict[str, str] = field(default_factory=dict)
    """UUIDs and phones: ours, theirs, loner's, stranger's, staff; a session is an asker's (@member)."""

    def hold(self, holder: str, things: Things) -> None:
        """What is in these ids is the holder's."""
        for thing in things.values():
            for part in thing.split("_") if not thing.startswith("run_") else ():
                if len(part) == 32 or part.startswith("+"):
                    self.holders.setdefault(part, holder)


async def _askers(cast: Cast, tenant: UUID) -> None:
    """Signed in or given a token now: a session does not outlive the month."""
    roles = {"member": Role.MEMBER, "manager": Role.TENANT_ADMIN, "support": Role.SUPPORT}
    phones = cast.phones
    phones |= {"super": PHONE, "loner": cast.things["own person"]["phone"]}
    for asker, role in roles.items():
        holder, home = ("staff", None) if role is Role.SUPPORT else ("ours", tenant)
        user, phones[asker] = await new_user(cast.world, asker, role, home)
        cast.selves[asker] = ids.make("usr", user)
        cast.hold(holder, {"user": cast.selves[asker], "phone": phones[asker]})
    cast.selves["loner"] = cast.things["own person"]["user"]
    for asker in phones:
        cast.clients[asker] = await fresh(cast, asker)
    cast.selves["super"] = (await cast.clients["super"].get("{ viewer { id } }"))["id"]
    cast.hold("staff", {"user": cast.selves["super"], "phone": PHONE})
    tenant_id = ids.make("ten", tenant)
    cast.grants = {
        "reader": ("manager", sorted(READ_ONLY), tenant_id),
        "agent": ("super", EVERYTHING, tenant_id),
        "program": ("super", EVERYTHING, None),
    }
    for asker in cast.grants:
        cast.clients[asker] = await fresh(cast, asker)
    for side in ("own", "foreign"):
        await _credentials(cast, cast.things[side])


async def _credentials(cast: Cast, things: Things) -> None:
    """Of a tenant: a token that is bound to it, a session of its reader's, and what was written when it was made."""
    token_id, _ = await new_token(cast, "super", sorted(READ_ONLY), things["tenant"])
    await cast.here.nobody.sign_in(things["phone"], PASSWORD)
    [(session,)] = await cast.world.sql("SELECT id FROM sessions WHERE user_id = $1", cast.here.uuid(things["user"]))
    [(entry,)] = await cast.world.sql("SELECT id FROM audit_entries WHERE subject_id = $1", things["tenant"])
    made = {"token": token_id, "session": ids.make("ses", session)}
    cast.hold(cast.holders[things["tenant"][4:]], made)
    things |= made | {"entry": ids.make("aud", entry)}


async def fresh(cast: Cast, asker: str) -> Client:
    """As the asker, with a session or a token that may end."""
    if asker in cast.phones:
        client = await cast.here.nobody.sign_in(cast.phones[asker], PASSWORD)
        mine = next(one["id"] for one in await client.get("{ sessions { id current } }") if one["current"])
        cast.sessions[client.token] = mine
        cast.holders[mine[4:]] = f"@{asker}"
        return client
    if asker not in cast.grants:
        return cast.clients[asker]
    return (await new_token(cast, *cast.grants[asker]))[1]


async def new_token(cast: Cast, maker: str, permissions: list[str], tenant_id: str | None) -> tuple[str, Client]:
    """Its id, and a client with it."""
    asked = {"name": "a program", "permissions": permissions, "tenantId": tenant_id}
    made = await cast.clients[maker].get(_TOKEN, input=asked)
    return made["id"], Client(cast.here.http, cast.here.url, made["token"])


async def _nobodies(cast: Cast) -> None:
    """Who may not ask any more, or never could. The expired session is from before."""
    cast.clients["nobody"] = cast.here.nobody
    cast.clients["made up"] = Client(cast.here.http, cast.here.url, "tjs_" + "x" * 43)
    token_id, cast.clients["revoked"] = await new_token(cast, "super", EVERYTHING, None)
    assert await cast.clients["super"].get(_REVOKE, id=token_id)
    user, phone = await new_user(cast.world, "Suspended", Role.SUPER_ADMIN)
    cast.clients["suspended"] = await cast.here.nobody.sign_in(phone, PASSWORD)
    assert await cast.clients["super"].get(_SUSPEND, id=ids.make("usr", user)) == {"__typename": "UserPayload"}
    tenant_id = ids.make("ten", await cast.world.tenant("Suspended"))
    _, cast.clients["of a suspended tenant"] = await new_token(cast, "super", EVERYTHING, tenant_id)
    assert await cast.clients["super"].get(_SUSPEND_TENANT, id=tenant_id) == {"__typename": "TenantPayload"}
    cast.here.shared.viewers.forget()


@asynccontextmanager
async def acted(database_url: str) -> AsyncIterator[Cast]:
    """Everything has happened, and the clock stands at the first of April."""
    async with api(database_url, "2025-01-01T00:00:00+00:00", limit_sign_ins=False) as here:
        database = await asyncpg.connect(database_url)
        try:
            cast = Cast(here, World(here.shared.core, here.shared.feed, database, database_url))
            await _act(cast)
            yield cast
        finally:
            await database.close()


async def _act(cast: Cast) -> None:
    cast.clients["expired"] = cast.here.signed_in
    cast.things = await lives(cast.world)
    for things in cast.things.values():
        cast.hold(NAMES[things["search"]], things)
    await _askers(cast, cast.here.uuid(cast.things["own"]["tenant"]))
    for kind in ("", " person"):
        cast.things[f"missing{kind}"] = missing(cast.things[f"own{kind}"])
        cast.things[f"absent{kind}"] = absent(cast.things[f"foreign{kind}"])
        cast.things[f"malformed{kind}"] = malformed(cast.things[f"missing{kind}"])
    await _nobodies(cast)
