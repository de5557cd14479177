"""A user who has no wallet yet: seen, edited, signed in and deleted like others, and no money moves."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from domain import access
from domain.access import Role
from domain.imports import Person
from services.identity import new_uuid
from services.imports import Source, import_users
from tests.api import Api, Client, api
from tests.proof import proof_of

PHONE, PASSWORD = "+919876543210", "a wren, nine kites & rain"
USER = "query ($phone: String!) { user(phone: $phone) { id name active wallet { id } } }"
EDIT = """mutation ($id: ID!, $password: String!) { updateUser(id: $id, input: {name: "Asha S", password: $password}) {
    ... on UserPayload { user { name wallet { id } } } } }"""
DELETE = "mutation ($id: ID!) { deleteUser(id: $id) { ... on UserPayload { user { name wallet { id } } } } }"
CREATE = "mutation ($id: ID!) { createWallet(userId: $id) { ... on WalletPayload { wallet { id version } } } }"
KEYED = 'amountMinor: 1, idempotencyKey: "k"'
MUTATIONS = [
    f"topUp(input: {{walletId: $id, {KEYED}}})",
    f'adjustBalance(input: {{walletId: $id, operation: ADD, description: "x", {KEYED}}})',
    f"transfer(input: {{fromWalletId: $id, toWalletId: $other, {KEYED}}})",
    f"transfer(input: {{fromWalletId: $other, toWalletId: $id, {KEYED}}})",
    f"placeHold(input: {{walletId: $id, {KEYED}}})",
    'lockWallet(walletId: $id, reason: "x")',
    'unlockWallet(walletId: $id, reason: "x")',
]
EVENTS = "subscription ($id: ID!) { walletEvents(walletId: $id) { __typename } }"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        asha = Person(2, PHONE, "Asha", None, Role.MEMBER, None, True)
        source = Source(new_uuid(), "people.csv", "0" * 64, 2)
        await import_users(served.clock, access.SYSTEM, source, [asha], lambda *_: None)
        yield served


async def asha(here: Api) -> tuple[str, str]:
    """The user's id, and the one that a wallet would have."""
    user = await here.admin.get(USER, phone=PHONE)
    return user["id"], user["id"].replace("usr_", "wal_")


async def wallets(client: Client) -> list[str]:
    found = await client.get("{ wallets { edges { node { id } } } }")
    return [edge["node"]["id"] for edge in found["edges"]]


async def test_the_user_is_seen_and_the_wallet_is_null(here: Api) -> None:
    user_id, wallet_id = await asha(here)
    assert await here.admin.get(USER, phone=PHONE) == {"id": user_id, "name": "Asha", "active": True, "wallet": None}
    listed = await here.admin.get('{ users(search: "Asha") { totalCount edges { node { wallet { id } } } } }')
    assert listed == {"totalCount": 1, "edges": [{"node": {"wallet": None}}]}
    for query in ("wallet(id: $id) { id }", "node(id: $id) { id }", "verification(walletId: $id) { __typename }"):
        assert await here.admin.get(f"query ($id: ID!) {{ {query} }}", id=wallet_id) is None
    assert wallet_id not in await wallets(here.admin)
    assert len(await wallets(here.admin)) == 1


async def test_no_money_moves_and_nothing_is_locked(here: Api) -> None:
    _, wallet_id = await asha(here)
    [other] = await wallets(here.admin)
    for mutation in MUTATIONS:
        more = {"other": other} if "$other" in mutation else {}
        document = f"mutation ($id: ID!{', $other: ID!' if more else ''}) {{ {mutation} {{ __typename }} }}"
        assert (mutation, await here.admin.code(document, id=wallet_id, **more)) == (mutation, "NOT_FOUND")


async def test_there_is_nothing_to_listen_to(here: Api) -> None:
    _, wallet_id = await asha(here)
    async with here.subscribe(here.admin, EVENTS, id=wallet_id) as stream:
        [error] = await stream.errors()
    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_signed_in_they_see_themselves_and_no_wallet_until_it_is_made(here: Api) -> None:
    user_id, wallet_id = await asha(here)
    assert (await here.admin.get(EDIT, id=user_id, password=PASSWORD))["user"] == {"name": "Asha S", "wallet": None}
    client = await here.nobody.sign_in(PHONE, PASSWORD)
    assert await client.get("{ viewer { name wallet { id } } }") == {"name": "Asha S", "wallet": None}
    assert await client.get("{ myWallet { id } }") is None
    assert await wallets(client) == []
    assert (await here.admin.get(CREATE, id=user_id))["wallet"] == {"id": wallet_id, "version": 0}
    assert await client.get("{ myWallet { id } }") == {"id": wallet_id}
    assert await wallets(client) == [wallet_id]


async def test_deleted_they_leave_nothing_behind_to_make_a_wallet_for(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    user_id, _ = await asha(here)
    assert (await here.admin.get(DELETE, id=user_id))["user"]["wallet"] is None
    assert await here.admin.get(USER, phone=PHONE) is None
    assert (await proof_of(store)).broken is None
