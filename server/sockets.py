"""GraphQL over a websocket (graphql-transport-ws): Strawberry's protocol, our context and our errors."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
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
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UnsetType

from domain import access
from domain.refusals import Fault, RateLimited, Unauthenticated, Unavailable
from resolvers.context import MakeContext, RequestContext
from server.graphql_documents import Documents, is_mutation
from server.graphql_errors import format_error
from server.graphql_guard import BadRequest, check_no_nul
from server.graphql_inputs import read_variables
from server.shell import Shell
from server.socket_messages import Messages
from server.socket_seats import UNNAMED_SECONDS, Seat, Seats

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 20
TRY_AGAIN_LATER = 1013
UNAUTHORIZED = 4401
_NO_MORE = f"A socket takes {MOST_SUBSCRIPTIONS} operations at a time. Complete one, or open another socket."


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

    def __init__(self, schema: strawberry.Schema, documents: Documents, shell: Shell) -> None:
        self._schema = schema
        self._documents = documents
        self._development = shell.development

    def __getattr__(self, name: str) -> Any:
        return getattr(self._schema, name)

    async def stream(
        self,
        query: str,
        *,
        variable_values: Any,
        operation_name: str | None,
        context_value: RequestContext,
        root_value: None,
    ) -> AsyncGenerator[Any, None]:
        """What the protocol's handler sends, message by message. Who asks is looked up again for each operation."""
        try:
            context = await _asked_now(context_value)
            errors = self._mistakes(query, variable_values, operation_name, context)
        except BadRequest as refusal:
            errors = [GraphQLError(refusal.message)]
        except GraphQLError as error:
            errors = [error]
        except Fault as fault:
            errors = [GraphQLError(str(fault), original_error=fault)]
        if errors:
            return _only(PreExecutionError(data=None, errors=[_ShownError(error) for error in errors]))
        return _shown(
            await self._schema.stream(
                query,
                variable_values=variable_values,
                operation_name=operation_name,
                context_value=context,
                root_value=root_value,
            )
        )

    def _mistakes(self, query: str, variables: Any, name: str | None, context: RequestContext) -> list[GraphQLError]:
        check_no_nul(variables)
        document = self._documents.get(query)
        if document.errors:
            return document.errors
        plan = document.select(name)
        if is_mutation(plan):
            raise GraphQLError("Send mutations by POST to this address: their outcome outlives no socket.")
        if plan.introspects and not self._development:
            access.require_introspection(context.viewer)
        values = read_variables(self._schema._schema, plan, variables, suggest=self._development)
        return values if isinstance(values, list) else []


async def _asked_now(context: RequestContext) -> RequestContext:
    """The same viewer with loaders of its own, unless the session or token has ended since the socket opened."""
    if context.token is None:
        return replace(context)
    viewer = await context.shared.viewers.of(context.token)
    if viewer is None and context.viewer is not None:
        raise Unauthenticated("The session or token has ended. Sign in again and open a new socket.")
    return replace(context, viewer=viewer)


async def _only(result: Any) -> AsyncGenerator[Any, None]:
    yield result


async def _shown(results: Any) -> AsyncGenerator[Any, None]:
    async with aclosing(results):
        async for result in results:
            if getattr(result, "errors", None):
                result.errors = [_ShownError(error) for error in result.errors]
            yield result


class _Handler(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """The protocol, with a limit that says what to do."""

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """One operation more."""
        if len(self.operations) < MOST_SUBSCRIPTIONS or not self.connection_acknowledged:
            return await super().handle_subscribe(message)
        error = _ShownError(GraphQLError(_NO_MORE, original_error=RateLimited(_NO_MORE)))
        return await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})


@dataclass
class _SocketContext(RequestContext):
    """Of one socket; `seat` is its place among those that are open."""

    seat: Seat | None = None


class Sockets(GraphQL[RequestContext, None]):
    """The websocket half of /graphql."""

    websocket_adapter_class = Messages
    graphql_transport_ws_handler_class = _Handler

    def __init__(
        self,
        schema: strawberry.Schema,
        documents: Documents,
        make_context: MakeContext,
        shell: Shell = Shell(),  # noqa: B008 - frozen
        init_seconds: float = INIT_SECONDS,
        unnamed_seconds: float = UNNAMED_SECONDS,
        seats: Seats | None = None,
    ) -> None:
        super().__init__(
            _GuardedSchema(schema, documents, shell),  # type: ignore[arg-type]  # all that the protocol asks of a schema
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=init_seconds),
        )
        self._make_context = make_context
        self._unnamed_seconds = unnamed_seconds
        self.seats = seats or Seats()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, for as long as it lives."""
        seat, client, limit = None, scope.get("client"), asyncio.timeout(self._unnamed_seconds)
        try:
            async with limit:
                seat = scope["seat"] = self.seats.take(client[0] if client else "", limit)
                await super().__call__(scope, receive, send)
        except Unavailable as away:  # who asks could not be looked up, or there are too many
            await _close(send, TRY_AGAIN_LATER, str(away))
        except TimeoutError:
            if not limit.expired():
                raise
            await _close(send, UNAUTHORIZED, "Nobody has signed in on this socket.")
        finally:
            if seat:
                seat.leave()

    def is_websocket_origin_allowed(self, request: Any, origin: str) -> bool:
        """The shell has decided."""
        return True

    async def get_context(self, request: Request | WebSocket, response: Any) -> RequestContext:
        """Once per socket: who asks comes with the handshake, or with connection_init."""
        address = request.client.host if request.client else ""
        made = await self._make_context(dict(request.scope["headers"]), address)
        seat = request.scope["seat"]
        if made.viewer:
            seat.name(made.viewer.actor)
        return _SocketContext(made.shared, made.viewer, made.token, made.address, made.user_agent, seat=seat)

    async def on_ws_connect(self, context: RequestContext) -> UnsetType | dict[str, object] | None:
        """connection_init's payload may name the token: {"Authorization": "Bearer …"}."""
        given = context.connection_params.get("Authorization")
        if isinstance(given, str):
            named = await self._make_context({b"authorization": given.encode(errors="replace")}, context.address)
            context.viewer, context.token = named.viewer, named.token
            if named.viewer and isinstance(context, _SocketContext) and context.seat:
                context.seat.name(named.viewer.actor)
        return UnsetType()

    def encode_json(self, data: object) -> str:
        """As text: bytes would go out as binary frames."""
        return orjson.dumps(data).decode()


async def _close(send: Send, code: int, reason: str) -> None:
    with suppress(OSError, RuntimeError):
        await send({"type": "websocket.close", "code": code, "reason": reason})
