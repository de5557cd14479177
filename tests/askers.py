"""Clients of a fleet of servers: they ask for money operations by chance, with retries, and note all that they hear."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import httpx

from tests.asking import Heard, spoken, understood
from tests.fleet import Fleet
from tests.side_by_side import Request

PATIENCE_SECONDS = 120
FOREIGN = 1_000
"""An amount that no request of theirs has."""


@dataclass
class Ask:
    """A request, and every answer to it or to its copies. `lost`: somebody never heard what came of one."""

    request: Request
    key: str
    dry: bool = False
    heard: list[Heard] = field(default_factory=list)
    lost: int = 0


@dataclass
class Known:
    """What the clients have heard of by now, and may name."""

    wallets: Mapping[str, UUID]
    invoices: list[tuple[str, int]]
    moved: list[tuple[str, int]] = field(default_factory=list)
    held: list[tuple[str, int]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    def learn(self, ask: Ask, heard: Heard) -> None:
        """Of what was done: which versions may be reversed, and which are holds."""
        if heard.refused or ask.dry or not heard.seen:
            return
        names = {wallet: name for name, wallet in self.wallets.items()}
        self.versions[ask.request.wallet] = heard.seen[0]
        if ask.request.what == "place_hold":
            self.held.append((ask.request.wallet, heard.seen[0]))
        for (wallet, version), kind, reason, *_ in heard.rows or ():
            if kind in ("CREDIT", "DEBIT") and reason in ("TOP_UP", "ADJUSTMENT", "TRANSFER", "HOLD"):
                self.moved.append((names[wallet], version))


@dataclass
class Client:
    """Asks the server next to it; where that is gone, another, with the same key."""

    name: str
    fleet: Fleet
    token: str
    home: int
    known: Known
    dice: Random
    turn: Callable[[], None]
    asks: list[Ask] = field(default_factory=list)

    async def live(self, number: int) -> None:
        """So many requests, one after another."""
        for n in range(number):
            ask = Ask(self.request(f"{self.name}-{n}"), f"{self.name}-{n}", self.dice.random() < 0.08)
            self.asks.append(ask)
            self.turn()
            await self.tell(ask)

    async def tell(self, ask: Ask) -> None:
        """Once, in two copies at once, again a while later, or its key for something else."""
        how = self.dice.random()
        others = [self.dice.randrange(len(self.fleet.ports)) for _ in range(2)]
        keyed = ask.request.what != "lock_by_hand" and not ask.dry
        if keyed and how < 0.15:
            await asyncio.gather(self.say(ask, self.home), self.say(ask, others[0]))
        else:
            await self.say(ask, self.home)
        if keyed and how > 0.8:
            await asyncio.gather(*(self.say(ask, other) for other in others))
        if keyed and how > 0.95 and not ask.heard[-1].refused:
            other = Ask(Request("top_up", ask.request.wallet, (FOREIGN, ask.key)), ask.key)
            self.asks.append(other)
            await self.say(other, others[0])

    async def say(self, ask: Ask, server: int) -> None:
        """Until it is answered. What has no key is never sent twice."""
        query, variables = spoken(ask.request, ask.key, self.known.wallets, dry=ask.dry)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (heard := await self.hear(server, query, variables)) is None:
                ask.lost += 1
                if ask.request.what == "lock_by_hand":
                    return
                server = self.dice.randrange(len(self.fleet.ports))
                await asyncio.sleep(0.01)
        ask.heard.append(heard)
        self.known.learn(ask, heard)

    async def hear(self, server: int, query: str, variables: dict[str, Any]) -> Heard | None:
        sent = datetime.now(UTC)
        asked = {"query": query, "variables": variables}
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.fleet.http.post(f"{self.fleet.address(server)}/graphql", json=asked, headers=headers)
        except httpx.TransportError:
            return None
        return understood(answer.json(), sent, datetime.now(UTC))

    def request(self, key: str) -> Request:
        """Any of them; of what is named, mostly what is new."""
        dice, wallet = self.dice, self.dice.choice(list(self.known.wallets))
        amount = dice.randint(1, 200)
        ways: list[Callable[[], Request]] = [
            *[lambda: Request("top_up", wallet, (amount, key))] * 3,
            *[lambda: self._adjust(wallet, amount, key)] * 2,
            *[lambda: self._transfer(wallet, amount, key)] * 4,
            *[lambda: Request("place_hold", wallet, (amount, dice.choice((60, 60, 3_600)), key))] * 3,
            *[lambda: self._end_hold(wallet, key)] * 4,
            *[lambda: self._reverse(wallet, key)] * 3,
            lambda: self._decide(wallet, key),
            lambda: Request("lock_by_hand", wallet, (), {"on": dice.random() < 0.4}),
        ]
        return dice.choice(ways)()

    def _adjust(self, wallet: str, amount: int, key: str) -> Request:
        version = self.known.versions.get(wallet, 0)
        more = {"expected": version} if version and self.dice.random() < 0.4 else {}
        return Request("adjust", wallet, (self.dice.choice(("ADD", "SUBTRACT", "SET")), amount * 2, key), more)

    def _transfer(self, wallet: str, amount: int, key: str) -> Request:
        other = self.dice.choice([name for name in self.known.wallets if name != wallet])
        return Request("transfer", wallet, (other, amount, key))

    def _end_hold(self, wallet: str, key: str) -> Request:
        if not self.known.held:
            return Request("place_hold", wallet, (20, 60, key))
        wallet, number = self.dice.choice(self.known.held[-15:])
        if self.dice.random() < 0.4:
            return Request("release_hold", wallet, (number, key))
        return Request("capture_hold", wallet, (number, self.dice.choice((None, 10, 60)), key))

    def _reverse(self, wallet: str, key: str) -> Request:
        if not self.known.moved:
            return Request("top_up", wallet, (900, key))
        wallet, version = self.dice.choice(self.known.moved[-30:])
        asked = version, self.dice.choice((None, None, 15)), key
        return Request("reverse_transaction", wallet, asked, {"reopening": self.dice.random() < 0.3})

    def _decide(self, wallet: str, key: str) -> Request:
        wallet, count = self.dice.choice(self.known.invoices)
        return Request(self.dice.choice((*["approve"] * 5, "void")), wallet, (count, key))


async def signed_in(fleet: Fleet, phone: str, password: str) -> str:
    """A token of the administrator's session."""
    query = f'mutation {{ signIn(phone: "{phone}", password: "{password}") {{ ... on SignedIn {{ token }} }} }}'
    answer = await fleet.http.post(f"{fleet.address(0)}/graphql", json={"query": query})
    token: str = answer.json()["data"]["signIn"]["token"]
    return token
