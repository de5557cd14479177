"""Secrets are said to nobody: a real server is told unmistakable ones in every place, and all that it says is read.

Read are its two outputs, its files, /metrics, the audit log, all tables, and every answer with its headers, but for the
one that hands a token out.
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
        said = [(text[:300], found) for text in ears.heard if (found := ears.found_in(text.decode(errors="replace")))]

    assert said == []
    events = {json.loads(line)["event"] for line in output.splitlines() if line.startswith("{")}
    assert {"internal error", "sign-in failed", "request", "socket"} <= events  # something was there to be read
    assert rows["audit_entries"].count("changePassword") == 1
    assert "argon2id" in rows["users"]
