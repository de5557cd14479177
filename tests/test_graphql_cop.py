"""Every check of graphql-cop 1.15 is green for somebody who has no token, and for an administrator's where it can be.

It is no package (the name is only reserved on PyPI), so its checks are said again here in our words: titles, requests
and what counts as found are those of https://github.com/dolevf/graphql-cop (Dolev Farhi, MIT licence).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.api import Api, Client, api
from tests.database import copy

AGENT = {"User-Agent": "graphql-cop/1.15"}
ALIASES = "query cop { " + "".join(f"alias{n}:__typename \n" for n in range(101)) + " }"
CIRCLE = """
query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } }
  } } } } } } } } }
"""
HEURISTICS = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground")

Found = Callable[["Cop"], Awaitable[bool]]


class Cop:
    """Asks as the tool's helpers do."""

    def __init__(self, client: Client) -> None:
        self._http, self._url = client.http, client.url
        self._headers = {**AGENT, **client.headers}

    async def query(self, text: str, *, batch: bool = False) -> Any:
        sent: Any = [{"query": text} for _ in range(10)] if batch else {"query": text, "operationName": "cop"}
        return (await self._http.post(self._url, json=sent, headers=self._headers)).json()

    async def request(self, method: str = "GET", **more: Any) -> httpx.Response:
        headers = {**self._headers, **more.pop("headers", {})}
        return await self._http.request(method, self._url, headers=headers, **more)


def typename(response: httpx.Response) -> bool:
    """Whether it is an answer to the query, which only a successful response can be."""
    try:
        return response.is_success and bool(response.json()["data"]["__typename"])
    except (ValueError, KeyError, TypeError):
        return False


def within(answer: Any, *path: str | int) -> Any:
    for step in path:
        try:
            answer = answer[step]
        except (KeyError, IndexError, TypeError):
            return None
    return answer


async def field_suggestions(cop: Cop) -> bool:
    message = within(await cop.query("query cop { __schema { directive } }"), "errors", 0, "message")
    return "Did you mean" in (message or "")


async def introspection(cop: Cop) -> bool:
    return bool(
        within(
            await cop.query("query cop { __schema { types { name fields { name } } } }"), "data", "__schema", "types"
        )
    )


async def detect_graphiql(cop: Cop) -> bool:
    response = await cop.request(headers={"Accept": "text/html"})
    return response.is_success and any(word in response.text for word in HEURISTICS)


async def get_method_support(cop: Cop) -> bool:
    return typename(await cop.request(params={"query": "query cop {__typename}"}))


async def alias_overloading(cop: Cop) -> bool:
    return bool(within(await cop.query(ALIASES), "data", "alias100"))


async def batch_query(cop: Cop) -> bool:
    return len(await cop.query("query cop { __typename }", batch=True)) >= 10


async def trace_mode(cop: Cop) -> bool:
    answer = await cop.query("query cop { __typename }")
    return bool(within(answer, "errors", 0, "extensions", "tracing")) or "'tracing'" in str(answer)


async def directive_overloading(cop: Cop) -> bool:
    answer = await cop.query("query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }")
    return len(within(answer, "errors") or ()) == 10


async def circular_query_introspection(cop: Cop) -> bool:
    return len(within(await cop.query(CIRCLE), "data", "__schema", "types") or ()) > 25


async def get_based_mutation(cop: Cop) -> bool:
    return typename(await cop.request(params={"query": "mutation cop {__typename}"}))


async def post_based_csrf(cop: Cop) -> bool:
    return typename(await cop.request("POST", data={"query": "query cop { __typename }"}))


async def unhandled_error_detection(cop: Cop) -> bool:
    answer = await cop.query("qwerty cop { abc }")
    return bool(within(answer, "errors", 0, "extensions", "exception")) or "'exception'" in str(answer).lower()


async def field_duplication(cop: Cop) -> bool:
    """Switched off in the tool by its issue 43; refused here all the same."""
    return bool(within(await cop.query("query cop { " + "__typename \n" * 500 + "} "), "data", "__typename"))


CHECKS: dict[str, Found] = {
    "Field Suggestions": field_suggestions,
    "Introspection": introspection,
    "GraphQL IDE": detect_graphiql,
    "GET Method Query Support": get_method_support,
    "Alias Overloading": alias_overloading,
    "Array-based Query Batching": batch_query,
    "Trace Mode": trace_mode,
    "Directive Overloading": directive_overloading,
    "Introspection-based Circular Query": circular_query_introspection,
    "Mutation is allowed over GET (possible CSRF)": get_based_mutation,
    "POST based url-encoded query (possible CSRF)": post_based_csrf,
    "Unhandled Errors Detection": unhandled_error_detection,
    "Field Duplication": field_duplication,
}
FOR_ADMINISTRATORS = {"Introspection"}
"""What they are there to have."""


@pytest_asyncio.fixture(scope="module")
async def here(database_server: Any, administrator: Any) -> AsyncIterator[Api]:
    async with copy(database_server, administrator) as url, api(url) as served:
        yield served


async def test_the_tool_takes_it_for_graphql(here: Api) -> None:
    assert (await Cop(here.nobody).query("query cop { __typename }")) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("title", CHECKS)
async def test_the_check_is_green(here: Api, title: str) -> None:
    assert await CHECKS[title](Cop(here.nobody)) is False
    assert await CHECKS[title](Cop(here.admin)) is (title in FOR_ADMINISTRATORS)
