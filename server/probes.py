"""/healthz: the process lives. /readyz: requests are served, or why not. /metrics: for Prometheus."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from domain.refusals import Unavailable
from resolvers.context import Shared
from server import metrics
from server.migrate import APP, files
from services.database import read

PATIENCE_SECONDS = 1.5
"""For the database's answer: a probe that hangs tells nobody anything."""
_APPLIED = "SELECT version FROM aerich WHERE app = $1"


@dataclass(slots=True)
class Probes:
    """`shared` is None while the store is not open; a `metrics_token` must be sent as a bearer's to read metrics."""

    shared: Callable[[], Shared | None]
    metrics_token: str | None = None
    stopping: bool = False
    _files: frozenset[str] = field(default_factory=files)
    _look: "asyncio.Task[str | None] | None" = None

    def routes(self) -> list[Route]:
        """Where they are answered."""
        return [Route("/healthz", _healthy), Route("/readyz", self._ready), Route("/metrics", self._metrics)]

    async def _ready(self, _: Request) -> Response:
        if why_not := await self._why_not():
            return PlainTextResponse(f"not ready: {why_not}\n", 503)
        return PlainTextResponse("ready\n")

    async def _why_not(self) -> str | None:
        if self.stopping:
            return "stopping"
        if self.shared() is None:
            return "starting or stopping"
        if self._look is None or self._look.done():  # one look at a time: none is cut off, since a pool may lose by it
            self._look = asyncio.create_task(self._store())
        done, _ = await asyncio.wait({self._look}, timeout=PATIENCE_SECONDS)
        return self._look.result() if done else "the database does not answer"

    async def _store(self) -> str | None:
        try:
            applied = {row["version"] for row in await read(_APPLIED, APP)}
        except Unavailable:
            return "the database is away"
        except Exception:  # it answers, but has no such table
            return "this is not our database"
        return "migrations are missing" if self._files - applied else None

    async def _metrics(self, request: Request) -> Response:
        if not self._may_read(request.headers.get("authorization", "")):
            return PlainTextResponse(
                "Send the token of TIJORI_METRICS_TOKEN as a bearer.\n", 401, {"WWW-Authenticate": "Bearer"}
            )
        return Response(metrics.render(self.shared()), media_type=metrics.MEDIA_TYPE)

    def _may_read(self, given: str) -> bool:
        if self.metrics_token is None:
            return True
        scheme, _, token = given.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), self.metrics_token.encode())


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
