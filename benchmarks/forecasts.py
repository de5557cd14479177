"""Forecasts: `python -m benchmarks.forecasts [TENANTS]`. What working them out costs, who locks soonest, one wallet's,
and how soon a top-up is seen. Each tenant has two services, a scheduled price and three billed months.
"""

import asyncio
import http.client
import json
import sys
import time
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from benchmarks import server, store
from benchmarks.server import Api
from server import embedded

TIMES = 100
_MONTHS = (
    "SELECT (date_trunc('month', now()) - make_interval(months => m))::date AS month, m FROM generate_series(0, 3) m"
)
_FILL = (
    """
INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
    created_at, bills_at)
SELECT ('0199c0de-0006-7000-8bee-' || lpad(to_hex(n), 12, '0'))::uuid, 'Somebody', 'F' || n,
    CASE n % 10 WHEN 0 THEN 'USD' ELSE 'INR' END, 'Asia/Kolkata', n % 4, 0, 1, now() - interval '4 months', 'infinity'
FROM generate_series(1, $1::int) n
""",
    """
INSERT INTO wallets (id, tenant_id, currency, currency_exponent, total, created_at, updated_at)
SELECT id, id, currency, 2, 500000 + 10000 * substr(code, 2)::bigint, created_at, created_at FROM tenants
""",
    """
INSERT INTO prices (wallet_id, id, service, unit, model, unit_price, flat, effective_from, created_at)
SELECT t.id, gen_random_uuid(), p.* FROM tenants t, (VALUES
    ('EPAPER', 'page', 'PER_UNIT', 2000.5, NULL, now() - interval '5 months', now()),
    ('EPAPER', 'page', 'PER_UNIT', 1800, NULL, now() + interval '2 months', now()),
    ('HOSTING', 'month', 'FLAT', NULL::numeric, 70000::bigint, now() - interval '5 months', now())) p
""",
    f"""
INSERT INTO usage_totals (wallet_id, month, service, price_id, quantity, billed_quantity, events)
SELECT p.wallet_id, m.month, p.service, p.id, 40, CASE m.m WHEN 0 THEN 0 ELSE 40 END, 40
FROM prices p, ({_MONTHS}) m WHERE p.service = 'EPAPER' AND p.effective_from < now()
""",
    f"""
INSERT INTO invoices (wallet_id, count, month, status, total, issued_at, paid_at)
SELECT id, 4 - m.m, m.month, 'PAID', 150020, now(), now() FROM tenants, ({_MONTHS}) m WHERE m.m > 0
""",
    "INSERT INTO billing_runs (id, month, actor, tenants, started_at, finished_at) VALUES "
    "('0199c0de-0007-7000-8bee-000000000000', '2026-01-01', 'system', 0, now(), now())",
    f"""
INSERT INTO billing_months (wallet_id, month, starts_at, ends_at, run_id, invoice, closed_at)
SELECT id, m.month, m.month, m.month + 1, '0199c0de-0007-7000-8bee-000000000000', 4 - m.m, now()
FROM tenants, ({_MONTHS}) m WHERE m.m > 0
""",
)  # fmt: skip
_MADE = "SELECT count(*) FROM forecasts WHERE computed_at IS NOT NULL"
_RISKS = """query ($until: DateTime, $after: String) { lockRisks(until: $until, after: $after, first: 25) {
    pageInfo { endCursor } edges { node { locksAt chargeThisMonthMinor monthsRemaining topUpMinor
        tenant { name } wallet { id balance { available } } } } } }"""
_FORECAST = """query ($id: ID!, $date: DateTime!) { wallet(id: $id) { forecast(months: 24) { locksAt basis
    topUpUntil(date: $date) usage { service dailyQuantity } months { month openingMinor chargeMinor closingMinor covered
        lines { kind service quantity usedQuantity unitPriceMinor amountMinor } } } } }"""
_TOP_UP = """mutation ($input: TopUpInput!) { topUp(input: $input) { ... on MoneyPayload { operationId } } }"""


def main(tenants: int) -> None:
    """On a database and a server of its own."""
    with store.running() as place:
        asyncio.run(_fill(embedded.Server(place.socket_folder).url(role=embedded.SUPERUSER), tenants))
        with server.serving(place) as api:
            print("\n".join(asyncio.run(_measured(place.url, api, tenants))))


async def _fill(url: str, tenants: int) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")
    for sql in _FILL:
        await connection.execute(sql, *([tenants] if "$1" in sql else []))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _measured(url: str, api: Api, tenants: int) -> list[str]:
    connection = await asyncpg.connect(url)
    began, worked = time.perf_counter(), api.processor_seconds()
    while await connection.fetchval(_MADE) < tenants:  # noqa: ASYNC110 - another process works
        await asyncio.sleep(0.2)
    passed, worked = time.perf_counter() - began, api.processor_seconds() - worked
    told = [f"{tenants:,} forecasts in {passed:,.0f} s, {worked * 1000 / tenants:.2f} ms of our process each"]
    until = await connection.fetchval("SELECT to_char(now() + interval '90 days', 'YYYY-MM-DD\"T\"00:00:00\"Z\"')")
    wallets = [row["id"] for row in await connection.fetch("SELECT id FROM tenants ORDER BY id LIMIT $1", TIMES)]
    asking = _Asking(api)
    page = asking.ask(_RISKS, until=until)["lockRisks"]
    assert len(page["edges"]) == 25
    told.append(f"lockRisks, first page: {_times(lambda _: asking.ask(_RISKS, until=until))}")
    after = page["pageInfo"]["endCursor"]
    told.append(f"lockRisks, second page: {_times(lambda _: asking.ask(_RISKS, until=until, after=after))}")
    told.append(
        f"a wallet's forecast: {_times(lambda n: asking.ask(_FORECAST, id=f'wal_{wallets[n].hex}', date=until))}"
    )
    lags = []
    for wallet in wallets[:20]:
        asked = {"walletId": f"wal_{wallet.hex}", "amountMinor": 1, "idempotencyKey": uuid4().hex}
        asking.ask(_TOP_UP, input=asked)
        began = time.perf_counter()
        while not await connection.fetchval("SELECT wallet_version FROM forecasts WHERE tenant_id = $1", wallet):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        lags.append((time.perf_counter() - began) * 1000)
    await connection.close()
    return [*told, f"a top-up is seen after {median(lags):.0f} ms, at most {max(lags):.0f}"]


def _times(ask: Any) -> str:
    took = []
    for number in range(TIMES):
        began = time.perf_counter()
        ask(number)
        took.append((time.perf_counter() - began) * 1000)
    return f"{median(took):.1f} ms, p95 {quantiles(took, n=20)[18]:.1f}"


class _Asking:
    """One connection."""

    def __init__(self, api: Api) -> None:
        place = urlsplit(api.url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.token}"}

    def ask(self, query: str, **variables: object) -> Any:
        body = json.dumps({"query": query, "variables": variables})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = json.loads(self._connection.getresponse().read())
        if "errors" in answer:
            raise RuntimeError(answer["errors"])
        return answer["data"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
