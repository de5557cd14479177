"""Secrets are said to nobody: a real server is told unmistakable ones in every place, and all that it says is read.

Read are its two outputs, its files, /metrics, `tijori settings`, all tables, and every answer with its headers; of the
ones that hand a token out all but the token.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests import proxy
from tests.api import NEW_TOKEN, SIGN_IN
from tests.programs import ROOT, free_port, inherited, tijori, until
from tests.test_probes import BACKENDS, answered

PHONE, OTHERS_PHONE = "+919876500000", "+919876500001"
BEARER, OUTPUT, PROTOCOL = "Authorization", "output", "graphql-transport-ws"
CREATE = """mutation ($phone: String!, $password: String!) {
  createUser(input: {phone: $phone, name: "Ravi", password: $password}) { __typename }
}"""
USER = "mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename } }"
CHANGE = "mutation ($old: String!, $new: String!) { changePassword(old: $old, new: $new) { __typename } }"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def canary(name: str) -> str:
    return f"canary{name}QxZ7vKp2Lw9sTn4Rb6YdHm3Fj"


@dataclass
class Ears:
    """Asks the server, and keeps all that it answers."""

    http: httpx.AsyncClient
    url: str
    heard: list[bytes] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def secret(self, name: str) -> str:
        self.secrets.append(canary(name))
        return self.secrets[-1]

    async def send(self, method: str, path: str, **named: Any) -> httpx.Response:
        response = await self.http.request(method, f"{self.url}{path}", **named)
        self.heard.append(b"\n".join([response.content, *(part for pair in response.headers.raw for part in pair)]))
        return response

    async def ask(self, query: str, token: str | None = None, **variables: Any) -> Any:
        headers = {BEARER: f"Bearer {token}"} if token else {}
        asked = {"query": query, "variables": variables}
        return (await self.send("POST", "/graphql", json=asked, headers=headers)).json()

    async def token_of(self, query: str, token: str | None = None, **variables: Any) -> str:
        """From the one answer in which it may stand."""
        (payload,) = (await self.ask(query, token, **variables))["data"].values()
        given: str = payload["token"]
        self.heard[-1] = self.heard[-1].replace(given.encode(), b"")
        self.secrets.append(given)
        return given

    async def tell(self, *messages: object) -> None:
        """Over a websocket, until it is closed or the last has been answered."""
        named: Any = [PROTOCOL]
        async with connect(f"ws{self.url[4:]}/graphql", subprotocols=named, proxy=None) as socket:
            try:
                for message in messages:
                    await socket.send(message if isinstance(message, str) else orjson.dumps(message).decode())
                    answer = await asyncio.wait_for(socket.recv(), 20)
                    self.heard.append(answer if isinstance(answer, bytes) else answer.encode())
            except ConnectionClosed as closed:
                self.heard.append(str(closed).encode())

    def found_in(self, text: str) -> list[str]:
        """The first letters of the secrets that are said."""
        return [secret[:14] for secret in self.secrets if secret in text or quote(secret) in text]


@asynccontextmanager
async def listening(database_url: str, place: Path) -> AsyncIterator[tuple[Ears, dict[str, str]]]:
    """A server with secrets for settings."""
    port = free_port()
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        ears = Ears(http, f"http://127.0.0.1:{port}")
        parts = urlsplit(database_url)
        netloc = f"{parts.username}:{ears.secret('Database')}@{parts.netloc.partition('@')[2]}"
        settings = {
            "DATABASE_URL": parts._replace(netloc=netloc).geturl(),
            "TIJORI_SECRET": ears.secret("Secret") * 2,
            "TIJORI_ADMIN_PHONE": PHONE,
            "TIJORI_ADMIN_PASSWORD": ears.secret("Admin"),
            "TIJORI_METRICS_TOKEN": ears.secret("Metrics"),
        }
        command = [sys.executable, str(ROOT / "manage.py"), "serve"]
        environ = {**inherited(), **settings, "TIJORI_DATA_DIR": str(place / "data"), "TIJORI_PORT": str(port)}
        with (place / OUTPUT).open("wb") as output:  # a pipe that nobody reads would hold the server up
            process = await asyncio.to_thread(
                subprocess.Popen, command, cwd=ROOT, env=environ, stdout=output, stderr=output
            )
        try:
            await asyncio.to_thread(until, lambda: answered(port, "/readyz") == 200)
            yield ears, settings
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 60)


async def sign_in_rightly_and_wrongly(ears: Ears, admin_password: str) -> list[str]:
    """The sessions' and the token's secrets."""
    admin = await ears.token_of(SIGN_IN, phone=PHONE, password=admin_password)
    users, changed, wrong = ears.secret("User"), ears.secret("Changed"), ears.secret("Wrong")
    assert "errors" not in await ears.ask(CREATE, admin, phone=OTHERS_PHONE, password=users)
    user = await ears.token_of(SIGN_IN, phone=OTHERS_PHONE, password=users)
    assert "errors" not in await ears.ask(CHANGE, user, old=users, new=changed)
    token = await ears.token_of(NEW_TOKEN, admin, permissions=["wallet:read"])
    for phone in (PHONE, OTHERS_PHONE, wrong, "+919876511111"):
        await ears.ask(SIGN_IN, phone=phone, password=wrong)
    await ears.ask(CHANGE, user, old=wrong, new=wrong)
    await ears.send("POST", "/login", data={"phone": PHONE, "password": wrong})
    return [admin, user, token]


def malformed(secret: str) -> list[str]:
    """Bodies of which each is wrong in its own way."""
    variables = [
        {"phone": [secret], "password": secret},
        {"phone": PHONE, "password": {"was": secret}},
        {"phone": PHONE, "password": [secret]},
    ]
    inputs: list[object] = [
        {"name": "Ravi", "password": secret},
        {"password": secret, "nonsense": 1},
        {"phone": PHONE, "name": {"password": secret}, "password": secret},
        [secret],
    ]
    queries = [
        f'mutation {{ signIn(phone: "1", password "{secret}") {{ __typename }} }}',
        f'mutation {{ signIn(phone: {{a: "{secret}"}}, password: "") {{ __typename }} }}',
        f'{{ user(phone: "{secret}") {{ id }} }} "{secret}"',
        f'mutation {{ createUser(input: {{password: "{secret}"}}) {{ __typename }} }}',
    ]
    viewer = {"query": "{ viewer { id } }"}
    return [
        f'{{"query": "{secret}',
        *(json.dumps({"query": SIGN_IN, "variables": some}) for some in variables),
        *(json.dumps({"query": USER, "variables": {"input": some}}) for some in inputs),
        *(json.dumps({"query": query}) for query in queries),
        *(json.dumps(viewer | more) for more in ({"variables": secret}, {"extensions": secret}, {"password": secret})),
    ]


async def send_nonsense(ears: Ears, tokens: list[str]) -> None:
    """Secrets where they do not belong: most are refused, some before anybody looks who asks."""
    stray = ears.secret("Stray")
    for secret in (stray, f"tjs_{stray}", tokens[0]):
        for body in malformed(secret):
            await ears.send("POST", "/graphql", content=body, headers={"content-type": "application/json"})
        for scheme in ("Bearer", "bearer  ", "Basic", "Token"):
            headers = {BEARER: f"{scheme} {secret}", "Cookie": f"tijori={secret}", "X-Request-Id": f"{secret} {secret}"}
            await ears.send("POST", "/graphql", json={"query": "{ viewer { id } }"}, headers=headers)
            await ears.send("GET", "/metrics", headers=headers)
            await ears.send("GET", "/api/v1/tenant/wallet/balance", headers=headers)
        await ears.send("GET", f"/graphql?token={secret}", headers={"Accept": "text/html"})
        await ears.send("POST", f"/graphql?token={secret}", content=secret, headers={"Content-Type": secret})
        await ears.send("GET", f"/wallets?token={secret}")
        sent = {"phone": OTHERS_PHONE, "password": {"was": secret}}
        await ears.send("POST", "/api/core/user/user/create", json=sent, headers={BEARER: f"Bearer {tokens[0]}"})
        await ears.tell({"type": "connection_init", "payload": {BEARER: f"Bearer {secret}"}})
        await ears.tell({"type": "connection_init", "payload": secret})
        await ears.tell(f'{{"type": "{secret}')
        await ears.tell({"type": secret})


async def break_it(ears: Ears, admin: str, store: "asyncpg.Connection", way: proxy.Proxy) -> None:
    """Mistakes of ours, with secrets at hand; then the database is gone."""
    for table in ("users", "api_tokens", "sign_in_attempts", "audit_entries"):
        await store.execute(f"ALTER TABLE {table} RENAME TO gone")
        stranger = f"tjs_{ears.secret(table):x<43}"  # of the form of ours, so it is looked up
        for token in (admin, stranger):  # who the first one is may be remembered
            await ears.ask("{ viewer { id } }", token)
            await ears.send("GET", "/api/v1/tenant/wallet/balance", headers={BEARER: f"Bearer {token}"})
        await ears.ask(SIGN_IN, phone=PHONE, password=canary("Admin"))
        await ears.ask(NEW_TOKEN, admin, permissions=["wallet:read"])
        await ears.tell({"type": "connection_init", "payload": {BEARER: f"Bearer {stranger}"}})
        await store.execute(f"ALTER TABLE gone RENAME TO {table}")
    way.refusing = True
    await store.execute(f"SELECT pg_terminate_backend(pid) FROM ({BACKENDS}) AS others")
    answer = await ears.ask(SIGN_IN, phone=PHONE, password=canary("Admin"))
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    way.refusing = False


async def rows_of(store: "asyncpg.Connection") -> dict[str, str]:
    """Each table as text."""
    names = [name for (name,) in await store.fetch(TABLES)]
    return {name: str(await store.fetchval(f"SELECT json_agg(t)::text FROM {name} t")) for name in names}


@pytest.mark.proof
async def test_no_secret_is_ever_said(tmp_path: Path, database_url: str, store: "asyncpg.Connection") -> None:
    async with (
        proxy.between(database_url) as (url, way),
        listening(url, tmp_path) as (ears, settings),
    ):
        tokens = await sign_in_rightly_and_wrongly(ears, settings["TIJORI_ADMIN_PASSWORD"])
        await send_nonsense(ears, tokens)
        await break_it(ears, tokens[0], store, way)
        metrics = await ears.send("GET", "/metrics", headers={BEARER: f"Bearer {settings['TIJORI_METRICS_TOKEN']}"})
        shown = await asyncio.to_thread(tijori, "settings", **settings)
        rows = await rows_of(store)
    output = (tmp_path / OUTPUT).read_text()
    files = {str(path): path.read_text(errors="replace") for path in (tmp_path / "data").rglob("*") if path.is_file()}

    told = {"output": output, "settings": shown.stdout + shown.stderr, "metrics": metrics.text, **rows, **files}
    assert {place: found for place, text in told.items() if (found := ears.found_in(text))} == {}
    answers = [text.decode(errors="replace") for text in ears.heard]
    assert [(text[:300], found) for text in answers if (found := ears.found_in(text))] == []

    events = {json.loads(line)["event"] for line in output.splitlines() if line.startswith("{")}
    assert {"internal error", "sign-in failed", "request", "socket"} <= events  # something was there to be read
    assert rows["audit_entries"].count("changePassword") == 1
    assert "argon2id" in rows["users"]
    assert "tijori_requests_total" in metrics.text
