"""Whatever the whole schema is asked by a SUPER_ADMIN, no answer is a failure of ours."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema

from resolvers.root import schema
from tests.api import Api, api
from tests.fuzz import mistakes, scalars
from tests.programs import ROOT, inherited

ENDING = ("signOut", "changePassword")
"""They would end the session that asks."""
TENANT = """
mutation { createTenant(input: {name: "One", externalId: "a"}) {
  ... on TenantPayload { tenant { id wallet { id } } } } }
"""
USER = """
mutation { createUser(input: {phone: "+919876511111", name: "Ravi", password: "correct horse battery"}) {
  ... on UserPayload { user { id } } } }
"""
PROGRAM = "from schemathesis.cli import schemathesis; schemathesis()"
PRICE = """
mutation ($tenant: ID!) { setPrice(input: {tenantId: $tenant, service: "EPAPER", unitPriceMinor: "100",
  unit: "page", effectiveFrom: "2025-01-01T00:00:00Z"}) { ... on PricePayload { price { id } } } }
"""
TOP_UP = """
mutation ($wallet: ID!) { topUp(input: {walletId: $wallet, amountMinor: 100000, idempotencyKey: "k"}) {
  ... on MoneyPayload { transactions { id operation { id } } } } }
"""
SMOKE, EXAMPLES = 25, 60


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Api]:
    async with api(database_url, "2025-02-01T00:00:00+00:00") as served:
        yield served


async def furnished(here: Api) -> list[str]:
    """Ids of one thing of each kind."""
    tenant = (await here.signed_in.get(TENANT))["tenant"]
    user = (await here.signed_in.get(USER))["user"]["id"]
    wallet = tenant["wallet"]["id"]
    price = (await here.signed_in.get(PRICE, tenant=tenant["id"]))["price"]["id"]
    (line,) = (await here.signed_in.get(TOP_UP, wallet=wallet))["transactions"]
    return [tenant["id"], user, wallet, price, line["id"], line["operation"]["id"]]


async def test_documents_made_up_from_the_schema_are_answered(here: Api) -> None:
    root = schema._schema
    assert root.query_type
    assert root.mutation_type
    fields = [name for name in (*root.query_type.fields, *root.mutation_type.fields) if name not in ENDING]
    ids = scalars(await furnished(here))
    documents = st.sampled_from(fields).flatmap(lambda name: from_schema(root, fields=[name], custom_scalars=ids))
    data: list[Any] = []
    with httpx.Client(headers=here.signed_in.headers, trust_env=False) as client:

        @settings(max_examples=SMOKE, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(documents)
        def ask(document: str) -> None:
            response = client.post(here.url, json={"query": document})
            assert mistakes(response.status_code, response.json()) == []
            data.append(response.json().get("data"))

        await asyncio.to_thread(ask)
    assert any(data)


@pytest.mark.proof
async def test_schemathesis_finds_nothing_in_the_whole_schema(here: Api, tmp_path: Path) -> None:
    """The program itself, on every field of the roots."""
    words = ["-c", PROGRAM, "run", here.url, "--checks", "answered", "--phases", "fuzzing", "--no-color"]
    words += ["--max-examples", str(EXAMPLES), "--warnings", "off"]
    for name in ENDING:
        words += ["--exclude-name", f"Mutation.{name}"]
    for name, value in {**here.signed_in.headers, "Accept": "application/json"}.items():
        words += ["--header", f"{name}: {value}"]
    ids = {"TIJORI_FUZZ_IDS": json.dumps(await furnished(here))}
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=tmp_path,
        env={**inherited(), **ids, "SCHEMATHESIS_HOOKS": "tests.schemathesis_hooks", "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await program.communicate()
    assert (program.returncode, b"No issues found" in output) == (0, True), output.decode()
    assert await here.signed_in.get("{ viewer { role } }") == {"role": "SUPER_ADMIN"}
