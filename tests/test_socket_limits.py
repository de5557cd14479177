"""What a websocket may do: little until it says who asks, nothing that changes anything, and only so much at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import orjson
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from domain import access
from domain.refusals import Unavailable
from resolvers.context import RequestContext
from resolvers.root import schema
from server.graphql_documents import Documents
from server.graphql_guard import Limits
from server.socket_seats import Seats
from server.sockets import INIT_SECONDS, MOST_SUBSCRIPTIONS, Sockets
from tests.api import Api, Client, api
from tests.http_endpoint import served

PROTOCOL: Any = ["graphql-transport-ws"]
CHANGES = "subscription { walletsChanged { id } }"
KNOWN = '{"type": "connection_init", "payload": {"Authorization": "Bearer known"}}'
VIEWER = "{ wallets(first: 1) { totalCount } }"


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url) as served:
        yield served


def knock(here: Api) -> Any:
    return connect(here.url.replace("http", "ws", 1), subprotocols=PROTOCOL, proxy=None)


async def told(socket: ClientConnection) -> Any:
    async with asyncio.timeout(20):
        return orjson.loads(await socket.recv())


async def begin(socket: ClientConnection, client: Client) -> None:
    await socket.send(orjson.dumps({"type": "connection_init", "payload": client.headers}).decode())
    assert (await told(socket))["type"] == "connection_ack"


async def ask(socket: ClientConnection, query: str, name: str = "1") -> Any:
    await socket.send(orjson.dumps({"id": name, "type": "subscribe", "payload": {"query": query}}).decode())
    return await told(socket)


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    async with asyncio.timeout(20):
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    return socket.close_code, socket.close_reason


async def test_a_mutation_is_refused_and_the_socket_goes_on(here: Api) -> None:
    async with knock(here) as socket:
        await begin(socket, here.signed_in)
        for document in (
            "mutation { signOut }",
            "query A { viewer { id } } mutation B { signOut }",
            'mutation { ...A } fragment A on Mutation { createTenant(input: {name: "X"}) { __typename } }',
        ):
            payload = {"query": document, "operationName": "B" if " B " in document else None}
            await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
            refused = await told(socket)
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
            assert "by POST" in refused["payload"][0]["message"]
        answer = await ask(socket, VIEWER)
    assert answer["payload"] == {"data": {"wallets": {"totalCount": 1}}}


async def test_twenty_subscriptions_are_answered_and_one_more_is_told_why_not(here: Api) -> None:
    async with knock(here) as socket:
        await begin(socket, here.admin)
        for number in range(MOST_SUBSCRIPTIONS):
            assert (await ask(socket, CHANGES, str(number)))["payload"] == {"data": {"walletsChanged": []}}
        refused = await ask(socket, CHANGES, "one more")
        assert (refused["id"], refused["type"]) == ("one more", "error")
        assert refused["payload"][0]["extensions"] == {"code": "RATE_LIMITED"}
        assert refused["payload"][0]["message"].startswith("A socket takes 20 operations at a time.")
        await socket.send('{"id": "0", "type": "complete"}')
        assert (await ask(socket, CHANGES, "in its place"))["type"] == "next"


async def test_a_frame_of_64_kibibytes_is_read_and_a_longer_one_closes_the_socket(here: Api) -> None:
    ping = '{"type": "ping"}'
    async with knock(here) as socket:
        await socket.send(ping.ljust(64 * 1024))
        assert await told(socket) == {"type": "pong"}
        await socket.send(ping.ljust(64 * 1024 + 1))
        assert (await closed(socket))[0] == 1009


async def test_before_the_init_nothing_is_answered(here: Api) -> None:
    async with knock(here) as socket:
        await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": {"query": VIEWER}}).decode())
        assert await closed(socket) == (4401, "Unauthorized")


@asynccontextmanager
async def strict(**given: Any) -> AsyncIterator[Callable[[], Any]]:
    """What knocks at a server without a store that is stricter than ours; afterwards it has no socket left."""

    async def context(headers: Mapping[bytes, bytes], address: str) -> RequestContext:
        viewer = access.SYSTEM if headers.get(b"authorization") == b"Bearer known" else None
        return RequestContext(None, viewer, None, address)  # type: ignore[arg-type]  # nothing is asked

    sockets = Sockets(schema, Documents(schema._schema, Limits()), context, **given)
    async with served(Starlette(routes=[WebSocketRoute("/graphql", sockets)])) as url:
        yield lambda: connect(url.replace("http", "ws"), subprotocols=PROTOCOL, proxy=None)
    assert (sockets.seats.unnamed, sockets.seats.named) == ({}, {})


async def test_who_does_not_begin_is_cut_off_after_the_given_seconds() -> None:
    assert INIT_SECONDS == 10
    async with strict(init_seconds=0.2) as knock, knock() as socket:
        assert await closed(socket) == (4408, "Connection initialisation timeout")


async def test_who_begins_and_names_nobody_is_cut_off_too() -> None:
    async with strict(unnamed_seconds=0.2) as knock, knock() as socket:
        await socket.send('{"type": "connection_init"}')
        assert (await told(socket))["type"] == "connection_ack"
        assert await closed(socket) == (4401, "Nobody has signed in on this socket.")


async def test_an_operation_that_begins_after_the_session_has_ended_is_refused(here: Api) -> None:
    async with knock(here) as socket:
        await begin(socket, here.signed_in)
        assert (await ask(socket, VIEWER))["type"] == "next"
        assert (await told(socket))["type"] == "complete"
        assert await here.signed_in.get("mutation { signOut }") is True
        for document in (VIEWER, CHANGES, "{ __typename }"):
            refused = await ask(socket, document)
            assert (refused["type"], refused["payload"][0]["extensions"]) == ("error", {"code": "UNAUTHENTICATED"})


async def test_more_strangers_than_there_are_places_for_wait_until_one_leaves() -> None:
    async with strict(seats=Seats(most_of_an_address=3)) as knock, AsyncExitStack() as stack:
        first, *_ = [await stack.enter_async_context(knock()) for _ in range(3)]
        with pytest.raises(InvalidStatus):
            await stack.enter_async_context(knock())
        await first.close()
        await stack.enter_async_context(knock())


async def test_who_is_known_takes_no_place_of_strangers() -> None:
    async with strict(seats=Seats(most_of_an_address=1, most_of_a_viewer=2)) as knock, AsyncExitStack() as stack:
        for _ in range(2):
            socket = await stack.enter_async_context(knock())
            await socket.send(KNOWN)
            assert (await told(socket))["type"] == "connection_ack"
        third = await stack.enter_async_context(knock())
        await third.send(KNOWN)
        code, reason = await closed(third)
        assert (code, reason) == (1013, "You have 2 websockets open. Close some: one takes several subscriptions.")


async def test_seats_are_counted_by_address_until_named_and_by_viewer_from_then_on() -> None:
    seats = Seats(most_unnamed=10, most_of_an_address=5, most_of_a_viewer=12)
    async with asyncio.timeout(1000) as limit:
        strangers = [seats.take(f"10.0.0.{n % 2}", limit) for n in range(10)]
        with pytest.raises(Unavailable, match="Repeat in a moment"):
            seats.take("10.9.9.9", limit)
        for seat in strangers:
            seat.name("usr_1")
        assert (seats.unnamed, seats.named, limit.when()) == ({}, {"usr_1": 10}, None)
        more = [seats.take("10.0.0.1", limit) for _ in range(5)]
        with pytest.raises(Unavailable):
            seats.take("10.0.0.1", limit)
        more[0].name("usr_1")
        more[1].name("usr_1")
        with pytest.raises(Unavailable, match="You have 12 websockets open"):
            more[2].name("usr_1")
        more[2].name("usr_2")
        for seat in (*strangers, *more):
            seat.leave()
        await asyncio.sleep(0)
    assert (seats.unnamed, seats.named) == ({}, {})


def test_two_thousand_sockets_of_one_token_are_not_too_many() -> None:
    ours = Seats()
    assert (ours.most_unnamed, ours.most_of_an_address, ours.most_of_a_viewer) == (1_000, 500, 5_000)
