"""The API as the dashboard sees it: named documents over HTTP, subscriptions over graphql-transport-ws.

One HTTP connection pool serves the whole process; each open page has one websocket while it lives.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from graphql import parse, separate_operations
from websockets.exceptions import ConnectionClosed

REQUEST_TIMEOUT_SECONDS = 10
SOCKET_TIMEOUT_SECONDS = 5
# The API closes connections that were idle for 5 s: one that it is just closing must not be taken for the next request.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2)
MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024
# What a graphql-transport-ws server closes with when it does not take the token.
UNAUTHENTICATED_CLOSES = (4401, 4403)


class ApiError(Exception):
    """The API did not answer with data. `code` is one of the contract's, or UNAVAILABLE when it is out of reach."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# Each operation is a document of its own, with the fragments that it needs.
DOCUMENTS = separate_operations(
    parse((Path(__file__).parent / "operations.graphql").read_text("utf-8"), no_location=True)
)


class Backend:
    """The process's way to the API: its address, what goes out with each request, and one pool of connections."""

    def __init__(self, api_url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url = api_url
        self.headers = headers or {}
        parts = urlsplit(api_url)
        self.socket_url = urlunsplit(parts._replace(scheme="wss" if parts.scheme == "https" else "ws"))
        # The API is ours and near: no proxy from the environment stands between.
        transport = HTTPXAsyncTransport(url=api_url, timeout=REQUEST_TIMEOUT_SECONDS, trust_env=False, limits=LIMITS)
        self.client = Client(transport=transport, execute_timeout=None)  # each request has its own
        self.session: AsyncClientSession | None = None

    async def open(self) -> None:
        """Opens the pool. Nothing is sent yet."""
        self.session = await self.client.connect_async()  # type: ignore[no-untyped-call]  # gql

    async def close(self) -> None:
        """Closes the pool."""
        if self.session is not None:
            self.session = None
            await self.client.close_async()  # type: ignore[no-untyped-call]  # gql

    def api(self, token: str | None = None, headers: Mapping[str, str] | None = None) -> "Api":
        """The API in the name of one session."""
        return Api(self, token, {**self.headers, **(headers or {})})


class Api:
    """The API in the name of one signed-in session, or of nobody."""

    def __init__(self, backend: Backend, token: str | None, headers: Mapping[str, str]) -> None:
        self.backend = backend
        self.authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self.headers = {**headers, **self.authorization}

    async def send(self, operation: str, **variables: object) -> dict[str, Any]:
        """The data that a query or mutation of operations.graphql answers, or ApiError."""
        return await self.wait_for(operation, variables, REQUEST_TIMEOUT_SECONDS)

    async def wait_for(self, operation: str, variables: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """The same, waiting longer than for most."""
        if self.backend.session is None:
            raise ApiError("UNAVAILABLE", "The dashboard is starting or stopping.")
        try:
            async with asyncio.timeout(seconds):
                return await self.backend.session.execute(
                    request_for(operation, variables),
                    extra_args={"headers": self.headers, "timeout": seconds},
                )
        except (TransportError, TimeoutError) as error:
            raise as_api_error(error) from error

    @asynccontextmanager
    async def socket(self) -> AsyncIterator["Socket"]:
        """A websocket that the API has accepted; closed on leaving. What breaks inside is an ApiError too."""
        try:
            async with Client(transport=self.new_transport(), execute_timeout=None) as session:
                yield Socket(session)
        except (TransportError, TimeoutError, OSError) as error:
            raise as_api_error(error) from error

    def new_transport(self) -> WebsocketsTransport:
        """One connection, not yet opened."""
        return WebsocketsTransport(
            url=self.backend.socket_url,
            init_payload=self.authorization,
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            connect_timeout=SOCKET_TIMEOUT_SECONDS,
            ack_timeout=SOCKET_TIMEOUT_SECONDS,
            close_timeout=1,
            connect_args={"proxy": None, "close_timeout": 1, "max_size": MESSAGE_LIMIT_BYTES, "compression": None},
        )


class Socket:
    """An accepted websocket."""

    def __init__(self, session: AsyncClientSession) -> None:
        self.session = session

    async def subscribe(self, operation: str, variables: Mapping[str, object]) -> AsyncGenerator[dict[str, Any], None]:
        """What a subscription of operations.graphql sends, until the server completes it."""
        stream = self.session.subscribe(request_for(operation, variables))
        try:
            async for data in stream:
                yield data
        finally:
            await stream.aclose()


def request_for(operation: str, variables: Mapping[str, object]) -> GraphQLRequest:
    """A named document with its variables, ready to send."""
    return GraphQLRequest(DOCUMENTS[operation], variable_values=dict(variables), operation_name=operation)


def as_api_error(error: Exception) -> ApiError:
    """What went wrong, in the contract's words."""
    if isinstance(error, TransportQueryError) and error.errors:
        first = error.errors[0]
        code = (first.get("extensions") or {}).get("code") or "INTERNAL"
        return ApiError(code, first.get("message") or "The server could not answer.")
    if any(code in UNAUTHENTICATED_CLOSES for code in close_codes(error)):
        return ApiError("UNAUTHENTICATED", "The session has ended.")
    return ApiError("UNAVAILABLE", "The server cannot be reached.")


def close_codes(error: BaseException | None) -> list[int]:
    """The websocket close codes in an error's chain of causes."""
    codes = []
    while error is not None:
        if isinstance(error, ConnectionClosed) and error.rcvd is not None:
            codes.append(error.rcvd.code)
        error = error.__cause__ or error.__context__
    return codes
