"""The whole API on a real socket over a database of its own and a simulated clock, and its clients."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import orjson
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from domain import access
from domain.access import Role
from resolvers.context import Shared
from server.app import Api as ServedApi
from server.app import build
from server.listening import listen, server_config
from server.opened import opened
from server.shell import Shell
from services.clock import Clock
from services.people import create_user
from services.people_input import NewUser

SECRET = "a secret of the tests, thirty-two letters or more"
ORDINARY = Shell()
PHONE, PASSWORD = "+919876500000", "correct horse battery"

SIGN_IN = """
mutation ($phone: String!, $password: String!) {
  signIn(phone: $phone, password: $password) { ... on SignedIn { token } ... on NotPossible { message } }
}
"""


NEW_TOKEN = """
mutation ($permissions: [String!]!) {
  createApiToken(input: {name: "tests", permissions: $permissions}) { ... on ApiTokenPayload { token } }
}
"""


@dataclass
class Client:
    """Asks over HTTP as whom its token names."""

    http: httpx.AsyncClient
    url: str
    token: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        sent = json.dumps({"query": query, "variables": variables})  # in ASCII: a lone surrogate goes out as it is
        headers = {"Content-Type": "application/json", **self.headers}
        response = await self.http.post(self.url, content=sent, headers=headers)
        answer: dict[str, Any] = response.json()
        return answer

    async def get(self, query: str, **variables: Any) -> Any:
        """The one root field's value."""
        answer = await self.ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        (value,) = answer["data"].values()
        return value

    async def code(self, query: str, **variables: Any) -> str:
        """The code of the one error."""
        answer = await self.ask(query, **variables)
        (error,) = answer["errors"]
        code: str = error["extensions"]["code"]
        return code

    async def sign_in(self, phone: str, password: str) -> "Client":
        signed = await self.get(SIGN_IN, phone=phone, password=password)
        return Client(self.http, self.url, signed["token"])


@dataclass
class Stream:
    """One subscription on a socket of its own."""

    socket: ClientConnection

    async def next(self) -> Any:
        """The next payload; an error message's, where the stream ends with one."""
        message = await self.message()
        return message.get("payload", message["type"])

    async def errors(self) -> Any:
        """Those that the stream ends with, as an error message or in a last payload."""
        payload = await self.next()
        return payload["errors"] if isinstance(payload, dict) else payload

    async def message(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            message: dict[str, Any] = orjson.loads(await self.socket.recv())
            return message


@dataclass
class Api:
    """A running server: its clock, its inside, and an administrator."""

    url: str
    clock: Clock
    shared: Shared
    http: httpx.AsyncClient
    served: ServedApi
    signed_in: Client = field(init=False)
    """An administrator's session, which ends seven days later by the simulated clock."""
    admin: Client = field(init=False)
    """A token of that administrator's with all permissions, which does not end."""

    def at(self, instant: str) -> None:
        self.clock.set(datetime.fromisoformat(instant))

    def uuid(self, text: str) -> UUID:
        """Of an id with one in it."""
        return UUID(hex=text.partition("_")[2])

    @property
    def nobody(self) -> Client:
        return Client(self.http, self.url)

    @asynccontextmanager
    async def subscribe(self, client: Client, query: str, **variables: Any) -> AsyncIterator[Stream]:
        address = self.url.replace("http", "ws", 1)
        async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as ws:  # type: ignore[list-item]
            await ws.send(orjson.dumps({"type": "connection_init", "payload": client.headers}).decode())
            assert orjson.loads(await ws.recv())["type"] == "connection_ack"
            payload = {"query": query, "variables": variables}
            await ws.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
            yield Stream(ws)


@asynccontextmanager
async def api(
    database_url: str,
    start: str = "2025-02-01T00:00:00+00:00",
    shell: Shell = ORDINARY,
    *,
    limit_sign_ins: bool = True,
) -> AsyncIterator[Api]:
    """Served until the block ends."""
    clock = Clock(datetime.fromisoformat(start))
    app, routes = build(opened(database_url, SECRET, clock, limit_sign_ins=limit_sign_ins), shell)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(server_config(app))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # Reading the certificates, which plain HTTP does not look at, would take as long as most of these tests.
    async with httpx.AsyncClient(verify=False, timeout=30, trust_env=False) as http:
        while (await http.get(f"{url}/readyz")).status_code != 200:
            pass
        assert routes.shared is not None
        here = Api(f"{url}/graphql", clock, routes.shared, http, routes)
        new = NewUser(PHONE, "Administrator", PASSWORD, role=Role.SUPER_ADMIN)
        await create_user(routes.shared.core, access.SYSTEM, new)
        here.signed_in = await here.nobody.sign_in(PHONE, PASSWORD)
        all_of_them = sorted(access.PERMISSIONS[Role.SUPER_ADMIN])
        token = await here.signed_in.get(NEW_TOKEN, permissions=all_of_them)
        here.admin = Client(http, here.url, token["token"])
        yield here
    server.should_exit = True
    await serving
