"""`tijori serve`: the database, the migrations, the first administrator, and one uvicorn process."""

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import structlog
import uvicorn

from resolvers.context import Shared
from server import embedded, folder, migrate
from server.app import build, with_dashboard
from server.first_admin import first_admin
from server.listening import listen, server_config
from server.logs import configure, request_writer
from server.opened import opened
from server.probes import Probes
from server.settings import Settings, SetupError
from server.shell import Shell
from server.starting import answering

DRAIN_SECONDS = 10

log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM; the database stops last."""
    configure(logging.INFO)
    secret = folder.secret(settings)
    with embedded.database(settings) as url, _listen(settings) as listening, ExitStack() as starting:
        starting.enter_context(answering(listening))
        if applied := migrate.apply(url):
            log.info("migrated", applied=applied)
        app, api = build(_opened(settings, url, secret, starting), Shell.of(settings))
        with_dashboard(app, settings, secret)
        if settings.metrics_token is not None:
            api.probes.metrics_token = settings.metrics_token.get_secret_value()
        if settings.log_requests:
            api.requests.write = request_writer()
        config = server_config(
            app, forwarded_allow_ips=settings.trusted_proxies, timeout_graceful_shutdown=DRAIN_SECONDS
        )
        _run(StoppingServer(config, api.probes, settings.stop_delay_seconds), listening)


@asynccontextmanager
async def _opened(settings: Settings, url: str, secret: str, starting: ExitStack) -> AsyncIterator[Shared]:
    async with opened(
        url,
        secret,
        scheduler=True,
        open_registration=settings.open_registration,
        private_webhooks=settings.private_webhooks or settings.development,
    ) as shared:
        address = settings.own_address.replace("127.0.0.1", "localhost")
        print(f"Tijori is ready on {address}  (GraphQL: {address}/graphql)", flush=True)
        if how_to_sign_in := await first_admin(shared.core, settings):
            print(how_to_sign_in, flush=True)
        log.info("started", address=address)
        starting.close()
        gc.freeze()  # what start-up made lives for ever: full collections need not walk it
        yield shared


class StoppingServer(uvicorn.Server):
    """Says that it is not ready, and serves on for a while: whoever sends requests here has time to notice."""

    def __init__(self, config: uvicorn.Config, probes: Probes, delay_seconds: int) -> None:
        super().__init__(config)
        self._probes = probes
        self.delay_seconds = delay_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Then stop. A second Ctrl-C does so at once."""
        self._probes.stopping = True
        log.info("stopping", delay_seconds=self.delay_seconds)
        loop = asyncio.get_running_loop()
        began = loop.time()
        while loop.time() < began + self.delay_seconds and not self.force_exit:  # noqa: ASYNC110 - a signal sets it
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)
        log.info("stopped")


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
