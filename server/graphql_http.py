"""GraphQL over HTTP: a strict guard, remembered documents, and graphql-core's execution without detours.

POST answers requests; GET answers a browser with GraphiQL. Subscriptions run over the websocket.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from graphql.execution.values import VariableValues, get_variable_values
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from server.bodies import read_body
from server.graphql_documents import MOST_ERRORS, Documents, Plan, is_subscription
from server.graphql_errors import format_error, format_fault, status_of
from server.graphql_executor import RememberingExecutor
from server.graphql_guard import BadRequest, GraphQLRequest, Limits, check_headers, read_request
from server.graphql_inputs import coerce_variables

Headers = Mapping[bytes, bytes]
MakeContext = Callable[[Headers, str], Awaitable[Any]]
"""From a request's headers and its client's address."""

_USE_THE_SOCKET = "Subscriptions run over a websocket at this address, with the protocol graphql-transport-ws."
_NO_VARIABLES = VariableValues({}, {})
Answer = tuple[int, dict[str, Any]]
"""The status that graphql-response+json gets, and what is answered."""

GRAPHIQL = Path(__file__).parent / "static" / "graphiql"
_JSON = b"application/json; charset=utf-8"
_GRAPHQL = b"application/graphql-response+json; charset=utf-8"
_HTML = b"text/html; charset=utf-8"
_PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class GraphQLEndpoint:
    """An ASGI application for one path."""

    def __init__(
        self,
        schema: strawberry.Schema,
        make_context: MakeContext,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        executor: type[RememberingExecutor] = RememberingExecutor,
    ) -> None:
        self._schema = schema._schema
        self._make_context = make_context
        self._limits = limits
        self._executor = executor
        self.documents = Documents(self._schema, limits)
        self._page = (GRAPHIQL / "index.html").read_bytes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers: Headers = dict(scope["headers"])
        media_type = _GRAPHQL if b"application/graphql-response+json" in headers.get(b"accept", b"") else _JSON
        more: list[tuple[bytes, bytes]] = []
        try:
            if scope["method"] != "POST":
                return await self._answer_browser(scope["method"], headers, send)
            check_headers(headers, self._limits)
            body = await read_body(receive, self._limits)
            if body is None:
                return None
            status, answer = await self._answer(read_request(body, self._limits), headers, scope)
            status, content = status if media_type is _GRAPHQL else 200, orjson.dumps(answer)
        except BadRequest as refusal:
            status, content, more = refusal.status, _refused(refusal), _headers_of(refusal)
        except Exception as mistake:
            status, content = 500, orjson.dumps({"errors": [format_fault(mistake)]})
        return await _send(send, status, media_type, content, more)

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
        variables = self._variables(plan, request.variables)
        if isinstance(variables, list):
            return 400, {"errors": [format_error(error) for error in variables]}
        return await self._execute(plan, variables, headers, scope)

    def _variables(self, plan: Plan, given: dict[str, Any] | None) -> VariableValues | list[GraphQLError]:
        definitions = plan.node.variable_definitions
        if not definitions:
            return _NO_VARIABLES
        values = coerce_variables(self._schema, plan, given or {})
        return values or get_variable_values(self._schema, definitions, given or {}, max_errors=MOST_ERRORS)

    async def _execute(self, plan: Plan, variables: VariableValues, headers: Headers, scope: Scope) -> Answer:
        client = scope.get("client")
        try:
            context = await self._make_context(headers, client[0] if client else "")
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
        await _send(send, 200, _HTML, self._page, [(b"content-security-policy", _PAGE_POLICY)])


def graphiql_files() -> Mount:
    """The page's scripts and styles: no other site is asked for any."""
    return Mount("/graphiql", StaticFiles(directory=GRAPHIQL), name="graphiql")


def _refused(refusal: BadRequest) -> bytes:
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
