"""Whatever the REST routes are sent, by their description or against it, they answer as they are described."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.api import api
from tests.programs import ROOT, inherited

PROGRAM = "from schemathesis.cli import schemathesis; schemathesis()"
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
TENANT = 'mutation { createTenant(input: {name: "Fuzzed", externalId: "t_001"}) { __typename } }'


@pytest.mark.proof
async def test_schemathesis_finds_nothing_in_the_routes(database_url: str, tmp_path: Path) -> None:
    async with api(database_url) as here:
        await here.admin.get(TENANT)
        description = here.url.replace("/graphql", "/api/v1/openapi.json")
        words = ["-c", PROGRAM, "run", description, "--checks", ",".join(CHECKS), "--max-examples", "40", "--no-color"]
        words += ["--phases", "examples,coverage,fuzzing", "--warnings", "off"]
        words += ["--header", f"Authorization: Bearer {here.admin.token}"]
        environment = {**inherited(), "PYTHONPATH": str(ROOT)}
        program = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await program.communicate()
        assert (program.returncode, b"No issues found" in output) == (0, True), output.decode()
