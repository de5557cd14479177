"""The shell around every path: headers that keep a browser from doing harm, and no requests from other sites.

A browser names the site that a request or websocket comes from in the Origin header; programs send none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from resolvers.noting import refused
from server.problems import problem
from server.settings import Settings

Header = tuple[bytes, bytes]

HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
"""On every answer that does not say otherwise, as pages do of what they load."""
NO_STORE: Header = (b"cache-control", b"no-store")
"""On every answer that has no validator to be kept by."""
HTTPS_ONLY: Header = (b"strict-transport-security", b"max-age=31536000")
API = ("/graphql", "/api/")
"""What scripts of allowed sites may read answers of; pages and their files are for this site alone."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REQUEST_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key")
_PREFLIGHT_SECONDS = 600
_POLICY_VIOLATION = 1008

FOREIGN = (
    "Requests from other sites are refused. Open this site at its own address, or have the operator add yours to "
    "TIJORI_ALLOWED_ORIGINS."
)


@dataclass(frozen=True, slots=True)
class Shell:
    """How open the server is. `development`: introspection, its page and suggestions for everybody."""

    development: bool = False
    allowed_origins: frozenset[str] = frozenset()
    https_only: bool = False

    @staticmethod
    def of(settings: Settings) -> "Shell":
        """As the operator has set it."""
        named = map(normalize_origin, filter(None, settings.allowed_origins.split(",")))
        return Shell(settings.development, frozenset(filter(None, named)), settings.secure_cookies)


class ShelledApp(Starlette):
    """An application of which every answer leaves through the shell, those to its own failures too.

    What is asked most, and fails by itself, is answered without the detour of routes and of what catches failures.
    """

    def __init__(self, shell: Shell, straight: Mapping[str, ASGIApp] | None = None, **named: Any) -> None:
        super().__init__(**named)
        self._shell = shell
        self._straight = straight or {}
        self.layers: list[Callable[[ASGIApp], ASGIApp]] = []
        """What stands around the shell, the outermost last."""

    def build_middleware_stack(self) -> ASGIApp:
        """What Starlette calls for each request."""
        app: ASGIApp = Shelled(super().build_middleware_stack(), self._shell, self._straight)
        for layer in self.layers:
            app = layer(app)
        return app


class Shelled:
    """Refuses what other sites send, and adds the headers."""

    def __init__(self, app: ASGIApp, shell: Shell, straight: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._straight = straight
        self._allowed = shell.allowed_origins
        self._headers = (*HEADERS, HTTPS_ONLY) if shell.https_only else HEADERS
        self._missing: dict[tuple[bytes, ...], list[Header]] = {}
        self._shared = CORSMiddleware(
            app,
            allow_origins=sorted(shell.allowed_origins),
            allow_methods=_METHODS,
            allow_headers=_REQUEST_HEADERS,
            expose_headers=("Retry-After",),
            max_age=_PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)

        async def adding(message: Message) -> None:
            if message["type"] in _STARTS:
                message["headers"] = self._with(message.get("headers", ()))
            await send(message)

        for name, origin in scope["headers"]:
            if name == b"origin":
                app = self._app_for(scope, origin.decode("latin-1"))
                break
        else:
            app = self._app
            if scope["type"] == "http" and scope["path"] in self._straight:
                app = scope["endpoint"] = self._straight[scope["path"]]
        return await (app or _refuse)(scope, receive, adding)

    def _app_for(self, scope: Scope, origin: str) -> ASGIApp | None:
        """Who answers what a page of this origin sends; None for nobody."""
        if _is_ours(origin, scope["headers"]):
            return self._app
        if normalize_origin(origin) not in self._allowed:
            return None
        return self._shared if scope["type"] == "http" and scope["path"].startswith(API) else self._app

    def _with(self, headers: Iterable[Header]) -> list[Header]:
        """What the answer says itself stands. What it leaves out is worked out once for each set of names."""
        there = [*headers]
        names = tuple([name for name, _ in there])
        missing = self._missing.get(names)
        if missing is None:
            missing = self._left_out({name.lower() for name in names})
            if len(self._missing) < _MOST_REMEMBERED:
                self._missing[names] = missing
        return there + missing

    def _left_out(self, names: set[bytes]) -> list[Header]:
        missing = [header for header in self._headers if header[0] not in names]
        return [*missing, NO_STORE] if names.isdisjoint(_KEPT_BY) else missing


_STARTS = ("http.response.start", "websocket.http.response.start")
_KEPT_BY = (b"cache-control", b"etag")
_MOST_REMEMBERED = 1_000


def _is_ours(origin: str, headers: Iterable[Header]) -> bool:
    """A browser that says so itself is believed, as behind a proxy which changes the Host."""
    given = {name: value.decode("latin-1") for name, value in headers if name in (b"host", b"sec-fetch-site")}
    return given.get(b"sec-fetch-site") == "same-origin" or is_same_origin(origin, given.get(b"host"))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    refused("FORBIDDEN")
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": FOREIGN})
        return
    answer = problem("FORBIDDEN", FOREIGN) if scope["path"].startswith("/api/") else _as_graphql()
    await answer(scope, receive, send)


def _as_graphql() -> Response:
    content = {"errors": [{"message": FOREIGN, "extensions": {"code": "FORBIDDEN"}}]}
    return Response(orjson.dumps(content), 403, media_type="application/json")
