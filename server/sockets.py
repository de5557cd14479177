"""GraphQL over a websocket (graphql-transport-ws): Strawberry's protocol, our context and our errors."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UnsetType

from domain.refusals import Unavailable
from resolvers.context import RequestContext
from server.graphql_documents import Documents
from server.graphql_errors import format_error
from server.graphql_guard import BadRequest, check_no_nul
from server.socket_messages import Messages

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 20
TRY_AGAIN_LATER = 1013


class _ShownError(GraphQLError):
    """An error that is sent as our HTTP endpoint would send it."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self._shown = format_error(error)

    @property
    def formatted(self) -> Any:
        return self._shown


class _GuardedSchema:
    """A schema whose documents keep to the limits, and whose streams carry errors fit to be sent."""

    def __init__(self, schema: strawberry.Schema, documents: Documents) -> None:
        self._schema = schema
        self._documents = documents

    def __getattr__(self, name: str) -> Any:
        return getattr(self._schema, name)

    async def stream(
        self, query: str, *, variable_values: Any, operation_name: str | None, **named: Any
    ) -> AsyncGenerator[Any, None]:
        """What the protocol's handler sends, message by message."""
        if errors := self._mistakes(query, variable_values, operation_name):
            return _only(PreExecutionError(data=None, errors=errors))
        return _shown(
            await self._schema.stream(query, variable_values=variable_values, operation_name=operation_name, **named)
        )

    def _mistakes(self, query: str, variables: Any, name: str | None) -> list[GraphQLError]:
        try:
            check_no_nul(variables)
            document = self._documents.get(query)
            if not document.errors:
                document.select(name)
            return [_ShownError(error) for error in document.errors]
        except BadRequest as refusal:
            return [_ShownError(GraphQLError(refusal.message))]
        except GraphQLError as error:
            return [_ShownError(error)]


async def _only(result: Any) -> AsyncGenerator[Any, None]:
    yield result


async def _shown(results: Any) -> AsyncGenerator[Any, None]:
    async with aclosing(results):
        async for result in results:
            if getattr(result, "errors", None):
                result.errors = [_ShownError(error) for error in result.errors]
            yield result


class Sockets(GraphQL[RequestContext, None]):
    """The websocket half of /graphql."""

    websocket_adapter_class = Messages

    def __init__(
        self,
        schema: strawberry.Schema,
        documents: Documents,
        make_context: Callable[[Mapping[bytes, bytes], str], Awaitable[RequestContext]],
    ) -> None:
        super().__init__(
            _GuardedSchema(schema, documents),  # type: ignore[arg-type]  # all that the protocol asks of a schema
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
        )
        self._make_context = make_context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, for as long as it lives."""
        try:
            await super().__call__(scope, receive, send)
        except Unavailable as away:  # who asks could not be looked up
            with suppress(OSError):
                await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": str(away)})

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
