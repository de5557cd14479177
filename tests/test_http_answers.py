"""What documents may ask for, how they are answered, and what of an error is shown."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import get_introspection_query

from tests.http_endpoint import ANSWER, GRAPHQL, JSON, QUERY, Send, message_of, sending, serving


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    async with serving() as url:
        yield url


@pytest.fixture
async def send(url: str) -> AsyncIterator[Send]:
    async with sending(url) as send:
        yield send


TOO_MUCH: dict[str, tuple[str, str]] = {
    "characters": ("{ box { size } }" + " " * 32_768, "at most 32,768 characters"),
    "tokens": ("{ box {" + "size " * 2000 + "} }", "more than 2000 tokens"),
    "comments": ("#\n" * 300 + "{ box { size } }", "more than 200 comments"),
    "nesting": ("{ box " * 500 + "}" * 500, "nested too deeply"),
    "brackets": ("[" * 5000, "Syntax Error"),
    "lists in an argument": ("{ box(label: " + "[" * 900 + "]" * 900 + ") { size } }", "nested too deeply"),
    "depth": ("{ box {" + "inner {" * 20 + "size" + "}" * 22, "at most 16 fields deep"),
    "depth by fragments": (
        "{ box { ...f0 } }"
        + "".join(f" fragment f{n} on Box {{ inner {{ ...f{n + 1} }} }}" for n in range(20))
        + " fragment f20 on Box { size }",
        "at most 16 fields deep",
    ),
    "fragments that only spread": (
        "{ box { ...f0 } }"
        + "".join(f" fragment f{n} on Box {{ ...f{n + 1} }}" for n in range(90))
        + " fragment f90 on Box { size }",
        "fields deep",
    ),
    "doubling fragments": (
        "{ box { ...f0 } }"
        + "".join(f" fragment f{n} on Box {{ size ...f{n + 1} ...f{n + 1} }}" for n in range(20))
        + " fragment f20 on Box { size }",
        "at most 1,000 fields",
    ),
    "aliases": ("{" + " ".join(f"b{n}: box {{ size }}" for n in range(51)) + "}", "at most 50 aliases"),
    "directives on a field": ("{ box @a @a @a @a @a { size } }", "A field or fragment may have at most 4 directives"),
    "directives on a spread": (
        "{ ...f" + " @skip(if: false)" * 5 + " } fragment f on Query { token }",
        "at most 4 dir",
    ),
    "directives on an operation": ("query @a @a @a @a @a { token }", "at most 4 directives"),
    "directives on a variable": ("query ($s: Minor @a @a @a @a @a) { box(size: $s) { size } }", "at most 4 directives"),
    "directives in all": (
        "{" + " ".join(f"... on Query @skip(if: false) @x @y {{ f{n}: token }}" for n in range(17)) + "}",
        "A document may have at most 50 directives",
    ),
    "mutations": (
        "mutation {" + " ".join(f'm{n}: note(text: "")' for n in range(21)) + "}",
        "at most 20 mutations; this has 21",
    ),
    "mutations by fragments": (
        "mutation { ...a ...b ...a } "
        + "".join(
            f"fragment {f} on Mutation {{" + " ".join(f'{f}{n}: note(text: "")' for n in range(11)) + "}" for f in "ab"
        ),
        "at most 20 mutations; this has 22",
    ),
    "repeated fields": ("{" + "box { size } " * 102 + "}", "at most 100"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_a_document_that_asks_too_much_is_refused_before_it_costs_anything(send: Send, name: str) -> None:
    document, fragment = TOO_MUCH[name]
    response = await send({"query": document})
    assert response.status_code == (200 if name == "brackets" else 400)
    assert fragment in message_of(response)


async def test_as_many_as_are_allowed_are_answered(send: Send) -> None:
    directed = "{ box " + "@skip(if: false) @include(if: true)" + " { size } }"
    assert (await send({"query": directed})).json() == ANSWER
    twenty = "mutation {" + " ".join(f'm{n}: note(text: "")' for n in range(20)) + "}"
    assert len((await send({"query": twenty})).json()["data"]) == 20
    text = json.dumps({"query": "mutation ($t: String!) { note(text: $t) }", "variables": {"t": "@" * 99}}).encode()
    assert (await send(text)).json() == {"data": {"note": ["@" * 99]}}


async def test_a_directive_given_twice_is_refused(send: Send) -> None:
    response = await send({"query": "{ box @skip(if: false) @skip(if: false) { size } }"})
    assert message_of(response) == "The directive '@skip' can only be used once at this location."


async def test_introspection_is_not_too_much(send: Send) -> None:
    answer = (await send({"query": get_introspection_query(specified_by_url=True)})).json()
    assert "errors" not in answer


BAD_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "syntax": ({"query": "{ box { size }"}, "Syntax Error"),
    "an unknown field": ({"query": "{ box { weight } }"}, "Cannot query field 'weight'"),
    "a cycle of fragments": ({"query": "{ box { ...f } } fragment f on Box { inner { ...f } }"}, "within itself"),
    "a literal": ({"query": "{ box(size: 1.5) { size } }"}, "whole minor units"),
    "a literal of 5,000 digits": ({"query": "{ box(size: " + "9" * 5000 + ") { size } }"}, "whole minor units"),
    "a variable": (
        {"query": "query ($s: Minor!) { box(size: $s) { size } }", "variables": {"s": True}},
        "Variable '$s' has invalid value: Amounts are whole minor units",
    ),
    "a missing variable": ({"query": "query ($s: Minor!) { box(size: $s) { size } }"}, "to be provided"),
    "no operation": ({"query": "fragment f on Box { size }"}, "never used"),
    "an unknown operation": (QUERY | {"operationName": "Other"}, "no operation named 'Other'"),
    "an empty name": (QUERY | {"operationName": ""}, "no operation named ''"),
    "several operations": ({"query": "query A { token } query B { token }"}, "name one in operationName"),
    "a subscription": ({"query": "subscription { ticks }"}, "over a websocket"),
    "a type": ({"query": "type A { b: Int }"}, "not executable"),
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
async def test_a_request_that_cannot_be_executed_has_the_status_of_its_media_type(send: Send, name: str) -> None:
    request, fragment = BAD_REQUESTS[name]
    for _ in range(2):  # the second time remembered
        response = await send(request)
        assert response.status_code == 200
        assert fragment in message_of(response)
    response = await send(request, Accept=GRAPHQL)
    assert (response.status_code, response.headers["content-type"]) == (400, f"{GRAPHQL}; charset=utf-8")
    assert fragment in message_of(response)


async def test_graphql_response_json_is_answered_where_it_is_accepted(send: Send) -> None:
    response = await send(QUERY, Accept=f"{GRAPHQL}, {JSON};q=0.9")
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


ACCEPTED = {
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    "application/json": JSON,
    "Application/JSON": JSON,
    "application/json;charset=utf-8": JSON,
    GRAPHQL: GRAPHQL,
    f"{GRAPHQL}; charset=utf-8": GRAPHQL,
    f"{JSON}, {GRAPHQL}": GRAPHQL,
    f"{GRAPHQL};q=0.5, {JSON}": JSON,
    f"{GRAPHQL};q=0.9, {JSON};q=0.5": GRAPHQL,
    f"{GRAPHQL};q=0, */*": JSON,
    f"{JSON};q=0, {GRAPHQL}": GRAPHQL,
    "text/html, */*;q=0.1": JSON,
    "text/event-stream, application/json": JSON,
    "multipart/mixed; deferSpec=20220824, application/json": JSON,
    f"{'text/plain, ' * 40}{JSON}": JSON,
}


@pytest.mark.parametrize("accept", ACCEPTED)
async def test_the_media_type_is_the_one_that_is_liked_best(send: Send, accept: str) -> None:
    response = await send(QUERY, Accept=accept)
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == f"{ACCEPTED[accept]}; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    ["text/html", "text/*", "application/graphql", "*/*;q=0", "application/json;q=0", "*/*;q=x", "image/png," * 50],
)
async def test_who_takes_neither_is_told_what_there_is(send: Send, accept: str) -> None:
    response = await send(QUERY, Accept=accept)
    assert (response.status_code, response.headers["content-type"]) == (406, f"{JSON}; charset=utf-8")
    assert message_of(response).startswith(f"Answers are {GRAPHQL} or {JSON}")


async def test_an_encoding_that_is_not_ours_is_not_acceptable(send: Send) -> None:
    assert (await send(QUERY, Accept="application/json;charset=utf-16")).status_code == 406


async def test_a_fault_shows_its_code_and_its_message(send: Send) -> None:
    response = await send({"query": "{ missing { size } }"})
    (error,) = response.json()["errors"]
    assert response.json()["data"] == {"missing": None}
    assert error["message"] == "There is no such box."
    assert error["extensions"] == {"code": "NOT_FOUND"}
    assert (error["path"], error["locations"]) == (["missing"], [{"line": 1, "column": 3}])


@pytest.mark.parametrize("name", ["broken { size }", "odd"])
async def test_a_mistake_of_ours_shows_nothing_but_an_id_to_quote(
    send: Send, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    response = await send({"query": f"{{ {name} }}"})
    (error,) = response.json()["errors"]
    reference = error["extensions"]["id"]
    assert error["extensions"] == {"code": "INTERNAL", "id": reference}
    assert error["message"] == f"Internal error. It is not the request's fault: quote {reference} to the operator."
    assert "hunter2" not in response.text
    assert reference in capsys.readouterr().out


async def test_a_fault_before_execution_has_its_own_status(send: Send) -> None:
    plain = await send(QUERY, Authorization="Bearer away")
    exact = await send(QUERY, Authorization="Bearer away", Accept=GRAPHQL)
    assert (plain.status_code, exact.status_code) == (200, 503)
    expected = {"message": "The database is away. Repeat with the same key.", "extensions": {"code": "UNAVAILABLE"}}
    assert plain.json() == exact.json() == {"errors": [expected]}


async def test_the_context_is_made_from_the_headers(send: Send) -> None:
    response = await send({"query": "{ token }"}, Authorization="Bearer abc")
    assert response.json() == {"data": {"token": "Bearer abc"}}


async def test_mutations_of_one_request_run_one_after_the_other(send: Send) -> None:
    response = await send({"query": 'mutation { a: note(text: "1") b: note(text: "2") c: note(text: "3") }'})
    assert response.json() == {"data": {"a": ["1"], "b": ["1", "2"], "c": ["1", "2", "3"]}}


async def test_remembered_documents_still_obey_their_variables(send: Send) -> None:
    document = "query ($s: Minor!, $deep: Boolean!) { box(size: $s) { size inner @include(if: $deep) { size } } }"
    for size in range(3):
        shallow = await send({"query": document, "variables": {"s": size, "deep": False}})
        deep = await send({"query": document, "variables": {"s": size, "deep": True}})
        assert shallow.json() == {"data": {"box": {"size": size}}}
        assert deep.json() == {"data": {"box": {"size": size, "inner": {"size": size + 1}}}}


async def test_one_document_may_hold_several_operations(send: Send) -> None:
    document = "query A { box { size } } query B { box { label } }"
    assert (await send({"query": document, "operationName": "A"})).json() == ANSWER
    assert (await send({"query": document, "operationName": "B"})).json() == {"data": {"box": {"label": "a"}}}
