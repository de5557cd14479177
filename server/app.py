"""The application: /graphql, probes and metrics, and the dashboard on every other path."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from domain.access import Viewer
from domain.refusals import Unavailable
from resolvers.context import RequestContext, Shared
from resolvers.noting import noted
from resolvers.root import schema
from server import rest
from server.explorer import explorer_routes
from server.graphql_http import GraphQLEndpoint
from server.graphql_notes import NotingExecutor
from server.probes import Probes
from server.problems import unrouted
from server.request_log import Requests
from server.settings import Settings
from server.shell import Shell, ShelledApp
from server.sockets import Sockets
from server.visitors import believe_our_own

_BEARER = b"bearer "


class Api:
    """The routes, and what they share once the store is open."""

    def __init__(self, shell: Shell) -> None:
        self.shared: Shared | None = None
        self.probes = Probes(lambda: self.shared)
        self.requests = Requests()
        self._http = GraphQLEndpoint(schema, self.make_context, shell=shell, executor=NotingExecutor)
        self._sockets = Sockets(schema, self._http.documents, self.make_socket_context, shell)

    async def make_context(self, headers: Mapping[bytes, bytes], address: str) -> RequestContext:
        """Who asks, by the Authorization header alone: cookies never count."""
        shared, token = self._open(), _token(headers)
        viewer = await shared.viewers.using(token) if token else None
        return _context(shared, viewer, token, headers, address)

    async def make_socket_context(self, headers: Mapping[bytes, bytes], address: str) -> RequestContext:
        """The same for a socket: a page left open, which opens it again after each cut, is no use of its session."""
        shared, token = self._open(), _token(headers)
        viewer = await shared.viewers.of(token) if token else None
        if viewer is not None and viewer.user_id is None:
            shared.viewers.note(viewer)
        return _context(shared, viewer, token, headers, address)

    def _open(self) -> Shared:
        if self.shared is None:
            raise Unavailable("The server is starting or stopping. Repeat in a moment.")
        return self.shared

    def secret(self) -> bytes:
        """What addresses and tokens are signed with."""
        if self.shared is None:
            raise HTTPException(503)
        return self.shared.core.secret

    async def graphql(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HTTP and websocket at one address."""
        await (self._http if scope["type"] == "http" else self._sockets)(scope, receive, send)


def _token(headers: Mapping[bytes, bytes]) -> str | None:
    given = headers.get(b"authorization", b"")
    return given[len(_BEARER) :].strip().decode(errors="replace") if given[:7].lower() == _BEARER else None


def _context(
    shared: Shared, viewer: Viewer | None, token: str | None, headers: Mapping[bytes, bytes], address: str
) -> RequestContext:
    agent = headers.get(b"user-agent", b"").decode(errors="replace")
    return noted(RequestContext(shared, viewer, token, address, agent))


class _GraphQLRoute:
    """Starlette calls functions with a request and objects as ASGI applications: this is one."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._api.graphql(scope, receive, send)


async def _not_found(request: Request, why: Exception) -> Response:
    """A path with a newline matches no mount, not that of the routes either."""
    if request.url.path.startswith("/api/"):
        return await unrouted(request, why)
    return PlainTextResponse("Not Found", 404)


def build(
    opened: AbstractAsyncContextManager[Shared],
    shell: Shell = Shell(),  # noqa: B008 - frozen
) -> tuple[ShelledApp, Api]:
    """The API; the store is open for as long as the application runs."""
    api = Api(shell)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with opened as shared:
            api.shared = shared
            try:
                yield
            finally:
                api.shared = None

    endpoint = _GraphQLRoute(api)
    routes = [
        Route("/graphql", endpoint, methods=None),
        WebSocketRoute("/graphql", endpoint),
        *explorer_routes(api.make_context, api.secret, shell),
        rest.mount(api.make_context),
        *api.probes.routes(),
    ]
    app = ShelledApp(
        shell, {"/graphql": endpoint}, routes=routes, lifespan=lifespan, exception_handlers={404: _not_found}
    )
    api.requests.install(app)
    return app, api


def with_dashboard(app: ShelledApp, settings: Settings, secret: str) -> Starlette:
    """The dashboard on every other path. The store is opened before it and closed after it."""
    from dashboard.app import mount  # its framework takes a second to load, and the API runs without

    open_store = app.router.lifespan_context
    app.router.lifespan_context = _nothing
    mount(
        app,
        api_url=f"{settings.own_address}/graphql",
        storage_secret=secret,
        storage_path=settings.data_dir / "sessions",
        secure_cookie=settings.secure_cookies,
        api_headers=believe_our_own(app),
        seller=settings.seller,
    )
    start_pages = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(outer: Starlette) -> AsyncIterator[None]:
        async with open_store(outer), start_pages(outer):
            yield

    app.router.lifespan_context = lifespan
    return app


@asynccontextmanager
async def _nothing(_: Starlette) -> AsyncIterator[None]:
    yield
