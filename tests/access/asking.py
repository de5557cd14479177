"""One cell of the table: the document is asked about a side by an asker, and what is answered gets a word."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from resolvers.root import schema
from tests.access.cast import Cast, fresh
from tests.access.table import PLACEHOLDER, Row
from tests.access.things import NAMES
from tests.access.wire import Wire
from tests.api import Client

SEES = {
    "loner": {"loner's", "own"},
    **{asker: {"ours", "own"} for asker in ("member", "manager", "reader", "agent")},
}
"""Whose things those know of who do not see all."""
MOST = 100
_PARTS = re.compile(r"[0-9a-f]{32}|\+[0-9]{8,15}")
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Told:
    """The word for an answer; its bytes, less what was sent; whose things it names beside those that were sent."""

    word: str
    said: bytes
    named: frozenset[str]


@dataclass
class Asking:
    """Over HTTP, and one socket for each asker."""

    cast: Cast
    wire: Wire
    closing: AsyncExitStack
    sockets: dict[str, ClientConnection] = field(default_factory=dict)
    turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    number: int = 0

    async def ask(self, row: Row, asker: str, side: str, *, dry: bool = True) -> Told:
        """As the row says. `dry` False: the same, and it would be done."""
        client = await fresh(self.cast, asker) if row.ends_asker else self.cast.clients[asker]
        document, sent = self.filled(row, asker, side, self.cast.sessions.get(client.token))
        if not dry:
            document = document.replace("dryRun: true", "dryRun: false")
        kind = kind_of(document)
        if kind == "subscription":
            raw, answer = await self.stream(asker, f"subscription {{ {document} }}")
        else:
            raw, answer = await self.post(client, f"{kind} {{ {document} }}")
        stripped = raw
        for text in sent:
            stripped = stripped.replace(text.encode(), b"<>")
        return Told(self.word(row, asker, answer, kind), stripped, frozenset(self.whose(stripped.decode(), asker)))

    def filled(self, row: Row, asker: str, side: str, current: str | None) -> tuple[str, list[str]]:
        """The document, and what was filled in."""
        sent: list[str] = []

        def fill(match: re.Match[str]) -> str:
            of_person, of_ours, word = match.groups()
            if word == "self":
                text = self.cast.selves.get(asker) or self.cast.things["missing"]["user"]
            elif word == "current":
                text = current or self.cast.things["missing"]["session"]
            else:
                text = self.cast.things[("own" if of_ours else side) + (" person" if of_person else "")][word]
            sent.append(text)
            return f'"{text}"'

        document = PLACEHOLDER.sub(fill, row.document)
        return document, sorted(sent, key=len, reverse=True)

    async def post(self, client: Client, query: str) -> tuple[bytes, Any]:
        """All that was said, and what it means."""
        heard = await self.wire.send("POST", "/graphql", client.headers, orjson.dumps({"query": query}))
        return heard.body + b"\n" + heard.head, orjson.loads(heard.body)

    async def stream(self, asker: str, query: str) -> tuple[bytes, Any]:
        """Up to the first thing shown, or to its end."""
        async with self.turns.setdefault(asker, asyncio.Lock()):
            if asker not in self.sockets:
                opening = _initialised(self.cast.here.url.replace("http", "ws", 1), self.cast.clients[asker].headers)
                self.sockets[asker] = await self.closing.enter_async_context(opening)
            socket, self.number = self.sockets[asker], self.number + 1
            name = f"s{self.number}"
            await socket.send(orjson.dumps({"id": name, "type": "subscribe", "payload": {"query": query}}).decode())
            frames: list[dict[str, Any]] = []
            async for frame in _of(socket, name):
                frames.append(frame)
                if frame["type"] == "next" and not frame["payload"].get("errors"):
                    await socket.send(orjson.dumps({"id": name, "type": "complete"}).decode())
                    break
        first = frames[0]["payload"]
        return orjson.dumps(frames), {"errors": first} if isinstance(first, list) else first

    def word(self, row: Row, asker: str, answer: Any, kind: str) -> str:
        """What came of it."""
        if answer.get("errors"):
            return "+".join(sorted({error["extensions"]["code"] for error in answer["errors"]}))
        value = first_named(answer["data"], row.field)
        if kind == "mutation" and row.name.startswith("Mutation."):
            return _done(value)
        if value is None:
            return "null"
        if isinstance(value, dict) and "edges" in value:
            if value.get("totalCount", len(value["edges"])) != len(value["edges"]) != MOST:
                return "miscounted"
            value = value["edges"]
        if value == []:
            return "empty"
        return self._holders(value, asker)

    def _holders(self, value: Any, asker: str) -> str:
        own = self.cast.selves.get(asker)
        top = value if isinstance(value, list) else [value]
        if own and all(isinstance(one, dict) and one.get("node", one).get("id") == own for one in top):
            return "self"
        held = self.whose(orjson.dumps(value).decode(), asker)
        return "all" if {"ours", "theirs"} <= held else "+".join(sorted(held)) or "seen"

    def whose(self, text: str, asker: str) -> set[str]:
        """Whose ids, phones and names are in it."""
        holders = {self.cast.holders[part] for part in set(_PARTS.findall(text)) if part in self.cast.holders}
        holders |= {holder for name, holder in NAMES.items() if name in text}
        return {"own" if holder == f"@{asker}" else holder for holder in holders}


def kind_of(document: str) -> str:
    """By its first field."""
    match = _FIRST_WORD.match(document)
    assert match, document
    for root in (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type):
        if root and match[0] in root.fields:
            return root.name.lower()
    raise ValueError(f"no root has the field {match[0]}")


def first_named(tree: Any, name: str) -> Any:
    """The value of the first field with that name, from the top down; None where there is none."""
    level = [tree]
    while level:
        for one in level:
            if isinstance(one, dict) and name in one:
                return one[name]
        level = [inner for one in level for inner in _inside(one)]
    return None


def _inside(one: Any) -> Iterator[Any]:
    return iter(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())


def _done(value: Any) -> str:
    if isinstance(value, dict):
        name: str = value["__typename"]
        return "done" if name.endswith("Payload") or name == "SignedIn" else name
    return "done" if value is True else repr(value)


async def _of(socket: ClientConnection, name: str) -> AsyncIterator[dict[str, Any]]:
    """The frames of one subscription, without its name, up to its end."""
    while True:
        async with asyncio.timeout(20):
            try:
                frame: dict[str, Any] = orjson.loads(await socket.recv())
            except ConnectionClosed as closed:
                frame = {"type": "closed", "payload": [{"extensions": {"code": f"closed {closed.code}"}}], "id": name}
        if frame.pop("id", None) == name:
            yield frame
            if frame["type"] != "next":
                return


@asynccontextmanager
async def _initialised(url: str, headers: dict[str, str]) -> AsyncIterator[ClientConnection]:
    """A socket that has named its asker."""
    async with connect(url, subprotocols=["graphql-transport-ws"], proxy=None) as socket:  # type: ignore[list-item]
        await socket.send(orjson.dumps({"type": "connection_init", "payload": headers}).decode())
        assert orjson.loads(await socket.recv())["type"] == "connection_ack"
        yield socket
