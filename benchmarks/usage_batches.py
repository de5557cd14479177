"""POST /api/v1/usage with 10,000 events a request, what a small request waits beside it, and the same rows by hand."""

import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit

from benchmarks import server, store
from benchmarks.server import Api
from benchmarks.usage import TENANTS, Usage, event

EVENTS, CONNECTIONS = 10_000, 4
READY = 40
"""Requests for each connection, made beforehand: while it is measured the generator only sends."""
PAUSE_SECONDS = 0.005
USAGE, BALANCE = "POST /api/v1/usage", "GET /api/v1/tenant/wallet/balance"


@dataclass
class Batches:
    """What was recorded in so many seconds, what that cost our process, and how long small requests took meanwhile."""

    events: int
    seconds: float
    processor_seconds: float
    beside: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


def main(rounds: int, seconds: int) -> int:
    """Zero where every event that was answered is there, once, and in its month's total."""
    ours: dict[int, list[Batches]] = {TENANTS: [], 1: []}
    by_hand: dict[int, list[float]] = {TENANTS: [], 1: []}
    with store.running() as where:
        used = Usage(where)
        with server.serving(where) as api:
            for number in range(1, rounds + 1):
                for tenants in ours:
                    measured = asyncio.run(over_http(api, tenants, seconds))
                    used.recorded(measured.events)
                    ours[tenants].append(measured)
                    by_hand[tenants].append(used.by_hand(tenants, seconds).per_second)
                    print(f"round {number}, {tenants} tenants: {measured.per_second:,.0f}/s, ", end="")
                    print(f"by hand {by_hand[tenants][-1]:,.0f}/s", flush=True)
        wrong = used.mistakes()
    for tenants, measured_rounds in ours.items():
        print("\n".join(_summary(tenants, measured_rounds, by_hand[tenants])))
    print("\n".join(wrong or ["every answered usage event is there once, and in its month's total"]))
    return 1 if wrong else 0


def _summary(tenants: int, ours: list[Batches], by_hand: list[float]) -> list[str]:
    rates = [one.per_second for one in ours]
    micros = median(one.processor_seconds / one.events for one in ours) * 1e6
    waits = sorted(wait * 1e3 for one in ours for wait in one.beside)
    return [
        "",
        f"batches of {EVENTS:,} events of {tenants} tenants, {CONNECTIONS} connections: {median(rates):,.0f} events/s "
        f"({min(rates):,.0f}–{max(rates):,.0f}), {median(rates) / median(by_hand):.2f} × by hand, "
        f"{micros:.0f} µs of our process",
        f"a balance read meanwhile: median {median(waits):.0f} ms, p99 {waits[len(waits) * 99 // 100]:.0f} ms, "
        f"longest {waits[-1]:.0f} ms, of {len(waits)}",
    ]


async def over_http(api: Api, tenants: int, seconds: float) -> Batches:
    """Each connection sends its next request once the last is answered; beside them one asks for a balance."""
    ready = [[_request(api, tenants) for _ in range(READY)] for _ in range(CONNECTIONS)]
    beside: list[float] = []
    began, worked = time.perf_counter(), api.processor_seconds()
    asking = asyncio.create_task(_ask_beside(api, beside))
    sent = sum(await asyncio.gather(*(_send(api, requests, began + seconds) for requests in ready)))
    measured = Batches(sent * EVENTS, time.perf_counter() - began, api.processor_seconds() - worked, beside)
    asking.cancel()
    return measured


def _request(api: Api, tenants: int) -> bytes:
    run = secrets.token_hex(6)
    events = [event(n, tenants, f"{random.getrandbits(32):08x}-{run}-{n}") for n in range(EVENTS)]
    return _head(api, USAGE, body := json.dumps({"events": events}).encode()) + body


async def _send(api: Api, requests: list[bytes], until: float) -> int:
    reader, writer = await _connect(api)
    done = 0
    while time.perf_counter() < until and requests:
        answer = await _answer(reader, writer, requests.pop())
        if json.loads(answer) != {"accepted": EVENTS, "duplicates": 0}:
            raise RuntimeError(f"not every answer was good: {answer[:500]!r}")
        done += 1
    writer.close()
    return done


async def _ask_beside(api: Api, waits: list[float]) -> None:
    reader, writer = await _connect(api)
    while True:
        began = time.perf_counter()
        await _answer(reader, writer, _head(api, BALANCE, b""))
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)


async def _connect(api: Api) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    place = urlsplit(api.url)
    return await asyncio.open_connection(place.hostname, place.port)


def _head(api: Api, line: str, body: bytes) -> bytes:
    asked = f"{line} HTTP/1.1\r\nHost: {urlsplit(api.url).netloc}\r\nAuthorization: Bearer {api.token}\r\n"
    return f"{asked}Content-Length: {len(body)}\r\n\r\n".encode()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]))
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"not every answer was good: {head!r} {body[:500]!r}")
    return body
