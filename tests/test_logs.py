"""What a line of the log says of a request, and what it never says."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.logs import Event
from tests.api import PASSWORD, PHONE, SIGN_IN, Api, api
from tests.programs import ROOT, until

WRITES = """
import asyncio, logging, sys, warnings
import structlog
from resolvers.noting import NOTES, Notes
from server.logs import configure, request_writer

configure(logging.INFO)
NOTES.set(Notes("id-1"))
log = structlog.get_logger()
def fail(password):
    raise ValueError('it failed\\nDETAIL:  Failing row contains ("hunter2", +919876543210).\\nHINT: none')
log.info("event", address="postgresql://someone:hunter2@db/shop", token="tjs_" + "hunter2" * 5, thing=object)
try:
    fail("hunter2")
except ValueError as error:
    log.exception("failed")
    logging.getLogger("some.library").error("%s failed", "it", exc_info=error)
logging.getLogger("some.library").info("not worth a line")
logging.getLogger("some.library").warning("%d", "no number")
warnings.warn("careful")
async def answer():
    request_writer()({"event": "request", "request_id": "id-1", "refused": ["tjt_" + "hunter2" * 5]})
    await asyncio.sleep(0)
asyncio.run(answer())
fail("hunter2")
"""


def written() -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", WRITES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    return [orjson.loads(line) for line in done.stderr.splitlines()]


def test_every_line_is_json_with_the_request_it_belongs_to_whoever_writes_it_and_says_no_secret() -> None:
    lines = written()
    said = [(line["level"], line["event"]) for line in lines]
    assert said[:3] == [("info", "event"), ("error", "failed"), ("error", "it failed")]
    assert said[4:] == [("info", "request"), ("critical", "crashed")]
    assert lines[3]["logger"] == "py.warnings"
    assert {line["request_id"] for line in lines} == {"id-1"}
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert "hunter2" not in json.dumps(lines)
    assert "+919876543210" not in json.dumps(lines)
    assert lines[0]["address"] == "postgresql://[hidden]@db/shop"


def test_a_traceback_says_where_and_what_and_no_values() -> None:
    for line in written()[1:3]:
        (raised,) = line["exception"]
        assert (raised["exc_type"], raised["exc_value"].splitlines()[0]) == ("ValueError", "it failed")
        assert raised["exc_value"].endswith("HINT: none")
        assert {frozenset(frame) for frame in raised["frames"]} == {frozenset({"filename", "lineno", "name"})}


async def lines_of(here: Api) -> list[Event]:
    lines: list[Event] = []
    here.served.requests.write = lines.append
    return lines


async def test_a_line_says_who_asked_for_what_and_how_it_went(database_url: str) -> None:
    async with api(database_url) as here:
        lines = await lines_of(here)
        query = (
            """query Who($id: ID!) { ...Two me: viewer { name } } fragment Two on Query { user(id: $id) { name } }"""
        )
        answer = await here.http.post(
            here.url, json={"query": query, "variables": {"id": "usr_secret"}}, headers=here.signed_in.headers
        )
        (line,) = lines
        who = (await here.signed_in.get("{ viewer { id } }"))["id"]
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "POST", "/graphql", 200)
    assert (line["operation"], line["fields"], line["actor"]) == ("Who", ["user", "viewer"], who)
    assert line["bytes"] == len(answer.content)
    assert line["ms"] > 0
    assert "refused" not in line
    said = json.dumps(dict(line), default=str)
    assert not any(word in said for word in ("usr_secret", "Two", "name", here.signed_in.token or ""))


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/healthz?phone=+919876543210", None),
        ("/nowhere/+919876543210", "unknown"),
        ("/graphql?token=tjs_secret", "/graphql"),
    ],
)
async def test_an_address_is_told_as_it_is_declared_and_a_probe_not_at_all(
    database_url: str, path: str, route: str | None
) -> None:
    async with api(database_url) as here:
        lines = await lines_of(here)
        await here.http.get(here.url.replace("/graphql", path))
    assert [line["route"] for line in lines] == ([route] if route else [])


GIVEN = [
    ("a.Request_id-1", True),
    ("x" * 64, True),
    ("x" * 65, False),
    ("", False),
    ("with a space", False),
    ('quote"and\\slash', False),
    ("é", False),
]


async def test_a_request_has_the_clients_id_where_that_is_one_else_its_own(database_url: str) -> None:
    async with api(database_url) as here:
        made = set()
        for given, taken in GIVEN:
            sent = {b"X-Request-Id": given.encode()}
            answer = await here.http.get(here.url.replace("graphql", "healthz"), headers=sent)
            assert (answer.headers["X-Request-Id"] == given) is taken
            made.add(answer.headers["X-Request-Id"])
        assert len(made) == len(GIVEN)


async def wrong(here: Api, number: int) -> None:
    body = {"query": SIGN_IN, "variables": {"phone": f"+9198765{number:05d}", "password": "wrong horse battery"}}
    await here.http.post(here.url, json=body, headers={"X-Request-Id": f"try-{number}"})


async def test_a_failed_sign_in_is_told_with_its_own_requests_id_and_address_and_no_phone(database_url: str) -> None:
    async with api(database_url) as here:
        lines = await lines_of(here)
        with capture_logs() as logged:
            await asyncio.gather(*(wrong(here, number) for number in range(5)))
            await here.nobody.sign_in(PHONE, PASSWORD)
    failed = [event for event in logged if event["event"] == "sign-in failed"]
    assert [(event["why"], event["address"]) for event in failed] == [("wrong", "127.0.0.1")] * 5
    assert all("+9198" not in str(event) for event in [*logged, *lines])
    assert [line.get("refused") for line in lines] == [["NotPossible"]] * 5 + [None]
    assert lines[-1]["actor"].startswith("usr_")


async def test_an_internal_error_is_quoted_by_the_requests_id_under_which_it_is_logged(
    database_url: str, store: Any
) -> None:
    async with api(database_url) as here:
        await store.execute("ALTER TABLE users RENAME TO gone")
        with capture_logs() as logged:
            body = {"query": SIGN_IN, "variables": {"phone": PHONE, "password": PASSWORD}}
            answer = await here.http.post(here.url, json=body, headers={"X-Request-Id": "mine"})
        (error,) = answer.json()["errors"]
        assert (error["extensions"], "mine" in error["message"]) == ({"code": "INTERNAL", "id": "mine"}, True)
        await store.execute("ALTER TABLE gone RENAME TO users")
    (event,) = [event for event in logged if event["event"] == "internal error"]
    assert (event["id"], type(event["exc_info"]).__name__) == ("mine", "OperationalError")


async def test_a_socket_has_one_id_and_one_line_at_its_end(database_url: str) -> None:
    async with api(database_url) as here:
        lines = await lines_of(here)
        address = here.url.replace("http", "ws", 1)
        protocols: Any = ["graphql-transport-ws"]
        async with connect(
            address, subprotocols=protocols, additional_headers={"X-Request-Id": "ws-1"}, proxy=None
        ) as socket:
            assert socket.response is not None
            assert socket.response.headers["X-Request-Id"] == "ws-1"
            await socket.send(orjson.dumps({"type": "connection_init", "payload": here.admin.headers}).decode())
            await socket.recv()
            assert lines == []
        await asyncio.to_thread(until, lambda: lines != [])
    (line,) = lines
    assert (line["event"], line["route"], line["actor"][:4]) == ("socket", "/graphql", "tok_")


async def test_a_socket_that_a_mistake_of_ours_ends_is_closed_with_the_id_to_quote(
    database_url: str, store: Any
) -> None:
    async with api(database_url) as here:
        await store.execute("ALTER TABLE api_tokens RENAME TO gone")
        protocols: Any = ["graphql-transport-ws"]
        sent = {"X-Request-Id": "ws-2"}
        with capture_logs() as logged:
            async with connect(
                here.url.replace("http", "ws", 1), subprotocols=protocols, additional_headers=sent, proxy=None
            ) as socket:
                init = {"type": "connection_init", "payload": {"Authorization": f"Bearer tjt_{'x' * 43}"}}
                await socket.send(orjson.dumps(init).decode())
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
        await store.execute("ALTER TABLE gone RENAME TO api_tokens")
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, "ws-2" in closed.value.rcvd.reason) == (1011, True)
    assert [event["id"] for event in logged if event["event"] == "internal error"] == ["ws-2"]
