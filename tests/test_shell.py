"""Every answer keeps a browser from doing harm, and no other site makes requests or opens sockets."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from starlette.requests import Request
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from resolvers.noting import REFUSED
from server.settings import Settings
from server.shell import API, HEADERS, Shell, ShelledApp
from tests.browser.running import answers
from tests.database import copy
from tests.programs import ROOT, free_port, inherited
from tests.rest import PROBLEM, validator
from tests.shelled import ALLOWED

ELSEWHERE = "https://elsewhere.example"
ASK = {"query": "{ __typename }"}
FILES = ("/assets", "/_nicegui", "/explorer", "/favicon")
SOCKETS = {
    "/graphql": "graphql-transport-ws",
    "/_nicegui_ws/socket.io/?EIO=4&transport=websocket": None,
}


@dataclass
class Program:
    url: str
    paths: list[str]
    http: httpx.AsyncClient
    errors: Path
    """What it writes to standard error."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    async def post(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.post(self.url + path, json=ASK, headers=headers)


@pytest_asyncio.fixture(scope="module")
async def program(
    database_server: Any, administrator: Any, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Program]:
    port, folder = free_port(), tmp_path_factory.mktemp("shelled")
    errors = folder / "errors"
    async with copy(database_server, administrator) as url, httpx.AsyncClient(trust_env=False) as http:
        arguments = ["-m", "tests.shelled", url, str(port), str(folder / "data")]
        with errors.open("wb") as written:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, cwd=ROOT, env=inherited(), stdout=asyncio.subprocess.PIPE, stderr=written
            )
        assert process.stdout is not None
        paths = json.loads(await process.stdout.readline())
        here = Program(f"http://localhost:{port}", paths, http, errors)
        try:
            await answers(f"{here.url}/readyz")
            yield here
        finally:
            process.terminate()
            await process.wait()


def policy(response: httpx.Response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.headers["content-security-policy"].split(";")]
    return {name: sources for name, _, sources in parts}


def check(response: httpx.Response) -> None:
    """One of each header, the strictest values wherever they are not a page's."""
    told = f"{response.request.method} {response.request.url.path} {response.status_code}"
    headers = response.headers
    for name, value in HEADERS:
        given = headers.get_list(name.decode())
        assert len(given) == 1, (told, name)
        if name != b"content-security-policy":
            assert given == [value.decode()], (told, name)
    assert headers.get_list("strict-transport-security") == ["max-age=31536000"], told
    csp = policy(response)
    assert csp["default-src"] in ("'none'", "'self'"), told
    assert csp["frame-ancestors"] == "'none'", told
    assert not any("*" in sources or "http" in sources for sources in csp.values()), told
    assert "server" not in headers, told
    assert "cache-control" in headers or "etag" in headers, told
    path = response.request.url.path
    if path.startswith(API) or not path.startswith(FILES):
        assert headers.get("cache-control") == "no-store", told


async def test_every_answer_of_every_path_has_the_headers(program: Program) -> None:
    assert {"/graphql", "/healthz", "/login", "/wallet"} <= set(program.paths)
    for path in program.paths:
        filled = re.sub(r"\{[^}]*\}", "x", path)
        for method in ("GET", "POST", "OPTIONS", "DELETE"):
            for accept in ("text/html", "application/json"):
                sent = await program.http.request(method, program.url + filled, headers={"Accept": accept})
                check(sent)
    check(await program.http.get(f"{program.url}/no/such/page"))
    check(await program.http.head(f"{program.url}/graphql"))


async def test_every_file_of_the_pages_has_the_headers(program: Program) -> None:
    for page in ("/login", "/graphql"):
        html = (await program.http.get(program.url + page, headers={"Accept": "text/html"})).text
        files = set(re.findall(r'(?:src|href)="(/[^"]+)"', html))
        assert len(files) > 2
        for file in files:
            response = await program.http.get(program.url + file)
            assert response.status_code == 200, file
            check(response)


async def test_no_page_of_the_api_takes_scripts_that_stand_in_it(program: Program) -> None:
    response = await program.http.get(f"{program.url}/graphql", headers={"Accept": "text/html"})
    csp = policy(response)
    assert (csp["default-src"], csp["script-src"], csp["connect-src"]) == ("'none'", "'self'", "'self'")
    assert (csp["base-uri"], csp["form-action"], csp["frame-ancestors"]) == ("'none'",) * 3


async def test_an_answer_to_a_mistake_of_ours_has_them_too() -> None:
    async def broken(_: Request) -> None:
        raise KeyError("password=hunter2")

    app = ShelledApp(Shell(https_only=True), routes=[Route("/", broken)])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        response = await client.get("/")
        assert (response.status_code, "hunter2" in response.text) == (500, False)
        check(response)


