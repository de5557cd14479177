"""GraphQL over a websocket (graphql-transport-ws): Strawberry's protocol, our context and our errors."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from resolvers.context import RequestContext
from server.graphql_errors import format_error

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 20


class _ShownError(GraphQLError):
    """An error that is sent as our HTTP endpoint would send it."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self._shown = format_error(error)

    @property
    def formatted(self) -> Any:
        return self._shown


class _ShowingErrors:
    """A schema whose streams carry errors fit to be sent."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema

    def __getattr__(self, name: str) -> Any:
        return getattr(self._schema, name)

    async def stream(self, *values: Any, **named: Any) -> AsyncIterator[Any]:
        return self._shown(await self._schema.stream(*values, **named))

    async def _shown(self, results: Any) -> AsyncIterator[Any]:
        try:
            async for result in results:
                if getattr(result, "errors", None):
                    result.errors = [_ShownError(error) for error in result.errors]
                yield result
        finally:
            await results.aclose()


class Sockets(GraphQL[RequestContext, None]):
    """The websocket half of /graphql."""

    def __init__(
        self, schema: strawberry.Schema, make_context: Callable[[Mapping[bytes, bytes], str], Awaitable[RequestContext]]
    ) -> None:
        super().__init__(
            _ShowingErrors(schema),  # type: ignore[arg-type]  # all that the protocol asks of a schema
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
        )
        self._make_context = make_context

    async def get_context(self, request: Request | WebSocket, response: Any) -> RequestContext:
        """Once per socket: who asks comes with the handshake, or with connection_init."""
        address = request.client.host if request.client else ""
        return await self._make_context(dict(request.scope["headers"]), address)

    async def on_ws_connect(self, context: RequestContext) -> UnsetType | dict[str, object] | None:
        """connection_init's payload may name the token: {"Authorization": "Bearer …"}."""
        given = context.connection_params.get("Authorization")
        if isinstance(given, str):
            named = await self._make_context({b"authorization": given.encode(errors="replace")}, context.address)
            context.viewer, context.token = named.viewer, named.token
        return UnsetType()

    def encode_json(self, data: object) -> str:
        """As text: bytes would go out as binary frames."""
        return orjson.dumps(data).decode()
