"""GraphQL over HTTP: a strict guard, remembered documents, and graphql-core's execution without detours.

POST answers requests; GET answers a browser with the explorer's page. Subscriptions run over the websocket.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from graphql.execution.values import VariableValues
from starlette.types import Receive, Scope, Send

from domain import access
from resolvers.context import MakeContext
from resolvers.noting import refused
from server.bodies import read_body
from server.explorer import PAGE_POLICY, page
from server.graphql_documents import Documents, Plan, is_subscription
from server.graphql_errors import format_error, format_fault, status_of
from server.graphql_executor import RememberingExecutor
from server.graphql_guard import BadRequest, GraphQLRequest, Limits, check_headers, read_request
from server.graphql_inputs import read_variables
from server.media_types import GRAPHQL, HTML, JSON, accepted
from server.shell import Shell

Headers = Mapping[bytes, bytes]

_USE_THE_SOCKET = "Subscriptions run over a websocket at this address, with the protocol graphql-transport-ws."
_NOT_ACCEPTABLE = "Answers are application/graphql-response+json or application/json: accept one of them."
Answer = tuple[int, dict[str, Any]]
"""The status that graphql-response+json gets, and what is answered."""


class GraphQLEndpoint:
    """An ASGI application for one path."""

    def __init__(
        self,
        schema: strawberry.Schema,
        make_context: MakeContext,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        executor: type[RememberingExecutor] = RememberingExecutor,
        shell: Shell = Shell(),  # noqa: B008 - frozen
    ) -> None:
        self._schema = schema._schema
        self._make_context = make_context
        self._limits = limits
        self._executor = executor
        self._development = shell.development
        self.documents = Documents(self._schema, limits, suggest=shell.development)
        self._page = page(shell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers: Headers = dict(scope["headers"])
        media_type = accepted(headers.get(b"accept", b""))
        more: list[tuple[bytes, bytes]] = []
        try:
            if scope["method"] != "POST":
                return await self._answer_browser(scope["method"], headers, send)
            if media_type is None:
                raise BadRequest(406, _NOT_ACCEPTABLE)
            check_headers(headers, self._limits)
            body = await read_body(receive, self._limits)
            if body is None:
                return None
            status, answer = await self._answer(read_request(body, self._limits), headers, scope)
            status, content = status if media_type is GRAPHQL else 200, orjson.dumps(answer)
        except BadRequest as refusal:
            status, content, more = refusal.status, _refused(refusal), _headers_of(refusal)
        except Exception as mistake:
            status, content = 500, orjson.dumps({"errors": [format_fault(mistake)]})
        return await _send(send, status, media_type or JSON, content, more)

    async def _answer(self, request: GraphQLRequest, headers: Headers, scope: Scope) -> Answer:
        try:
            document = self.documents.get(request.query)
            if document.errors:
                return 400, {"errors": [format_error(error) for error in document.errors]}
            plan = document.select(request.operation_name)
            if is_subscription(plan):
                raise GraphQLError(_USE_THE_SOCKET)
        except GraphQLError as error:
            return 400, {"errors": [format_error(error)]}
        variables = read_variables(self._schema, plan, request.variables, suggest=self._development)
        if isinstance(variables, list):
            return 400, {"errors": [format_error(error) for error in variables]}
        return await self._execute(plan, variables, headers, scope)

    async def _execute(self, plan: Plan, variables: VariableValues, headers: Headers, scope: Scope) -> Answer:
        client = scope.get("client")
        try:
            context = await self._make_context(headers, client[0] if client else "")
            if plan.introspects and not self._development:
                access.require_introspection(context.viewer)
        except Exception as fault:
            formatted = format_fault(fault)
            return status_of(formatted), {"errors": [formatted]}
        result = await self._executor(self._schema, plan, variables, context).execute()
        if result.errors:
            return 200, {"data": result.data, "errors": [format_error(error) for error in result.errors]}
        return 200, {"data": result.data}

    async def _answer_browser(self, method: str, headers: Headers, send: Send) -> None:
        if method != "GET" or b"text/html" not in headers.get(b"accept", b""):
            raise BadRequest(405, "Send GraphQL requests by POST.")
        await _send(send, 200, HTML, self._page, [(b"content-security-policy", PAGE_POLICY)])


def _refused(refusal: BadRequest) -> bytes:
    refused("BAD_USER_INPUT")
    return orjson.dumps({"errors": [{"message": refusal.message, "extensions": {"code": "BAD_USER_INPUT"}}]})


def _headers_of(refusal: BadRequest) -> list[tuple[bytes, bytes]]:
    if refusal.status == 405:
        return [(b"allow", b"POST")]
    # what is left of a body that is too large is read and dropped: closing at once would drop the answer too
    return [(b"connection", b"close")] if refusal.status == 408 else []


async def _send(
    send: Send, status: int, media_type: bytes, body: bytes, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
