"""Several `tijori serve` on one database: one may be killed and begun again while the others go on."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.programs import ROOT, free_port
from tests.test_serve import SECRET

START_SECONDS = 120


@dataclass
class Fleet:
    """Servers by number. Each has a port of its own, which it keeps."""

    url: str
    place: Path
    http: httpx.AsyncClient
    ports: list[int]
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def address(self, number: int) -> str:
        return f"http://127.0.0.1:{self.ports[number]}"

    def begin(self, number: int) -> None:
        own = {"DATABASE_URL": self.url, "TIJORI_SECRET": SECRET, "TIJORI_PORT": str(self.ports[number])}
        settings = {"PATH": os.environ["PATH"], "TIJORI_DATA_DIR": str(self.place / f"data-{number}"), **own}
        command = [sys.executable, str(ROOT / "manage.py"), "serve"]
        with (self.place / f"server-{number}.log").open("ab") as log:
            self.running[number] = subprocess.Popen(
                command, cwd=ROOT, env=settings, start_new_session=True, stdout=log, stderr=log
            )

    async def ready(self, number: int) -> None:
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers(number):
                assert self.running[number].poll() is None, (self.place / f"server-{number}.log").read_text()
                await asyncio.sleep(0.05)

    def kill(self, number: int) -> None:
        process = self.running.pop(number)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(START_SECONDS)
        self.running.clear()

    async def _answers(self, number: int) -> bool:
        try:
            return (await self.http.get(f"{self.address(number)}/readyz")).status_code == 200
        except httpx.TransportError:
            return False


@asynccontextmanager
async def fleet(number: int, url: str, place: Path) -> AsyncIterator[Fleet]:
    """So many, begun at once and ready."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as http:
        servers = Fleet(url, place, http, [free_port() for _ in range(number)])
        try:
            for one in range(number):
                servers.begin(one)
            await asyncio.gather(*map(servers.ready, range(number)))
            yield servers
        finally:
            for one in list(servers.running):
                servers.kill(one)
