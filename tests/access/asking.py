"""One cell of the table: a document or a route is asked about a side by an asker."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from resolvers.root import schema
from tests.access.cast import Cast, fresh
from tests.access.table import PLACEHOLDER, Row
from tests.access.wire import Wire
from tests.access.words import Words
from tests.api import Client

SEES = {
    "loner": {"loner's", "own"},
    **{asker: {"ours", "own"} for asker in ("member", "manager", "reader", "agent")},
}
"""Whose things those know of who do not see all."""
TEXTS = ("phone", "person.phone", "external", "key", "event", "search")
"""What goes as a String; all else is an ID."""
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
    number: int = 0

    @cached_property
    def words(self) -> Words:
        return Words(self.cast)

    async def ask(self, row: Row, asker: str, side: str, *, dry: bool = True) -> Told:
        """As the row says. `dry` False: the same, and it would be done."""
        client = await fresh(self.cast, asker) if row.ends_asker else self.cast.clients[asker]
        sent: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            sent[match[0]] = self._thing(match, asker, side, self.cast.sessions.get(client.token))
            return match[0]

        PLACEHOLDER.sub(name, row.document)
        document = row.document if dry else row.document.replace("dryRun: true", "dryRun: false")
        if row.of_route:
            raw, word = await self._ask_route(row, asker, client, sent, dry=dry)
        else:
            raw, word = await self._ask_graphql(row, asker, client, document, sent)
        for text in sorted(sent.values(), key=len, reverse=True):
            raw = raw.replace(text.encode(), b"<>").replace(quote(text, safe="").encode(), b"<>")
        return Told(word, raw, frozenset(self.words.whose(raw.decode(errors="replace"), asker)))

    def _thing(self, match: re.Match[str], asker: str, side: str, current: str | None) -> str:
        of_person, of_ours, word = match.groups()
        if word == "self":
            return self.cast.selves.get(asker) or self.cast.things["missing"]["user"]
        if word == "current":
            return current or self.cast.things["missing"]["session"]
        return self.cast.things[("own" if of_ours else side) + (" person" if of_person else "")][word]

    async def _ask_route(
        self, row: Row, asker: str, client: Client, sent: dict[str, str], *, dry: bool
    ) -> tuple[bytes, str]:
        """All that was said, and the word for it."""
        address, _, body = row.document.partition(" ")
        for word, text in sent.items():
            address, body = address.replace(word, quote(text, safe="")), body.replace(word, f'"{text}"')
        if not dry:
            address = address.replace("dryRun=true", "dryRun=false")
        method = row.name.partition(" ")[0].replace("ANY", "POST")
        heard = await self.wire.send(method, address, client.headers, body.encode())
        return heard.body + b"\n" + heard.head, self.words.of_route(row, asker, heard)

    async def _ask_graphql(
        self, row: Row, asker: str, client: Client, document: str, sent: dict[str, str]
    ) -> tuple[bytes, str]:
        """The same. What is sent goes as variables: the server reads a document once."""
        kind = kind_of(document)
        names = {word: f"v{number}" for number, word in enumerate(sent)}
        for word, name in names.items():
            document = document.replace(word, f"${name}")
        types = [f"${name}: {'String' if word.strip('<>') in TEXTS else 'ID'}!" for word, name in names.items()]
        query = f"{kind} {'(' + ', '.join(types) + ')' if types else ''} {{ {document} }}"
        asked = {"query": query, "variables": {name: sent[word] for word, name in names.items()}}
        if kind == "subscription":
            frames = await self.stream(asker, asked)
            first = frames[0]["payload"]
            answer = {"errors": first} if isinstance(first, list) else first
            return orjson.dumps(frames), self.words.of_graphql(row, asker, answer)
        heard = await self.wire.send("POST", "/graphql", client.headers, orjson.dumps(asked))
        return heard.body + b"\n" + heard.head, self.words.of_graphql(row, asker, orjson.loads(heard.body))

    async def stream(self, asker: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Up to the first thing shown, or to its end."""
        if asker not in self.sockets:
            opening = _initialised(self.cast.here.url.replace("http", "ws", 1), self.cast.clients[asker].headers)
            self.sockets[asker] = await self.closing.enter_async_context(opening)
        socket, self.number = self.sockets[asker], self.number + 1
        name = f"s{self.number}"
        await socket.send(orjson.dumps({"id": name, "type": "subscribe", "payload": asked}).decode())
        frames: list[dict[str, Any]] = []
        async for frame in _of(socket, name):
            frames.append(frame)
            if frame["type"] == "next" and not frame["payload"].get("errors"):
                await socket.send(orjson.dumps({"id": name, "type": "complete"}).decode())
                break
        return frames


def kind_of(document: str) -> str:
    """By its first field."""
    match = _FIRST_WORD.match(document)
    assert match, document
    for root in (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type):
        if root and match[0] in root.fields:
            return root.name.lower()
    raise ValueError(f"no root has the field {match[0]}")


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
