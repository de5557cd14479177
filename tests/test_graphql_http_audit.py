"""GraphQL over HTTP as its own auditors see it: the npm package graphql-http, run by Node against a real server."""

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.api import Api, api
from tests.database import copy
from tests.programs import ROOT

FOLDER = ROOT / "tests" / "node"
DECLINED = {
    "5A70": "MAY accept application/x-www-form-urlencoded formatted GET requests",
    "D6D5": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/graphql-response+json",
    "6A70": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json",
}
"""On purpose: what a GET asks is in logs and histories, and a link of another site may ask it."""
BY_INTROSPECTION = {
    "2EA1": "SHOULD allow map {variables} parameter when accepting application/graphql-response+json",
    "28B9": "MUST allow map {variables} parameter when accepting application/json",
}
"""Audits that ask `__type`, which only administrators may."""


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """A command in the folder of what Node needs."""
    return subprocess.run(words, cwd=FOLDER, text=True, capture_output=True, check=False)


def missing(why: str) -> None:
    """Skips the test, or fails it where Node is required."""
    if os.environ.get("TIJORI_NODE_REQUIRED") == "1":
        pytest.fail(f"{why}, and TIJORI_NODE_REQUIRED is set")
    pytest.skip(f"{why}: install Node.js 18 or newer with npm, and run `npm ci` in tests/node")


def is_installed() -> bool:
    """Exactly what the lock file names."""
    there = FOLDER / "node_modules" / ".package-lock.json"
    if not there.exists():
        return False
    wanted, found = (json.loads(path.read_text())["packages"] for path in (FOLDER / "package-lock.json", there))
    return all(found.get(name, {}).get("version") == one.get("version") for name, one in wanted.items() if name)


@pytest.fixture(scope="module")
def node() -> str:
    """The path of a Node that has what the audit needs."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        missing("no Node.js found")
    assert found is not None
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers, or two runs, install once
        if not is_installed():
            done = run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            if done.returncode:
                missing(f"npm ci did not work ({done.stderr.strip()[-200:]})")
    return found


@pytest_asyncio.fixture(scope="module")
async def here(database_server: Any, administrator: Any, node: str) -> AsyncIterator[Api]:
    async with copy(database_server, administrator) as url, api(url) as served:
        yield served


async def audit(node: str, *arguments: str) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """The audits that are not satisfied: those that may be declined, and those that may not."""
    done = await asyncio.to_thread(run, node, "audit.mjs", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) > 60
    assert {result["status"] for result in results} <= {"ok", "notice", "warn", "error"}
    declined = {result["id"]: result["name"] for result in results if result["status"] == "notice"}
    wrong = {result["id"]: result for result in results if result["status"] in ("warn", "error")}
    return declined, wrong


async def test_an_administrators_audit_finds_no_error_and_no_warning_and_we_decline_gets_only(
    here: Api, node: str
) -> None:
    assert here.admin.token is not None
    assert await audit(node, here.url, here.admin.token) == (DECLINED, {})


async def test_somebody_without_a_token_is_answered_alike_but_for_the_schema(here: Api, node: str) -> None:
    declined, wrong = await audit(node, here.url)
    assert declined == DECLINED
    assert {name: result["name"] for name, result in wrong.items()} == BY_INTROSPECTION
