"""The page at /graphql: it signs an administrator in, then loads GraphiQL from our own files.

GraphiQL's files have an address that only those get who may read the schema: a browser loads them without a token.
"""

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from domain import access
from resolvers.context import MakeContext
from server.graphql_errors import format_fault, status_of
from server.shell import Shell

PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STATIC = Path(__file__).parent / "static"
_PAGE = _STATIC / "explorer"
_GRAPHIQL = _STATIC / "graphiql"
_STYLES = ("graphiql.min.css", "graphiql.css")
_SCRIPTS = ("react.production.min.js", "react-dom.production.min.js", "graphiql.min.js", "start.js")
_KEY_CHARACTERS = 32


def page(shell: Shell) -> bytes:
    """The page; in development it asks nobody to sign in."""
    text = (_PAGE / "page.html").read_bytes()
    return text.replace(b"<body>", b"<body data-development>") if shell.development else text


def explorer_routes(make_context: MakeContext, secret: Callable[[], bytes], shell: Shell) -> list[BaseRoute]:
    """The page's own files, for everybody; where GraphiQL's are, for those who may read the schema; and these."""
    files = StaticFiles(directory=_GRAPHIQL)

    async def where(request: Request) -> Response:
        try:
            context = await make_context(dict(request.scope["headers"]), request.client.host if request.client else "")
            if not shell.development:
                access.require_introspection(context.viewer)
        except Exception as fault:
            formatted = format_fault(fault)
            return _json({"errors": [formatted]}, status_of(formatted))
        base = f"/explorer/{_key(secret())}"
        return _json(
            {
                "styles": [f"{base}/{name}" for name in _STYLES],
                "scripts": [f"{base}/{name}" for name in _SCRIPTS],
            }
        )

    async def file(request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["key"].encode(), _key(secret()).encode()):
            raise HTTPException(404)
        answer = await files.get_response(request.path_params["name"], request.scope)
        answer.headers["cache-control"] = "private, no-cache"
        return answer

    return [
        Route("/explorer/files", where, methods=["POST"]),
        Mount("/explorer/page", StaticFiles(directory=_PAGE)),
        Route("/explorer/{key}/{name}", file, methods=["GET"]),
    ]


def _key(secret: bytes) -> str:
    return hmac.new(secret, b"where the explorer's files are", hashlib.sha256).hexdigest()[:_KEY_CHARACTERS]


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
