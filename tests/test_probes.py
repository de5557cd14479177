"""/healthz and /readyz: a process that lives says so, and one that is ready says so only while it is."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import asyncpg
import httpx
import pytest

from server.app import build
from server.listening import listen, server_config
from server.migrate import ADVISORY_LOCK
from server.opened import opened
from server.probes import Probes
from server.run import StoppingServer
from server.starting import answering
from services.clock import Clock
from tests import proxy
from tests.api import SECRET, Api, api
from tests.programs import free_port, until
from tests.test_serve import serve

Store = asyncpg.Connection
IN_TIME_SECONDS = 5
"""What is waited for the database, 1.5 s, and then some for a machine that others use."""
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


async def probe(here: Api, path: str) -> tuple[int, str]:
    answer = await here.http.get(here.url.replace("/graphql", path))
    return answer.status_code, answer.text


async def test_a_server_whose_store_answers_is_ready(database_url: str) -> None:
    async with api(database_url) as here:
        assert await probe(here, "/readyz") == (200, "ready\n")
        assert await probe(here, "/healthz") == (200, "ok\n")


async def test_while_its_database_is_away_it_lives_and_is_not_ready(database_url: str, store: "Store") -> None:
    async with proxy.between(database_url) as (url, way), api(url) as here:
        way.refusing = True
        await store.execute(f"SELECT pg_terminate_backend(pid) FROM ({BACKENDS}) AS others")
        assert await probe(here, "/readyz") == (503, "not ready: the database is away\n")
        assert await probe(here, "/healthz") == (200, "ok\n")
        assert (await probe(here, "/metrics"))[0] == 200
        way.refusing = False
        async with asyncio.timeout(20):
            while await probe(here, "/readyz") != (200, "ready\n"):
                pass


async def test_a_database_that_hangs_is_not_waited_for(database_url: str, store: "Store") -> None:
    async with api(database_url) as here:
        backends = [row["pid"] for row in await store.fetch(BACKENDS)]
        for pid in backends:
            os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            answers = await asyncio.gather(*(probe(here, "/readyz") for _ in range(5)))
            assert time.monotonic() - began < IN_TIME_SECONDS
            assert set(answers) == {(503, "not ready: the database does not answer\n")}
        finally:
            for pid in backends:
                os.kill(pid, signal.SIGCONT)
        async with asyncio.timeout(20):
            while await probe(here, "/readyz") != (200, "ready\n"):
                pass


async def test_a_store_that_lacks_migrations_is_not_ready_for_this_program(database_url: str, store: "Store") -> None:
    async with api(database_url) as here:
        await store.execute("DELETE FROM aerich WHERE version = (SELECT max(version) FROM aerich)")
        assert await probe(here, "/readyz") == (503, "not ready: migrations are missing\n")
        await store.execute("DROP TABLE aerich")
        assert await probe(here, "/readyz") == (503, "not ready: this is not our database\n")


@asynccontextmanager
async def stoppable(url: str, delay_seconds: int) -> AsyncIterator[tuple[str, StoppingServer, "asyncio.Task[None]"]]:
    app, served = build(opened(url, SECRET, Clock()))
    listening = listen("127.0.0.1", 0)
    server = StoppingServer(server_config(app), served.probes, delay_seconds)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", server, serving
    finally:
        server.should_exit, server.delay_seconds = True, 0
        await serving


async def test_before_it_stops_it_says_so_and_serves_on_for_as_long_as_it_was_told(database_url: str) -> None:
    async with stoppable(database_url, 60) as (address, server, serving), httpx.AsyncClient() as http:
        while (await http.get(f"{address}/readyz")).status_code != 200:
            pass
        server.should_exit = True
        while (last := await http.get(f"{address}/readyz")).status_code == 200:
            pass
        assert (last.status_code, last.text) == (503, "not ready: stopping\n")
        async with httpx.AsyncClient() as new:
            asked = await new.post(f"{address}/graphql", json={"query": "{ viewer { id } }"})
            assert asked.json() == {"data": {"viewer": None}}
        assert not serving.done()
        server.delay_seconds = 0
        async with asyncio.timeout(10):
            await serving
        with pytest.raises(httpx.TransportError):
            await http.get(f"{address}/healthz")


async def test_metrics_may_be_for_whoever_has_the_token(database_url: str) -> None:
    async with api(database_url) as here:
        here.served.probes.metrics_token = "a token of Prometheus's"
        address = here.url.replace("/graphql", "/metrics")
        for wrong in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic a token of Prometheus's"}):
            refused = await here.http.get(address, headers=wrong)
            assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert "tijori_requests" not in refused.text
        right = await here.http.get(address, headers={"Authorization": "bearer a token of Prometheus's"})
        assert (right.status_code, "tijori_requests_total" in right.text) == (200, True)


def test_without_an_open_store_it_is_not_ready() -> None:
    assert asyncio.run(Probes(lambda: None)._why_not()) == "starting or stopping"


def test_who_asks_while_it_starts_is_told_so_and_who_is_slow_keeps_nobody() -> None:
    listening = listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with listening, answering(listening), httpx.Client(timeout=10) as http:
        slow = socket.create_connection(listening.getsockname())
        for _ in range(2):
            assert http.get(f"{address}/healthz").text == "ok\n"
            starting = http.get(f"{address}/readyz")
            assert (starting.status_code, starting.text) == (503, "not ready: starting\n")
            asked = http.post(f"{address}/graphql", content=b"x" * 1_000_000)
            assert (asked.status_code, asked.headers["Retry-After"]) == (503, "1")
            assert asked.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
            assert http.post(f"{address}/api/v1/usage").json()["code"] == "UNAVAILABLE"
        slow.close()


async def test_it_lives_and_is_not_ready_while_another_process_migrates_and_writes_no_lines_where_told_so(
    tmp_path: Path, database_url: str, store: "Store"
) -> None:
    port = free_port()
    await store.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
    settings = {"DATABASE_URL": database_url, "TIJORI_SECRET": SECRET, "TIJORI_LOG_REQUESTS": "false"}
    process = serve(tmp_path / "data", port, **settings)
    try:
        await asyncio.to_thread(until, lambda: answered(port, "/healthz") == 200)
        assert answered(port, "/readyz") == 503
        await store.execute("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)
        await asyncio.to_thread(until, lambda: answered(port, "/readyz") == 200)
        assert answered(port, "/nowhere") == 404
    finally:
        process.kill()
        _, errors = process.communicate()
    assert [json.loads(line)["event"] for line in errors.splitlines()] == ["started"]


def answered(port: int, path: str) -> int | None:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            status: int = answer.status
            return status
    except HTTPError as answer:
        with answer:
            return answer.code
    except OSError:
        return None
