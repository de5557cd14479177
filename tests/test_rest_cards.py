"""Every request that the second card prints, as it is printed: curl lines by curl, and the bodies of its examples."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from server.embedded import Server
from tests import database
from tests.api import api
from tests.rest import Rest

CURL_LINES = r"""
# Add small amount
curl -X POST http://localhost:3000/api/v1/admin/tenants/{id}/wallet/topup \
  -d '{"amountMinor": 50000, "description": "₹500"}'

# Check balance
curl http://localhost:3000/api/v1/tenant/wallet/balance

# View history
curl http://localhost:3000/api/v1/tenant/wallet/transactions?page=1

# Set future pricing
curl -X POST http://localhost:3000/api/v1/admin/tenants/{id}/pricing \
  -d '{
    "service": "EPAPER",
    "pricePerPageMinor": 180000,
    "effectiveFrom": "2025-04-01T00:00:00Z"
  }'

# View all pricing (current + future)
curl http://localhost:3000/api/v1/admin/tenants/{id}/pricing
"""
TOP_UPS = """
# ₹100
{ "amountMinor": 10000, "description": "Test payment" }

# ₹1,234.50
{ "amountMinor": 123450, "description": "Custom amount" }

# ₹50,000
{ "amountMinor": 5000000, "description": "Bulk payment" }
"""
PRICES = (
    """{
  "service": "EPAPER",
  "pricePerPageMinor": 200000,
  "effectiveFrom": "2025-03-01T00:00:00Z"
}""",
    """{
  "pricePerPageMinor": 200000,
  "effectiveFrom": "2025-02-01"
}""",
    """{
  "pricePerPageMinor": 180000,
  "effectiveFrom": "2025-04-01"
}""",
)


@pytest_asyncio.fixture(scope="module")
async def rest(database_server: Server, administrator: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Rest]:
    async with database.copy(database_server, administrator) as url, api(url) as here:
        yield Rest(here, here.admin.token)


async def curl(rest: Rest, line: str, token: str | None) -> Any:
    """What the shell prints for it; the address, the tenant and the token filled in."""
    filled = line.replace("http://localhost:3000", rest.base).replace("{id}", "t_001")
    filled = filled.replace("curl ", 'curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" ', 1)
    environment = {"PATH": os.environ["PATH"], "TOKEN": token or "", "NO_PROXY": "*"}
    shell = await asyncio.create_subprocess_exec("/bin/sh", "-c", filled, env=environment, stdout=-1, stderr=-1)
    said, complaint = await shell.communicate()
    assert shell.returncode == 0, f"{line}\n{said.decode()}\n{complaint.decode()}"
    return json.loads(said)


async def test_every_curl_line_runs_as_it_is_printed(rest: Rest) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl found: install it to run the card's lines")
    own = await rest.tokened(await rest.tenant("t_001"))
    lines = [part.strip() for part in CURL_LINES.split("\n\n")]
    assert len(lines) == 5
    answers = [await curl(rest, line, own.token if "/tenant/" in line else rest.token) for line in lines]
    topped, balance, history, price, pricing = answers
    assert (topped["balance"]["total"], topped["transactions"][0]["description"]) == (50_000, "₹500")
    assert balance["balance"] == {"total": 50_000, "locked": 0, "available": 50_000}
    assert [line["balanceAfterMinor"] for line in history["transactions"]] == [50_000]
    assert (price["pricePerPageMinor"], price["effectiveFrom"]) == (180_000, "2025-04-01T00:00:00Z")
    assert [one["id"] for one in pricing["pricing"]] == [price["id"]]


async def test_every_example_is_taken_byte_for_byte(rest: Rest) -> None:
    await rest.tenant("t_002")
    bodies = [line for line in TOP_UPS.splitlines() if line.startswith("{")]
    totals = [
        (await rest.ask("POST", "/api/v1/admin/tenants/t_002/wallet/topup", body.encode()))["balance"]["total"]
        for body in bodies
    ]
    assert totals == [10_000, 133_450, 5_133_450]
    for body in PRICES:
        await rest.ask("POST", "/api/v1/admin/tenants/t_002/pricing", body.encode())
    listed = (await rest.ask("GET", "/api/v1/admin/tenants/t_002/pricing"))["pricing"]
    assert [(one["service"], one["pricePerPageMinor"], one["effectiveUntil"]) for one in listed] == [
        ("EPAPER", 200_000, "2025-03-01T00:00:00Z"),
        ("EPAPER", 200_000, "2025-04-01T00:00:00Z"),
        ("EPAPER", 180_000, None),
    ]
