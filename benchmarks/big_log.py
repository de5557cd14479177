"""Long logs: `python -m benchmarks --big`. Pages of a log of five million rows, and top-ups beside as many.

Rows are valid in all but their hashes, which are filler: what is measured does not read them.
"""

import asyncio
import http.client
import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from benchmarks import over_http, server, store
from benchmarks.over_http import CONNECTIONS, TOP_UPS
from benchmarks.server import Api
from benchmarks.store import ADMIN, AMOUNT, Store
from domain import ids
from server import embedded

PAGE, PAIRS = 100, 100
WARM = 60 * store.WALLETS
ROWS_AT_ONCE = 250_000
LONGEST = UUID("01990000-0005-7000-8000-000000000000")

_OWNER = """
INSERT INTO users (id, phone, name, role, created_at) VALUES ($1, '+910005000000', 'Somebody', 'MEMBER', '2020-01-01')
"""
_WALLET = """
INSERT INTO wallets (id, user_id, currency, currency_exponent, created_at, updated_at)
VALUES ($1, $1, 'INR', 2, '2020-01-01', '2020-01-01')
"""
# The wallets take turns, as they would: the rows of each lie all over the table. $1 wallets, $2 to $3 rows.
_ROWS = """
WITH n AS MATERIALIZED (
    SELECT ($1::uuid[])[(1 + i % cardinality($1))::int] AS wallet, 1 + i / cardinality($1) AS version,
        ('01980000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS operation,
        '2021-01-01'::timestamptz + i * interval '1 millisecond' AS time, sha256(int8send(i)) AS hash
    FROM generate_series($2::bigint, $3::bigint - 1) AS i
), o AS (
    INSERT INTO operations (wallet_id, id, kind, actor, idempotency_key, input_hash, based_on_version, first_version,
        last_version, created_at)
    SELECT wallet, operation, 'topUp', 'loaded', gen_random_uuid()::text, hash, version - 1, version, version, time
    FROM n
), x AS (
    INSERT INTO transaction_texts (wallet_id, version, text, salt)
    SELECT wallet, version, 'Top-up', substr(hash, 1, 16) FROM n
)
INSERT INTO wallet_transactions (wallet_id, version, operation_id, type, reason, amount, locked_amount, due_amount,
    total_after, locked_after, due_after, actor, description_hash, hash, created_at)
SELECT wallet, version, operation, 'CREDIT', 'TOP_UP', $4::bigint, 0, 0, version * $4::bigint, 0, 0, 'loaded', hash,
    hash, time
FROM n
"""
_HEADS = """
UPDATE wallets SET version = $2, total = $2 * $3::bigint, updated_at = '2021-06-01' WHERE id = ANY($1::uuid[])
"""
_PAGE = """query Log($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    wallet(id: $id) {
        transactions(first: $first, after: $after, last: $last, before: $before) {
            edges { cursor node { id version type reason amountMinor balanceAfterMinor description createdAt } }
            pageInfo { hasNextPage startCursor endCursor }
        }
    }
}"""


@dataclass(frozen=True)
class Figures:
    """Of a run: milliseconds of each page, top-ups per second beside each log."""

    first: list[float]
    last: list[float]
    empty: list[float]
    full: list[float]


def main(rows: int, rounds: int, seconds: int) -> int:
    """Zero where no money was lost."""
    with ExitStack() as stack:
        empty, full = (stack.enter_context(store.running()) for _ in range(2))
        began = time.perf_counter()
        asyncio.run(_load(embedded.Server(full.socket_folder).url(role=embedded.SUPERUSER), rows))
        print(f"loaded 2 × {rows:,} rows in {time.perf_counter() - began:,.0f} s", flush=True)
        apis = [stack.enter_context(server.serving(one)) for one in (empty, full)]
        first, last = _read_pages(apis[1], rows)
        rates, wrong = _top_ups((empty, full), apis, rounds, seconds)
    told = _summary(Figures(first, last, *rates), rows)
    print("\n".join(["", *told, "", *(wrong or ["every answered top-up is in its log"])]))
    return 1 if wrong else 0


