"""Every page is built for everybody who may see it, and looks like no page to all others; without a browser."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from nicegui import core
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals
from starlette.applications import Starlette

from dashboard.app import mount
from tests.api import Api, api
from tests.busy import busy_url

database_url = busy_url
PASSWORD = "four words not together"
CREATE_TENANT = """
mutation { createTenant(input: {name: "Godavari Dairy", externalId: "t_1"}) {
  ... on TenantPayload { tenant { id wallet { id } } } } }
"""
CREATE_USER = """
mutation ($input: CreateUserInput!) { createUser(input: $input) { ... on UserPayload { user { id } } } }
"""
TOP_UP = """
mutation ($wallet: ID!) { topUp(input: {walletId: $wallet, amountMinor: 500000, idempotencyKey: "k"}) {
  ... on MoneyPayload { operationId } } }
"""
ROLES = {"SUPER_ADMIN": "+919876500011", "SUPPORT": "+919876500012", "TENANT_ADMIN": "+919876500013"}
ROLES["MEMBER"] = "+919876500014"
NO_PAGE = "No such page"
RETRIES = 100
"""Of a tenth of a second: only a page that never shows it waits as long."""
ADMINS, STAFF = ("SUPER_ADMIN", "SUPPORT"), ("SUPER_ADMIN", "SUPPORT", "TENANT_ADMIN")
ALL = tuple(ROLES)
# A path, what its heading says, and who sees it.
PAGES = (
    ("/users", "User Management", STAFF),
    ("/users/create", "Create user", ("SUPER_ADMIN", "TENANT_ADMIN")),
    ("/users/{member}", "A member", STAFF),
    ("/users/{member}/edit", "Edit A member", ("SUPER_ADMIN", "TENANT_ADMIN")),
    ("/wallet", "Wallet Management", ADMINS),
    ("/wallet/{wallet}", "Godavari Dairy", ALL),
    ("/operation/{operation}", "Top-up", ALL),
    ("/tenants", "Tenants", ADMINS),
    ("/tenants/{tenant}", "Godavari Dairy", STAFF),
    ("/pricing", "Pricing", ALL),
    ("/alerts", "Alerts", ALL),
    ("/access", "Access", ALL),
    ("/audit", "Audit", ADMINS),
)


@dataclass
class House:
    """The API, the dashboard before it, and what the paths name."""

    here: Api
    things: dict[str, str]

    async def enter(self, role: str) -> User:
        """Somebody of that role, signed in by the form's own request."""
        transport = httpx.ASGITransport(core.app)
        user = User(httpx.AsyncClient(transport=transport, base_url="http://test"))
        user.javascript_rules[re.compile(r".*tijori\.zone")] = lambda _: "Asia/Kolkata"
        await user.http_client.get("/login")
        typed = {"phone": ROLES[role], "password": PASSWORD, "back": "/"}
        answer = await user.http_client.post("/login", json=typed)
        assert answer.json() == {"next": "/"}, answer.text
        return user


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with api(database_url) as here:
        tenant = (await here.signed_in.get(CREATE_TENANT))["tenant"]
        operation = (await here.signed_in.get(TOP_UP, wallet=tenant["wallet"]["id"]))["operationId"]
        things = {"tenant": tenant["id"], "wallet": tenant["wallet"]["id"], "operation": operation}
        for role, phone in ROLES.items():
            home = None if role in ADMINS else tenant["id"]
            given = {"phone": phone, "name": f"A {role.lower()}", "password": PASSWORD, "role": role, "tenantId": home}
            made = await here.signed_in.get(CREATE_USER, input=given)
            things[role.lower()] = made["user"]["id"]
        with nicegui_reset_globals():
            folder: Path = tmp_path_factory.mktemp("sessions")
            mount(Starlette(), api_url=here.url, storage_secret="s" * 40, storage_path=folder)
            async with core.app.router.lifespan_context(core.app):
                yield House(here, things)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("role", ROLES)
async def test_each_page_is_there_for_whom_it_is_for(house: House, role: str) -> None:
    user = await house.enter(role)
    wrong = {}
    for path, heading, roles in PAGES:
        expected = heading if role in roles else NO_PAGE
        if not await _sees(user, path.format(**house.things), expected):
            wrong[path] = expected
    assert wrong == {}


async def _sees(user: User, path: str, heading: str) -> bool:
    client = await user.open(path)
    try:
        await user.should_see(heading, retries=RETRIES)
    except AssertionError:
        return False
    finally:
        client.delete()  # as when the browser leaves
    return True