async def test_without_https_nobody_is_held_to_it() -> None:
    app = ShelledApp(Shell())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        assert "strict-transport-security" not in (await client.get("/")).headers


FOREIGN = [
    ELSEWHERE,
    "null",
    "https://app.example.elsewhere.example",
    "https://app.example:8443",
    "http://app.example",
    "https://notapp.example",
    "http://localhost",
    "http://localhost:1",
    "file://",
    "",
    "x" * 5000,
    "https://[",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_what_another_site_sends_is_refused_wherever_it_goes(program: Program, origin: str) -> None:
    for path in ("/graphql", "/api/core/wallet/wallets", "/explorer/files", "/login", "/logout"):
        response = await program.post(path, Origin=origin)
        assert response.status_code == 403, path
        assert "access-control-allow-origin" not in response.headers
        check(response)
    preflight = await program.http.options(
        f"{program.url}/graphql", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert (preflight.status_code, "access-control-allow-origin" in preflight.headers) == (403, False)


async def test_the_refusal_says_how_to_be_allowed_in_the_form_that_the_path_answers(program: Program) -> None:
    (error,) = (await program.post("/graphql", Origin=ELSEWHERE)).json()["errors"]
    response = await program.post("/api/core/wallet/create", Origin=ELSEWHERE)
    problem = response.json()
    assert response.headers["content-type"] == PROBLEM
    assert error["extensions"] == {"code": "FORBIDDEN"}
    assert [fault.message for fault in validator("Problem").iter_errors(problem)] == []
    assert (problem["status"], problem["code"], problem["detail"]) == (403, "FORBIDDEN", error["message"])
    assert "TIJORI_ALLOWED_ORIGINS" in error["message"]


async def test_what_another_site_sends_counts_as_refused() -> None:
    app, before = ShelledApp(Shell()), REFUSED["FORBIDDEN"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        for path in ("/graphql", "/api/core/wallet/wallets", "/login"):
            await client.post(path, headers={"Origin": ELSEWHERE})
    assert REFUSED["FORBIDDEN"] == before + 3


async def test_our_own_pages_and_programs_pass(program: Program) -> None:
    port = urlsplit(program.url).port
    for headers in (
        {},
        {"Origin": program.url},
        {"Origin": f"https://{program.host}"},
        {"Origin": "https://tijori.example", "Host": "tijori.example"},
        {"Origin": "https://tijori.example", "Host": "tijori.example:443"},
        {"Origin": "http://tijori.example:80", "Host": "Tijori.Example"},
        {"Origin": f"http://[::1]:{port}", "Host": f"[::1]:{port}"},
        {"Origin": "https://proxied.example", "Sec-Fetch-Site": "same-origin"},
    ):
        response = await program.post("/graphql", **headers)
        assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}}), headers
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", [ALLOWED, "http://localhost:5173"])
async def test_scripts_of_an_allowed_site_ask_and_read_answers(program: Program, origin: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = await program.http.options(f"{program.url}/graphql", headers={"Origin": origin, **asked})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == origin
    assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(
        preflight.headers["access-control-allow-headers"].split(", ")
    )
    response = await program.post("/graphql", Origin=origin)
    assert response.json() == {"data": {"__typename": "Query"}}
    assert response.headers["access-control-allow-origin"] == origin
    assert "Origin" in response.headers["vary"]
    assert "access-control-allow-credentials" not in {**preflight.headers, **response.headers}
    check(response)


async def test_pages_are_read_by_no_other_site_even_an_allowed_one(program: Program) -> None:
    response = await program.http.get(f"{program.url}/login", headers={"Origin": ALLOWED})
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("path", SOCKETS)
async def test_sockets_are_opened_from_our_own_pages_from_allowed_ones_and_by_programs(
    program: Program, path: str
) -> None:
    async def opens(origin: str | None) -> int:
        protocols: Any = [SOCKETS[path]] if SOCKETS[path] else None
        address = program.url.replace("http", "ws", 1) + path
        given: Any = origin
        try:
            async with connect(address, origin=given, subprotocols=protocols, proxy=None):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    assert [await opens(origin) for origin in (None, program.url, ALLOWED)] == [101] * 3
    assert [await opens(origin) for origin in FOREIGN[:-3]] == [403] * len(FOREIGN[:-3])


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", set()),
        ("https://App.Example:443", {"https://app.example"}),
        ("https://a.example, http://b.example:8080", {"https://a.example", "http://b.example:8080"}),
    ],
)
def test_the_setting_names_origins_as_browsers_do(text: str, origins: set[str], tmp_path: Path) -> None:
    shell = Shell.of(Settings(allowed_origins=text, data_dir=tmp_path, development=True))
    assert (set(shell.allowed_origins), shell.development, shell.https_only) == (origins, True, False)
