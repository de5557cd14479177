"""What reaches GraphQL over HTTP is small and well-formed; everything else gets an answer that says what to send."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.graphql_guard import BadRequest, Limits, read_request
from tests.http_endpoint import ANSWER, JSON, QUERY, Send, message_of, sending, serving


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    async with serving() as url:
        yield url


@pytest.fixture
async def send(url: str) -> AsyncIterator[Send]:
    async with sending(url) as send:
        yield send


async def test_a_well_formed_request_is_answered(send: Send) -> None:
    response = await send(QUERY)
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "extra",
    [
        {"variables": None},
        {"variables": {}},
        {"variables": {"unused": "a:b {c: [1, 2]}"}},
        {"operationName": None},
        {"extensions": None},
        {"extensions": {"a": {"b": []}}},
        {"another": 1},
    ],
)
async def test_what_may_be_left_out_may_be_null(send: Send, extra: dict[str, Any]) -> None:
    response = await send(QUERY | extra)
    assert (response.status_code, response.json()) == (200, ANSWER)


def nested(levels: int) -> bytes:
    return b'{"query": "{ box { size } }", "variables": ' + b'{"a":' * levels + b"1" + b"}" * (levels + 1)


BAD_BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not JSON"),
    "no JSON": (b"query { box { size } }", "not JSON"),
    "cut off": (b'{"query": "{ box', "not JSON"),
    "a tail": (b'{"query": "{ box { size } }"} x', "not JSON"),
    "not UTF-8": (b'{"query": "{ box(label: \\"\xff\\") { size } }"}', "UTF-8"),
    "UTF-16": ('{"query": "{ box { size } }"}'.encode("utf-16"), "UTF-8"),
    "half a surrogate pair": (b'{"query": "{ box { size } }", "variables": {"a": "\\ud800"}}', "not JSON"),
    "null": (b"null", "as a JSON object"),
    "a list": (b'[{"query": "{ box { size } }"}]', "as a JSON object"),
    "a string": (b'"{ box { size } }"', "as a JSON object"),
    "a number": (b"1", "as a JSON object"),
    "no query": (b"{}", '"query" must be a string'),
    "a null query": (b'{"query": null}', '"query" must be a string'),
    "a query that is a number": (b'{"query": 1}', '"query" must be a string'),
    "an empty query": (b'{"query": "  "}', '"query" must be a string'),
    "variables in a list": (b'{"query": "{ box { size } }", "variables": []}', '"variables" must be an object'),
    "variables in a string": (b'{"query": "{ box { size } }", "variables": "{}"}', '"variables" must be an object'),
    "a name that is none": (b'{"query": "{ box { size } }", "operationName": 1}', '"operationName" must be a string'),
    "extensions in a list": (b'{"query": "{ box { size } }", "extensions": []}', '"extensions" must be an object'),
    "two queries": (b'{"query": "{ box { size } }", "query": "{ token }"}', '"query" is given twice'),
    "two, one escaped": (b'{"query": "{ box { size } }", "\\u0071uery": "{ token }"}', '"query" is given twice'),
    "two deep within": (
        b'{"query": "{ box(label: \\"::\\") { size } }", "variables": {"a": [{"b": 1, "c": "::", "b": ":"}]}}',
        '"b" is given twice',
    ),
    "two, one too deep": (b'{"query": ' + b"[" * 1000 + b"]" * 1000 + b', "query": "{ box { size } }"}', "given twice"),
    "NaN": (b'{"query": "{ box { size } }", "variables": {"a": NaN}}', "not JSON"),
    "Infinity": (b'{"query": "{ box { size } }", "variables": {"a": -Infinity}}', "not JSON"),
    "1e999": (b'{"query": "{ box { size } }", "variables": {"a": 1e999}}', "not JSON"),
    "20 digits": (b'{"query": "{ box { size } }", "variables": {"a": 10000000000000000000}}', "at most 19 digits"),
    "-21 digits": (b'{"query": "{ box { size } }", "variables": {"a": [-999999999999999999999]}}', "at most 19 digits"),
    "5,000 digits": (b'{"query": "{ box { size } }", "variables": {"a": ' + b"9" * 5000 + b"}}", "not JSON"),
    "32 levels": (nested(32), "nested too deeply"),
    "900 levels": (nested(900), "nested too deeply"),
    "5,000 levels": (nested(5000), "not JSON"),
    "U+0000": (b'{"query": "{ box { size } }", "variables": {"a": ["\\u0000"]}}', "U+0000"),
    "U+0000 in a key": (b'{"query": "{ box { size } }", "variables": {"\\u0000": 1}}', "U+0000"),
    "U+0000 in the document": (b'{"query": "{ box(label: \\"\\\\u0000\\") { size } }"}', "U+0000"),
    "U+0000 in braces": (b'{"query": "{ box(label: \\"\\\\u{00}\\") { size } }"}', "U+0000"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_with_what_to_send(send: Send, name: str) -> None:
    body, fragment = BAD_BODIES[name]
    response = await send(body)
    assert response.status_code == 400
    assert fragment in message_of(response)


def many(values: int, of: bytes = b"[]") -> bytes:
    """A body of so many values: an object, a document, variables, a list, and what is in it."""
    return b'{"query": "{ box { size } }", "variables": {"a": [' + b",".join([of] * (values - 4)) + b"]}}"


@pytest.mark.parametrize("of", [b"1", b"[]", b'{"": 1}', b'"\\u003a"'])
async def test_a_body_of_very_many_values_is_refused_before_they_are_looked_at(send: Send, of: bytes) -> None:
    most = Limits().json_values
    response = await send(many(most + 1, of))
    assert (response.status_code, message_of(response)) == (
        413, "The body may hold at most 20,000 values. Split the request.",
    )  # fmt: skip
    within = most if of != b'{"": 1}' else most // 2
    assert (await send(many(within, of))).json() == ANSWER


async def test_values_in_texts_are_none(send: Send) -> None:
    text = "[{,}]" * 12_000
    response = await send(QUERY | {"variables": {"unused": text}})
    assert (response.status_code, response.json()) == (200, ANSWER)


async def test_very_many_values_take_no_turn_of_others() -> None:
    """A tenth of what reading them took."""
    body = many(340_000, b"[]")[:-3] + b',"\\u0041"]}}'
    began = time.process_time()
    with pytest.raises(BadRequest):
        read_request(body, Limits())
    assert time.process_time() - began < 0.1


async def test_what_only_looks_bad_is_answered(send: Send) -> None:
    assert (await send(nested(31))).status_code == 200
    text = "\\\\u0000 99999999999999999999 :::\u003a {{{{[[[["
    document = "query ($label: String!) { box(label: $label) { label } }"
    response = await send({"query": document, "variables": {"label": text}})
    assert response.json() == {"data": {"box": {"label": text}}}
    escaped = b'{"query": "{ box(label: \\"a\\u003ab\\") { label } }"}'
    assert (await send(escaped)).json() == {"data": {"box": {"label": "a:b"}}}


@pytest.mark.parametrize(
    "media_type",
    ["application/json;charset=utf-8", "Application/JSON", 'application/json; charset="UTF-8"', "application/json ;"],
)
async def test_json_may_name_its_encoding(send: Send, media_type: str) -> None:
    response = await send(QUERY, media_type)
    assert response.status_code == (415 if media_type.endswith(";") else 200)


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "text/plain",
        "application/jsonp",
        "application/json-patch+json",
        "text/plain,application/json",
        "application/json,text/plain",
        "application/json; charset=utf-16",
        "application/json; boundary=x",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ],
)
async def test_another_media_type_is_refused(send: Send, media_type: str | None) -> None:
    response = await send(QUERY, media_type)
    assert response.status_code == 415
    assert "Send the request as application/json" in message_of(response)


async def test_a_compressed_body_is_refused(send: Send) -> None:
    response = await send(QUERY, **{"Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert "uncompressed" in message_of(response)


async def test_a_body_of_one_mebibyte_is_read_and_one_more_byte_is_not(send: Send) -> None:
    body = json.dumps(QUERY).encode()
    assert (await send(body.ljust(1024 * 1024))).json() == ANSWER
    response = await send(body.ljust(1024 * 1024 + 1))
    assert response.status_code == 413
    assert "at most 1,048,576 bytes" in message_of(response)


async def in_chunks(count: int) -> AsyncIterator[bytes]:
    yield json.dumps(QUERY).encode()
    for _ in range(count):
        yield b" " * 65536


async def test_a_chunked_body_is_counted_while_it_is_read(send: Send) -> None:
    assert (await send(in_chunks(15))).json() == ANSWER
    response = await send(in_chunks(17))
    assert response.status_code == 413
    assert "at most 1,048,576 bytes" in message_of(response)


async def head(url: str, path: str, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request whose body has begun."""
    address = httpx.URL(url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    lines = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    writer.write(lines.encode() + b'{"query":')
    await writer.drain()
    return reader, writer


async def test_a_body_that_never_ends_is_given_up(url: str) -> None:
    reader, writer = await head(url, "/hasty", 100)
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Send it again." in answer


async def test_a_client_that_leaves_in_the_middle_harms_nobody(url: str, send: Send) -> None:
    _, writer = await head(url, "/graphql", 100)
    writer.transport.abort()
    assert (await send(QUERY)).json() == ANSWER


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_only_post_is_for_requests(url: str, method: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.request(method, f"{url}?query={{box{{size}}}}", headers={"Accept": JSON})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_a_browser_gets_a_page_that_loads_nothing_of_others(url: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.get(url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "://" not in response.text


Tree = list[tuple[str, Any]]
KEYS = st.sampled_from(["a", "b", ":", 'a":', "\\", "é"])
LEAVES = st.sampled_from(["", ":", '":"', "a:b", "{", "\\u003a"]) | st.integers(-9, 9) | st.booleans() | st.none()
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.lists(st.tuples(KEYS, inner), max_size=4)
)


def text_of(tree: Any, escape: bool) -> str:
    """JSON text in which a list of pairs is an object, keys given twice and all."""
    if isinstance(tree, list):
        return "{" + ", ".join(f"{json.dumps(key)}:{text_of(value, escape)}" for key, value in tree) + "}"
    if isinstance(tree, tuple):
        return "[" + ",".join(text_of(item, escape) for item in tree) + "]"
    text = json.dumps(tree)
    return text.replace(":", "\\u003a") if escape else text


def has_twins(tree: Any) -> bool:
    if isinstance(tree, list):
        keys = [key for key, _ in tree]
        return len(set(keys)) < len(keys) or any(has_twins(value) for _, value in tree)
    return isinstance(tree, tuple) and any(map(has_twins, tree))


@given(st.lists(st.tuples(KEYS, TREES), max_size=4), st.booleans())
def test_a_key_given_twice_is_found_exactly(variables: Tree, escape: bool) -> None:
    body = bytearray(f'{{"query": "{{ a(b: 1) }}", "variables": {text_of(variables, escape)}}}'.encode())
    if has_twins(variables):
        with pytest.raises(BadRequest, match="given twice"):
            read_request(body, Limits())
    else:
        assert read_request(body, Limits()).query == "{ a(b: 1) }"
