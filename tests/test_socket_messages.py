"""Messages on a websocket are as strictly read as requests by HTTP: what is none is told so, and nothing breaks."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.api import Api, Client, api
from tests.busy import busy_url

SUBSCRIBE = '{"id": "1", "type": "subscribe", "payload": %s}'
PRICES = "query ($service: String, $search: String, $after: String) { tenants(search: $search) { edges { node {"
PRICES += " prices(service: $service, after: $after) { totalCount } } } } }"

BAD_MESSAGES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "not JSON"),
    "no JSON": ("hello", "not JSON"),
    "null": ("null", "as a JSON object"),
    "a list": ("[1]", "as a JSON object"),
    "a number": ("1", "as a JSON object"),
    "a deep list": ("[" * 60_000, "not JSON"),
    "a deep list within": (
        SUBSCRIBE % ('{"query": "{ viewer { id } }", "variables": {"a": ' + "[" * 40 + "]" * 40 + "}}"),
        "too deeply",
    ),
    "5,000 digits": ('{"type": "ping", "payload": {"a": ' + "9" * 5000 + "}}", "not JSON"),
    "20 digits": ('{"type": "ping", "payload": {"a": 10000000000000000000}}', "at most 19 digits"),
    "NaN": ('{"type": "ping", "payload": {"a": NaN}}', "not JSON"),
    "half a surrogate pair": ('{"type": "ping", "payload": {"a": "\\ud800"}}', "not JSON"),
    "a key given twice": ('{"type": "ping", "type": "pong"}', "given twice"),
    "bytes": (b'{"type": "ping"}', "text"),
    "no type": ("{}", "type"),
    "a type that is a list": ('{"type": ["ping"]}', "type"),
    "an unknown type": ('{"type": "' + "é" * 200 + '"}', "type"),
    "a payload that is a list": ('{"type": "ping", "payload": [1]}', "payload"),
    "an init that is a list": ('{"type": "connection_init", "payload": [1]}', "payload"),
    "no id": ('{"type": "subscribe", "payload": {"query": "{ viewer { id } }"}}', "id"),
    "an id that is a number": ('{"id": 1, "type": "subscribe", "payload": {"query": "{ viewer { id } }"}}', "id"),
    "an id that is a list": ('{"id": [], "type": "complete"}', "id"),
    "a null payload": (SUBSCRIBE % "null", "payload"),
    "a payload with nothing": (SUBSCRIBE % "{}", "query"),
    "a query that is a number": (SUBSCRIBE % '{"query": 1}', "query"),
    "variables in a list": (SUBSCRIBE % '{"query": "{ viewer { id } }", "variables": [1]}', "variables"),
    "a name that is none": (SUBSCRIBE % '{"query": "{ viewer { id } }", "operationName": 1}', "operationName"),
}


url = busy_url


@pytest_asyncio.fixture(scope="module")
async def here(url: str) -> AsyncIterator[Api]:
    """One for all: nothing that is asked changes the store."""
    async with api(url) as served:
        yield served


async def opened(here: Api, client: Client) -> ClientConnection:
    address = here.url.replace("http", "ws", 1)
    socket = await connect(address, subprotocols=["graphql-transport-ws"], proxy=None)  # type: ignore[list-item]
    await socket.send(orjson.dumps({"type": "connection_init", "payload": client.headers}).decode())
    assert orjson.loads(await socket.recv())["type"] == "connection_ack"
    return socket


async def test_what_is_no_message_closes_the_socket_with_a_reason_and_leaves_no_trace_in_the_log(
    here: Api, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, (sent, fragment) in BAD_MESSAGES.items():
        socket = await opened(here, here.admin)
        await socket.send(sent)
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4400, (name, socket.close_reason)
        assert fragment in (socket.close_reason or ""), name
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("payload", ["", ', "payload": null', ', "payload": {}'])
async def test_what_may_be_left_out_may_be_null(here: Api, payload: str) -> None:
    address = here.url.replace("http", "ws", 1)
    async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as socket:  # type: ignore[list-item]
        await socket.send('{"type": "connection_init"' + payload + "}")
        assert orjson.loads(await socket.recv())["type"] == "connection_ack"
        await socket.send('{"type": "ping"' + payload + "}")
        assert orjson.loads(await socket.recv()) == {"type": "pong"}


async def answer(socket: ClientConnection, **payload: Any) -> Any:
    await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
    message = orjson.loads(await socket.recv())
    if message["type"] == "next":
        assert orjson.loads(await socket.recv())["type"] == "complete"
    return message


@pytest.mark.parametrize("name", ["service", "search", "after"])
async def test_a_nul_in_a_variable_is_refused_and_the_socket_goes_on(here: Api, name: str) -> None:
    socket = await opened(here, here.admin)
    refused = await answer(socket, query=PRICES, variables={name: "a\0b"})
    assert refused["type"] == "error"
    assert refused["payload"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
    assert "U+0000" in refused["payload"][0]["message"]
    assert (await answer(socket, query="{ tenants { totalCount } }"))["payload"] == {
        "data": {"tenants": {"totalCount": 0}}
    }
    await socket.close()


async def test_an_operation_that_the_document_has_not_is_an_error_of_its_own(here: Api) -> None:
    socket = await opened(here, here.admin)
    refused = await answer(socket, query="query A { viewer { id } }", operationName="B" * 500)
    assert refused["payload"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
    await socket.close()


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


UUID_HEX = "0" * 32
FIRST, LAST = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
ODD_KEYS = [
    *("\0", "é", "1", "-1", "9" * 20, "9" * 5000, UUID_HEX, f"{FIRST} A", f"{LAST} A", "2025-03-01T00:00:00+00:00 \0"),
    *("0001-01-01", "0001-01-01 \0", "9999-12-31 A", "2025-03-01 " + "A" * 999),
    *(f"{FIRST} {UUID_HEX} 1", f"{LAST} {UUID_HEX} 1", f"2025-03-01T00:00:00+00:00 {UUID_HEX} {2**62}"),
]
ODD_CURSORS = [*map(cursor, ODD_KEYS), "", "=", "\ud800", "é"]
LISTS = """query ($after: String) {
  a: tenants(after: $after) { totalCount }  b: users(after: $after) { totalCount }
  c: wallets(after: $after) { totalCount }  d: invoices(after: $after) { totalCount }
  e: billingRuns(after: $after) { totalCount }  myWallet { %s }
  tenant(externalId: "x") { prices(after: $after) { totalCount } usage(after: $after) { totalCount }
    invoices(after: $after) { totalCount } users(after: $after) { totalCount } } }"""
MINE = "transactions(after: $after) { totalCount } holds(after: $after) { totalCount }"


@pytest.mark.parametrize("after", ODD_CURSORS)
async def test_no_cursor_is_a_mistake_of_ours(here: Api, after: str) -> None:
    await here.admin.get('mutation { createTenant(input: {name: "X", externalId: "x"}) { __typename } }')
    answered = await here.signed_in.ask(LISTS % MINE, after=after)
    assert {error["extensions"]["code"] for error in answered.get("errors", ())} <= {"BAD_USER_INPUT"}, answered


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "%", "_", "\\", "'", "é" * 300, "a" * 5000, "+", "+91", "\x01", "\x7f", "\U0001f600"]
)
async def test_no_text_is_a_mistake_of_ours(here: Api, text: str) -> None:
    document = """query ($text: String!) {
      a: user(phone: $text) { id } b: tenant(externalId: $text) { id } c: tenants(search: $text) { totalCount }
      d: users(search: $text) { totalCount } e: wallets(filter: {search: $text, currency: $text}) { totalCount }
      tenant(externalId: "x") { prices(service: $text) { totalCount } } }"""
    await here.admin.get('mutation { createTenant(input: {name: "X", externalId: "x"}) { __typename } }')
    literal = json.dumps(text)  # in ASCII: half of a surrogate pair stays escaped
    in_document = document.replace("query ($text: String!)", "").replace("$text", literal)
    for answered in (await here.admin.ask(document, text=text), await here.admin.ask(in_document)):
        assert {error["extensions"]["code"] for error in answered.get("errors", ())} <= {"BAD_USER_INPUT"}, answered
