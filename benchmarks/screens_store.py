"""Many wallets with owners of many names, as years would leave them; and what changes them through the API."""

from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import httpx

from benchmarks.server import Api

_NAMES = """
(ARRAY['Asha','Ravi','Lakshmi','Mohan','Sita','Arjun','Meena','Vikram','Nila','Karthik'])[1 + n % 10] || ' ' ||
(ARRAY['Menon','Kumar','Devi','Rao','Iyer','Nair','Reddy','Das','Sen','Pillai','Shah'])[1 + n / 10 % 11]
"""
_TENANTS = """
(ARRAY['Morning','Evening','Kaveri','Godavari','Northern','Coastal'])[1 + n % 6] || ' ' ||
(ARRAY['Press','Star','Dairy','News','Herald','Analytics','Foods'])[1 + n / 6 % 7] || ' ' || n
"""
# Wallets that stand as the work of years would leave them; their logs are not looked at here.
_STANDING = """
CASE n % 10 WHEN 0 THEN 'USD' ELSE 'INR' END, 2, 100 * (n % 100000) + 5000, CASE n % 50 WHEN 0 THEN 70000 ELSE 0 END,
CASE n % 50 WHEN 0 THEN at END, at, at
"""
_FILL = (
    f"""
WITH made AS (
    INSERT INTO users (id, phone, name, role, created_at)
    SELECT ('01990000-0003-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '+9191' || lpad(n::text, 8, '0'), {_NAMES},
        'MEMBER', now() - interval '1 year'
    FROM generate_series(1, $1::int * 9 / 10) n RETURNING id, created_at AS at, right(phone, 8)::int AS n
)
INSERT INTO wallets (id, user_id, currency, currency_exponent, total, due, funds_locked_at, created_at, updated_at)
SELECT id, id, {_STANDING} FROM made
""",
    f"""
WITH made AS (
    INSERT INTO tenants (id, name, code, currency, billing_zone, grace_days, finalization_days, billing_delay_hours,
        created_at, bills_at)
    SELECT ('01990000-0004-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, {_TENANTS}, 'S' || n,
        CASE n % 10 WHEN 0 THEN 'USD' ELSE 'INR' END, 'Asia/Kolkata', 0, 0, 1, now() - interval '1 year', 'infinity'
    FROM generate_series(1, $1::int / 10) n RETURNING id, created_at AS at, substr(code, 2)::int AS n
)
INSERT INTO wallets (id, tenant_id, currency, currency_exponent, total, due, funds_locked_at, created_at, updated_at)
SELECT id, id, {_STANDING} FROM made
""",
)  # fmt: skip
_TOP_UP = "mutation ($input: TopUpInput!) { topUp(input: $input) { ... on MoneyPayload { operationId } } }"
_NEW_TENANT = """mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
    ... on TenantPayload { tenant { id wallet { id } } } } }"""
_NEW_USER = """mutation ($input: CreateUserInput!) { createUser(input: $input) {
    ... on UserPayload { user { id wallet { id } } } } }"""


class Made(NamedTuple):
    """An owner, and its wallet."""

    id: str
    wallet: str


class Changes:
    """Top-ups through the API, each of another amount."""

    def __init__(self, api: Api) -> None:
        self.url = api.url
        self.client = httpx.AsyncClient(headers={"Authorization": f"Bearer {api.token}"}, trust_env=False)
        self.made = 0

    async def tenant(self) -> Made:
        """The newest, first in every list."""
        made = (await self.ask(_NEW_TENANT, input={"name": "Newest of all"}))["createTenant"]["tenant"]
        return Made(made["id"], made["wallet"]["id"])

    async def user(self) -> Made:
        """The newest, first in every list."""
        new = {"name": "Newest of all", "phone": "+919876500000", "password": uuid4().hex}
        made = (await self.ask(_NEW_USER, input=new))["createUser"]["user"]
        return Made(made["id"], made["wallet"]["id"])

    async def ask(self, query: str, **variables: object) -> Any:
        """The data."""
        answer = (await self.client.post(self.url, json={"query": query, "variables": variables})).json()
        if "errors" in answer:
            raise RuntimeError(answer["errors"])
        return answer["data"]

    async def top_up(self, wallet_id: str, minor: int) -> None:
        """Once."""
        given = {"walletId": wallet_id, "amountMinor": minor, "idempotencyKey": uuid4().hex}
        await self.ask(_TOP_UP, input=given)


async def fill(url: str, wallets: int) -> None:
    """So many more, a tenth of them tenants'."""
    connection = await asyncpg.connect(url)
    for sql in _FILL:
        await connection.execute(sql, wallets)
    await connection.execute("ANALYZE")
    await connection.close()