async def _load(url: str, rows: int) -> None:
    """One wallet with so many rows, and the thousand with as many together."""
    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")  # the keys fit: no check of each
    await connection.execute(_OWNER, LONGEST)
    await connection.execute(_WALLET, LONGEST)
    for wallets in ([LONGEST], store.wallet_ids()):
        for since in range(0, rows, ROWS_AT_ONCE):
            await connection.execute(_ROWS, wallets, since, min(rows, since + ROWS_AT_ONCE), AMOUNT)
        await connection.execute(_HEADS, wallets, rows // len(wallets), AMOUNT)
    # what autovacuum and the checkpointer do in the hours that so many rows take
    await connection.execute("VACUUM ANALYZE wallets, operations, wallet_transactions, transaction_texts")
    await connection.execute("CHECKPOINT")
    await connection.close()


def _read_pages(api: Api, rows: int) -> tuple[list[float], list[float]]:
    """Milliseconds of page 1 and of the last page, by turns over one connection."""
    with _Reader(api) as reader:
        oldest = reader.page(last=PAGE)["pageInfo"]["startCursor"]
        before_last = reader.page(last=1, before=oldest)["pageInfo"]["startCursor"]
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(PAIRS + PAIRS // 10):
            for pages, after, newest in ((took[0], None, rows), (took[1], before_last, PAGE)):
                began = time.perf_counter()
                page = reader.page(first=PAGE, after=after)
                passed = time.perf_counter() - began
                assert [edge["node"]["version"] for edge in page["edges"]] == list(range(newest, newest - PAGE, -1))
                if number >= PAIRS // 10:  # the first ones warm up
                    pages.append(passed * 1_000)
        return took


class _Reader:
    """One connection that reads the longest log."""

    def __init__(self, api: Api) -> None:
        place = urlsplit(api.url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.token}"}

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def page(self, **asked: object) -> Any:
        """One page of it."""
        body = json.dumps({"query": _PAGE, "variables": {"id": ids.make("wal", LONGEST), **asked}})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = json.loads(self._connection.getresponse().read())
        if "errors" in answer:
            raise RuntimeError(answer["errors"])
        return answer["data"]["wallet"]["transactions"]


def _top_ups(
    stores: tuple[Store, Store], apis: list[Api], rounds: int, seconds: int
) -> tuple[tuple[list[float], list[float]], list[str]]:
    """Top-ups per second beside an empty log and a full one, by turns; and what is wrong afterwards."""
    rates: tuple[list[float], list[float]] = ([], [])
    answered, runs = [0, 0], [0, 0]

    def run(side: int) -> float:
        measured = over_http.run(apis[side], TOP_UPS, seconds)
        answered[side] += measured.answered
        runs[side] += 1
        return measured.per_second

    for side in (0, 1):
        while answered[side] < WARM:  # what a checkpoint leaves to each page's first change comes once in minutes
            run(side)
    for number in range(rounds):
        for side in (0, 1) if number % 2 else (1, 0):
            rates[side].append(run(side))
            print(f"    topUp, {('empty', 'full')[side]:<5} log {rates[side][-1]:>8,.0f}/s", flush=True)
    wrong = []
    for one, count, times in zip(stores, answered, runs, strict=True):
        expected = range(count, count + times * CONNECTIONS + 1)
        wrong += store.mistakes(one, {ids.make("usr", ADMIN): expected})
    return rates, wrong


def _summary(figures: Figures, rows: int) -> list[str]:
    first, last, empty, full = (median(one) for one in (figures.first, figures.last, figures.empty, figures.full))
    return [
        f"page 1 of {rows // PAGE:,}: {first:.2f} ms; the last: {last:.2f} ms; {last / first:.2f} × (aim: 0.8 to 1.2)",
        f"topUp beside {2 * rows:,} rows: {full:,.0f}/s; on an empty log: {empty:,.0f}/s; "
        f"{full / empty:.2f} × (aim: at least 0.9)",
    ]
