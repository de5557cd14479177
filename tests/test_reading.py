"""Reads outlive one connection that dies under them, and say UNAVAILABLE where the database is away."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import orjson
import pytest
import pytest_asyncio
from tortoise.connection import get_connection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.api import PASSWORD, PHONE, SIGN_IN, Api, api
from tests.proxy import between

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
READS = [
    '{ tenant(externalId: "x") { id } }',
    "{ tenants { edges { node { id } } } }",
    "{ tenants { totalCount } }",
    "{ users { edges { node { id tenant { id } } } } }",
    "{ users { totalCount } }",
    '{ user(phone: "+919876500000") { id } }',
    "{ viewer { id } }",
    "{ wallets { edges { node { id owner { __typename } } } } }",
    "{ wallets { totalCount } }",
]


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


async def killed_once(store: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The first that waits for the tables."""
    found: list[asyncpg.Record] = []
    while not found:
        found = await store.fetch(WAITING)
    for row in found:
        await store.execute("SELECT pg_terminate_backend($1)", row["pid"])


@pytest.mark.parametrize("query", READS)
async def test_a_read_whose_connection_dies_is_read_again(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]", query: str
) -> None:
    expected = await here.signed_in.ask(query)
    async with store.transaction():
        await store.execute("LOCK TABLE users, tenants, wallets")
        asking = asyncio.create_task(here.signed_in.ask(query))
        await killed_once(store)
    assert "errors" not in expected
    assert await asking == expected


async def test_a_sign_in_whose_connection_dies_as_it_looks_is_none_the_worse(
    here: Api, store: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with store.transaction():
        await store.execute("LOCK TABLE users")
        asking = asyncio.create_task(here.nobody.sign_in(PHONE, PASSWORD))
        await killed_once(store)
    assert await (await asking).get("{ viewer { phone } }") == {"phone": PHONE}


async def test_reads_and_sign_ins_are_unavailable_where_the_database_is_away(database_url: str) -> None:
    async with between(database_url) as (url, proxy), api(url) as here:
        await here.signed_in.get("{ viewer { id } }")
        proxy.refusing = True
        for query in READS:
            await get_connection("default").close()
            assert await here.signed_in.code(query) == "UNAVAILABLE", query
        assert await here.nobody.code(SIGN_IN, phone=PHONE, password=PASSWORD) == "UNAVAILABLE"
        proxy.refusing = False


async def test_a_socket_whose_token_cannot_be_looked_up_is_told_to_come_later(database_url: str) -> None:
    async with between(database_url) as (url, proxy), api(url) as here:
        headers = here.admin.headers
        here.shared.viewers.forget()
        proxy.refusing = True
        await get_connection("default").close()
        for by_header in (headers, {}):
            async with connect(
                here.url.replace("http", "ws", 1),
                subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
                additional_headers=by_header,
                proxy=None,
            ) as socket:
                await socket.send(orjson.dumps({"type": "connection_init", "payload": headers}).decode())
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
                assert (socket.close_code, (socket.close_reason or "")[:12]) == (1013, "The database")
        proxy.refusing = False
