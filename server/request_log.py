"""Each request and socket gets an id, is counted, and leaves a line in the log: never what it said or who called from.

The id is the client's X-Request-Id where that is one; it stands in the answer's header and in every line of the log.
"""

import itertools
import os
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter_ns
from typing import Any

import structlog
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resolvers.noting import NOTES, Notes, refused
from server.logs import Event
from server.shell import ShelledApp
from server.traffic import TRAFFIC

log = structlog.get_logger()
HEADER = b"x-request-id"
DASHBOARD, UNKNOWN = "dashboard", "unknown"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
_GONE = 499
"""The client left before it was answered."""
_MISTAKE = 1011
_PROCESS = os.urandom(6).hex()
_NUMBERS = itertools.count(0x1000)
_MOST_FIELDS = 20
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_ASSETS = ("/_nicegui/", "/explorer/")


class _Noted(Notes):
    """One request or socket, and what has gone out so far. For a socket the status is what closed it."""

    __slots__ = ("_send", "size", "status")

    def __init__(self, request_id: str, send: Send) -> None:
        super().__init__(request_id)
        self._send = send
        self.status = self.size = 0

    def send(self, message: Message) -> Awaitable[None]:
        """Passed on, counted; an answer's start gets the header."""
        kind = message["type"]
        if kind == "http.response.body":
            self.size += len(message.get("body", b""))
        elif kind in _STARTS:
            self.status = message.get("status", 0)
            message["headers"] = [*message.get("headers", ()), (HEADER, self.id.encode())]
        elif kind == "websocket.close":
            self.status = message.get("code", 1000)
        return self._send(message)


class Requests:
    """The outermost layer of an application. `write` takes the lines; without it there are none."""

    def __init__(self) -> None:
        self.write: Callable[[Event], None] | None = None
        self._routes: Iterable[BaseRoute] = ()
        self._names: dict[Any, str] = {}

    def install(self, app: ShelledApp) -> None:
        """Around all that the application does, also around what it does where it fails."""
        self._routes = app.routes
        app.layers.append(partial(_Layer, self))

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one socket for as long as it lives."""
        began, noted = perf_counter_ns(), _Noted(_id_of(scope), send)
        NOTES.set(noted)
        if scope["type"] == "websocket":
            await self._socket(app(scope, receive, noted.send), scope, noted)
            return
        TRAFFIC.in_progress += 1
        try:
            await app(scope, receive, noted.send)
        except Exception:
            refused("INTERNAL")
            raise  # the server that calls us logs it
        finally:
            TRAFFIC.in_progress -= 1
            self._ended(scope, noted, perf_counter_ns() - began)

    async def _socket(self, serving: Awaitable[None], scope: Scope, noted: _Noted) -> None:
        route = scope["path"] if scope["path"] == "/graphql" else DASHBOARD
        began = perf_counter_ns()
        TRAFFIC.sockets[route] += 1
        try:
            await serving
        except Exception as mistake:
            refused("INTERNAL")
            log.error("internal error", id=noted.id, exc_info=mistake)
            reason = f"Internal error. Quote {noted.id} to the operator."
            with suppress(OSError, RuntimeError):  # it has gone, or was closed already
                await noted.send({"type": "websocket.close", "code": _MISTAKE, "reason": reason})
        finally:
            TRAFFIC.sockets[route] -= 1
            if self.write is not None:
                seconds = (perf_counter_ns() - began) // 1_000_000 / 1_000
                line = {"event": "socket", "route": route, "code": noted.status or None, "seconds": seconds}
                self.write(line | _of_graphql(noted))

    def _ended(self, scope: Scope, noted: _Noted, nanoseconds: int) -> None:
        method, status = scope["method"], noted.status or _GONE
        if method not in _METHODS:
            method = "OTHER"
        route = self._route(scope)
        TRAFFIC.requests[route, method, status] += 1
        TRAFFIC.durations[route].add(nanoseconds)
        if self.write is None or (status < 400 and (route in _PROBES or scope["path"].startswith(_ASSETS))):
            return
        line = _of_graphql(noted)
        line |= {"event": "request", "method": method, "route": route, "status": status}
        line |= {"ms": nanoseconds // 1_000 / 1_000, "bytes": noted.size}
        self.write(line)

    def _route(self, scope: Scope) -> str:
        """As declared: a path may hold a phone number, or anything at all."""
        endpoint = scope.get("endpoint")
        if endpoint is None:
            return UNKNOWN
        if not self._names:
            self._names = dict(_named(self._routes, ""))
        return self._names.get(endpoint, DASHBOARD)


@dataclass(slots=True)
class _Layer:
    requests: Requests
    app: ASGIApp

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return self.app(scope, receive, send)
        return self.requests.answer(self.app, scope, receive, send)


def _of_graphql(notes: Notes) -> dict[str, Any]:
    """Who asked, and for what, where that is known."""
    line: dict[str, Any] = {"request_id": notes.id}
    if notes.context is not None and notes.context.viewer is not None:
        line["actor"] = notes.context.viewer.actor
    if notes.fields:
        line["fields"] = list(dict.fromkeys(notes.fields.values()))[:_MOST_FIELDS]
    if notes.operation:
        line["operation"] = notes.operation
    if notes.refused:
        line["refused"] = notes.refused
    return line


def _id_of(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER and _GIVEN.fullmatch(value):
            given: str = value.decode()
            return given
    return f"{_PROCESS}{next(_NUMBERS):x}"


def _named(routes: Iterable[BaseRoute], prefix: str) -> Iterable[tuple[Any, str]]:
    for route in routes:
        path = f"{prefix}{getattr(route, 'path', '')}"
        if isinstance(route, Mount):
            yield route.app, path or DASHBOARD
            if path:
                yield from _named(route.routes, path)
        elif (endpoint := getattr(route, "endpoint", None)) is not None:
            yield endpoint, path
