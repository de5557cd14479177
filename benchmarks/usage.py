"""Usage events per second: recordUsage over HTTP in requests of 500, and the same rows written by hand."""

import asyncio
import random
import secrets
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg

from benchmarks import over_http
from benchmarks.measured import Measured
from benchmarks.over_http import Load
from benchmarks.server import Api
from benchmarks.store import Store

EVENTS, TENANTS, CONNECTIONS = 500, 50, 8
OURS, BY_HAND = "0003", "0004"
_IDS = "0199c0de-%s-7000-8bee-"  # with letters here and there, as ids have
_TENANT = "ten_" + (_IDS % OURS).replace("-", "")
SERVICES = ("PAGES", "MESSAGES", "CALLS")
QUANTITY = Decimal("1.25")
_OCCURRED = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
_RECORD = """mutation Record($input: RecordUsageInput!) {
    recordUsage(input: $input) {
        __typename
        ... on UsagePayload { accepted duplicates }
        ... on Refusal { message }
    }
}"""
_EVENT = {"quantity": str(QUANTITY), "occurredAt": _OCCURRED.isoformat().replace("+00:00", "Z"), "key": "KEY"}

_TENANTS = """
WITH ids AS (
    SELECT (format($4, series) || lpad(to_hex(n), 12, '0'))::uuid AS id, series, n
    FROM generate_series(0, $1 - 1) AS n, unnest($2::text[]) AS series
), made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT id, 'Somebody', 'B' || series || n, 'INR', 'Asia/Kolkata', 0, 0, 1, clock_timestamp(), 'infinity' FROM ids
    RETURNING id, created_at
), held AS (
    INSERT INTO wallets (id, tenant_id, currency, currency_exponent, created_at, updated_at)
    SELECT id, id, 'INR', 2, created_at, created_at FROM made RETURNING id
)
INSERT INTO prices (wallet_id, id, service, unit, model, unit_price, effective_from, created_at)
SELECT id, gen_random_uuid(), service, 'piece', 'PER_UNIT', 0.25, '2020-01-01', clock_timestamp()
FROM held, unnest($3::text[]) AS service
"""
# What a textbook would write, with what recordUsage promises: a known key counts once, and totals with their events.
_BY_HAND = """
WITH added AS (
    INSERT INTO usage_events (wallet_id, key, service, quantity, occurred_at, dated, month, recorded_at)
    SELECT n.*, true, date_trunc('month', occurred_at AT TIME ZONE 'Asia/Kolkata')::date, clock_timestamp()
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::timestamptz[])
        AS n(wallet_id, key, service, quantity, occurred_at)
    ORDER BY wallet_id, key ON CONFLICT DO NOTHING RETURNING wallet_id, month, service, quantity
)
INSERT INTO usage_totals AS u (wallet_id, month, service, price_id, quantity, events)
SELECT a.wallet_id, a.month, a.service, p.id, sum(a.quantity), count(*)
FROM added a JOIN prices p ON p.wallet_id = a.wallet_id AND p.service = a.service GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
ON CONFLICT (wallet_id, month, service, price_id) DO UPDATE
SET quantity = u.quantity + excluded.quantity, events = u.events + excluded.events
"""
_COUNT = """
SELECT substr(wallet_id::text, 10, 4) AS series, count(*) AS events, count(*) FILTER (WHERE quantity = $1) AS right
FROM usage_events GROUP BY 1
"""
_UNLIKE = """
SELECT count(*) FROM (
    SELECT wallet_id, month, service, sum(quantity) AS quantity, count(*) AS events FROM usage_events GROUP BY 1, 2, 3
) e FULL JOIN usage_totals t USING (wallet_id, month, service)
WHERE (e.quantity, e.events) IS DISTINCT FROM (t.quantity, t.events)
"""


