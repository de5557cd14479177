"""A small endpoint of the tests' own, on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from domain import access
from domain.access import Viewer
from domain.refusals import NotFound, Unavailable
from schema.assemble import assemble
from schema.scalars import Minor
from server.graphql_guard import Limits
from server.graphql_http import GraphQLEndpoint
from server.listening import listen, server_config

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@dataclass
class Context:
    headers: Mapping[bytes, bytes]
    log: list[str] = field(default_factory=list)
    viewer: Viewer = access.SYSTEM


Info = strawberry.Info[Context, None]


@strawberry.type
class Box:
    size: Minor
    label: str

    @strawberry.field
    async def inner(self) -> "Box":
        return Box(size=self.size + 1, label=self.label)


@strawberry.type
class Query:
    @strawberry.field
    async def box(self, size: Minor = 1, label: str = "a") -> Box:
        return Box(size=size, label=label)

    @strawberry.field
    async def token(self, info: Info) -> str | None:
        return info.context.headers.get(b"authorization", b"").decode() or None

    @strawberry.field
    async def missing(self) -> Box | None:
        raise NotFound("There is no such box.")

    @strawberry.field
    async def broken(self) -> Box | None:
        raise KeyError("password=hunter2")

    @strawberry.field
    async def odd(self) -> int | None:
        return 2**40


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def note(self, info: Info, text: str) -> list[str]:
        await asyncio.sleep(0)
        info.context.log.append(text)
        return list(info.context.log)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


SCHEMA = assemble(Query, Mutation, Subscription)


async def make_context(headers: Mapping[bytes, bytes], address: str) -> Any:
    assert address == "127.0.0.1"
    if headers.get(b"authorization") == b"Bearer away":
        raise Unavailable("The database is away. Repeat with the same key.")
    return Context(headers)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The URL of the endpoint; beside it, /hasty waits one second for a body."""
    patient = GraphQLEndpoint(SCHEMA, make_context)
    hasty = GraphQLEndpoint(SCHEMA, make_context, Limits(body_seconds=1))
    async with served(Starlette(routes=[Route("/graphql", patient), Route("/hasty", hasty)])) as url:
        yield url


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """Where the application answers /graphql."""
    server = uvicorn.Server(server_config(app, log_level="error", lifespan="off"))
    listener = listen("127.0.0.1", 0)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    finally:
        server.should_exit = True
        await running


Send = Callable[..., Awaitable[httpx.Response]]


@asynccontextmanager
async def sending(url: str) -> AsyncIterator[Send]:
    """Posts a body: bytes and iterators as they are, anything else as JSON."""
    async with httpx.AsyncClient(timeout=30) as client:

        async def send(content: Any, media_type: str | None = JSON, **headers: str) -> httpx.Response:
            body = content if isinstance(content, bytes) or hasattr(content, "__aiter__") else json.dumps(content)
            content_type = {"Content-Type": media_type} if media_type is not None else {}
            return await client.post(url, content=body, headers={"Accept": JSON} | content_type | headers)

        yield send


def message_of(response: httpx.Response) -> str:
    """The message of the only error, of a shape that every GraphQL client reads."""
    answer = response.json()
    assert set(answer) == {"errors"}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    message = error["message"]
    assert isinstance(message, str)
    return message


QUERY = {"query": "{ box { size } }"}
ANSWER = {"data": {"box": {"size": 1}}}
