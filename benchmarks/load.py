"""A load generator of our own, for where there is no wrk: `python -m benchmarks.load` with what load.lua takes.

As many connections as asked for, each with one request under way, in a process of its own.
"""

import asyncio
import json
import random
import re
import sys
import time
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import uvloop

_PLACES = re.compile("WALLET|KEY")


class Caller(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again."""

    def __init__(self, number: int, arguments: list[str]) -> None:
        self._number = number
        token, self._run, self._body, sign, wallets = arguments
        self._sign, self._wallets = sign.encode(), int(wallets)
        self._head = (
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: "
        )
        self._received = b""
        self._keys = self.good = self.bad = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own are no subclass of it
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        if head.startswith(b"HTTP/1.1 200 ") and self._sign in body:
            self.good += 1
        else:
            self.bad += 1
        self._received = b""
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.bad += exc is not None

    def _ask(self) -> None:
        body = _PLACES.sub(self._fill, self._body)
        self._transport.write(f"{self._head}{len(body)}\r\n\r\n{body}".encode())

    def _fill(self, place: re.Match[str]) -> str:
        """A wallet at random for each WALLET, a new key for each KEY."""
        if place[0] == "WALLET":
            return f"{random.randrange(self._wallets):012x}"
        self._keys += 1
        return f"{random.getrandbits(32):08x}-{self._run}-{self._number}-{self._keys}"  # anywhere in an index


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def main(url: str, connections: int, seconds: float, arguments: list[str]) -> None:
    """Print what was answered, as load.lua does."""
    loop, place, began = asyncio.get_running_loop(), urlsplit(url), time.perf_counter()
    assert place.hostname is not None
    assert place.port is not None
    made = [
        await loop.create_connection(partial(Caller, number, arguments), place.hostname, place.port)
        for number in range(connections)
    ]
    await asyncio.sleep(seconds)
    callers = [caller for _, caller in made]
    answered = {"good": sum(c.good for c in callers), "bad": sum(c.bad for c in callers)}
    print(json.dumps({**answered, "seconds": time.perf_counter() - began}))
    for transport, _ in made:
        transport.abort()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]))