class Usage:
    """Measures it on one store, and knows what must be found there afterwards."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._answered: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()
        asyncio.run(_prepare(store.url))

    def over_http(self, api: Api, tenants: int, seconds: int) -> Measured:
        """Requests whose events are of so many tenants, in events per second."""
        measured = _of_events(over_http.run(api, load(tenants), seconds))
        self._answered[OURS] += measured.answered
        self._unanswered[OURS] += CONNECTIONS * EVENTS
        return measured

    def by_hand(self, tenants: int, seconds: int) -> Measured:
        """The same by as many connections, each writing its next 500 rows when those before are durable."""
        measured = _of_events(asyncio.run(_by_hand(self._store.url, tenants, seconds)))
        self._answered[BY_HAND] += measured.answered
        return measured

    def recorded(self, events: int) -> None:
        """So many more must be there."""
        self._answered[OURS] += events

    def costs(self, seconds: int) -> list[tuple[str, float]]:
        """Where the server's time goes."""
        answered, shares = over_http.costs(self._store, load(TENANTS), seconds)
        self._answered[OURS] += answered * EVENTS
        self._unanswered[OURS] += 2 * CONNECTIONS * EVENTS
        return shares

    def mistakes(self) -> list[str]:
        """Every answered event is there, and no other but those unanswered; monthly totals are sums of events."""
        return asyncio.run(_mistakes(self._store.url, self._answered, self._unanswered))


def load(tenants: int) -> Load:
    """A request."""
    events = [{**event(n, 1, "KEY"), "tenantId": f"{_TENANT}WALLET"} for n in range(EVENTS)]
    return Load(_RECORD, {"input": {"events": events}}, f'"accepted":{EVENTS}', tenants, CONNECTIONS)


def event(number: int, tenants: int, key: str) -> dict[str, str]:
    """The `number`-th of a request whose events are of so many tenants."""
    service, tenant = SERVICES[number % len(SERVICES)], f"{_TENANT}{number % tenants:012x}"
    return {"tenantId": tenant, "service": service, **_EVENT, "key": key}


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(_TENANTS, TENANTS, [OURS, BY_HAND], SERVICES, _IDS)
    await connection.execute("VACUUM ANALYZE tenants, wallets, prices")
    await connection.close()


async def _by_hand(url: str, tenants: int, seconds: float) -> Measured:
    connections = [await asyncpg.connect(url) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    done = sum(await asyncio.gather(*[_write(connection, tenants, began + seconds) for connection in connections]))
    passed = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    return Measured(done, done / passed)


async def _write(connection: "asyncpg.Connection[asyncpg.Record]", tenants: int, until: float) -> int:
    wallets = [UUID(f"{_IDS % BY_HAND}{n:012x}") for n in range(TENANTS)]
    arrays = (
        [wallets[n % tenants] for n in range(EVENTS)],
        [SERVICES[n % len(SERVICES)] for n in range(EVENTS)],
        [QUANTITY] * EVENTS,
        [_OCCURRED] * EVENTS,
    )
    statement, run, done = await connection.prepare(_BY_HAND), secrets.token_hex(6), 0
    while time.perf_counter() < until:
        keys = [f"{random.getrandbits(32):08x}-{run}-{done}-{n}" for n in range(EVENTS)]
        await statement.fetch(arrays[0], keys, *arrays[1:])
        done += 1
    return done


async def _mistakes(url: str, answered: Counter[str], unanswered: Counter[str]) -> list[str]:
    connection = await asyncpg.connect(url)
    found = {series: (events, right) for series, events, right in await connection.fetch(_COUNT, QUANTITY)}
    unlike = await connection.fetchval(_UNLIKE)
    await connection.close()
    wrong = [f"{unlike} monthly totals are not the sums of their events"] if unlike else []
    for series, count in answered.items():
        events, right = found.get(series, (0, 0))
        if events != right or events % EVENTS or not 0 <= events - count <= unanswered[series]:
            wrong.append(f"{count} usage events were answered in {series}, {events} are there")
    return wrong


def _of_events(requests: Measured) -> Measured:
    answered, per_second, micros = requests
    return Measured(answered * EVENTS, per_second * EVENTS, micros / EVENTS if micros is not None else None)
