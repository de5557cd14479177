"""`tijori serve`: the database, the migrations, the first administrator, and one uvicorn process."""

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from resolvers.context import Shared
from server import embedded, folder, migrate
from server.app import build, with_dashboard
from server.first_admin import first_admin
from server.listening import listen
from server.logs import configure
from server.opened import opened
from server.settings import Settings, SetupError
from server.shell import Shell

DRAIN_SECONDS = 10


def serve(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM; the database stops last."""
    configure()
    secret = folder.secret(settings)
    with embedded.database(settings) as url, _listen(settings) as listening:
        migrate.apply(url)
        app, _ = build(_opened(settings, url, secret), Shell.of(settings))
        with_dashboard(app, settings, secret)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        _run(uvicorn.Server(config), listening)


@asynccontextmanager
async def _opened(settings: Settings, url: str, secret: str) -> AsyncIterator[Shared]:
    async with opened(url, secret, scheduler=True, open_registration=settings.open_registration) as shared:
        address = settings.own_address.replace("127.0.0.1", "localhost")
        print(f"Tijori is ready on {address}  (GraphQL: {address}/graphql)", flush=True)
        if how_to_sign_in := await first_admin(shared.core, settings):
            print(how_to_sign_in, flush=True)
        gc.freeze()  # what start-up made lives for ever: full collections need not walk it
        yield shared


def _listen(settings: Settings) -> socket.socket:
    try:
        return listen(settings.host, settings.port)
    except OSError as error:
        raise SetupError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; set TIJORI_PORT to a free port"
        ) from None


def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    server.run(sockets=[listening])
    if not server.started:
        raise SetupError("the server could not start: its log above says why")
