"""Every page is built for everybody who may see it, and looks like no page to all others; without a browser."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from nicegui import core
from nicegui.testing import User, UserInteraction
from nicegui.testing.general import nicegui_reset_globals
from starlette.applications import Starlette

from dashboard import page
from dashboard.app import mount
from dashboard.components.audit_list import AuditList
from dashboard.components.menu import Menu
from tests.api import Api, api
from tests.busy import busy_url
from tests.sieve import Sieve, before

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
CREATE_RULE = """
mutation ($name: String!) { createAlertRule(input: {name: $name, condition: LOCKED}) {
  ... on AlertRulePayload { rule { id } } } }
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
# A path, what it shows, and the document without which it shows nothing.
FAILING = (
    ("/users/{member}", "A member", "UserReport"),
    ("/users/{member}/edit", "Edit A member", "UserReport"),
    ("/wallet/{wallet}", "Godavari Dairy", "Wallet"),
    ("/operation/{operation}", "Top-up", "Operation"),
    ("/tenants/{tenant}", "Godavari Dairy", "TenantReport"),
    ("/tenants/{tenant}", "Godavari Dairy", "TenantTokens"),
    ("/billing/runs/{tenant}", "No such billing run", "BillingRun"),
    ("/invoice/{tenant}", "No such invoice", "Invoice"),
    ("/", "Available", "Overview"),
    ("/", "Available", "NewestOperations"),
    ("/audit?subject={tenant}", "Godavari Dairy", "Audit"),
    ("/pricing?tenant={tenant}", "Godavari Dairy", "TenantPrices"),
    ("/pricing", "1 tenant", "TenantsInBrief"),
    ("/users", "5 users", "Users"),
    ("/tenants", "1 tenant", "Tenants"),
)
NOT_LOADED = "This could not be loaded"


@dataclass
class House:
    """The API, the dashboard before it, and what the paths name."""

    here: Api
    things: dict[str, str]
    sieve: Sieve

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
            async with before(here.url) as (url, sieve):
                mount(Starlette(), api_url=url, storage_secret="s" * 40, storage_path=folder)
                async with core.app.router.lifespan_context(core.app):
                    yield House(here, things, sieve)


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


@pytest.mark.proof
@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_that_has_no_answer_says_so_and_is_there_once_it_has_one(house: House) -> None:
    user = await house.enter("SUPER_ADMIN")
    for path, heading, document in FAILING:
        house.sieve.held = {document}
        client = await user.open(path.format(**house.things))
        await user.should_see(NOT_LOADED, retries=RETRIES)
        house.sieve.held = set()
        _press(user, "Try again")
        await user.should_see(heading, retries=RETRIES)
        await user.should_not_see(NOT_LOADED, retries=RETRIES)
        client.delete()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("path", "shown", "document"),
    [
        ("/tenants/{tenant}", "Usage by day", "TenantReport"),
        ("/wallet/{wallet}", "Balance over time", "Wallet"),
        ("/tenants", "1 tenant", "Tenants"),
        ("/", "Happening now", "NewestOperations"),
        ("/", "Happening now", "Overview"),
    ],
)
async def test_what_may_be_old_is_said_and_asked_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, shown: str, document: str
) -> None:
    """Though the connection by which changes are heard of stands all the while."""
    monkeypatch.setattr(page, "ASK_AGAIN_SECONDS", 0.2)
    user = await house.enter("SUPER_ADMIN")
    client = await user.open(path.format(**house.things))
    await user.should_see(shown, retries=RETRIES)
    house.sieve.held = {document}
    await house.here.signed_in.get(TOP_UP.replace('"k"', f'"{document}"'), wallet=house.things["wallet"])
    await user.should_see("Figures may be out of date", retries=RETRIES)
    await user.should_see(shown)
    await user.should_not_see(NOT_LOADED)
    house.sieve.held = set()
    await user.should_not_see("Figures may be out of date", retries=RETRIES)
    client.delete()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_changed_is_listed_though_names_are_not_to_be_had(house: House) -> None:
    user = await house.enter("SUPER_ADMIN")
    house.sieve.held = {"AuditNames"}
    client = await user.open("/audit?subject={tenant}&actor=system".format(**house.things))
    await user.should_see("Nothing matches", retries=RETRIES)
    client.delete()
    client = await user.open("/audit?subject={tenant}".format(**house.things))
    await user.should_see(AuditList, retries=RETRIES)
    house.sieve.held = set()
    client.delete()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_dialog_about_a_rule_stays_open_while_the_list_changes(house: House) -> None:
    await house.here.signed_in.get(CREATE_RULE, name="First")
    user = await house.enter("SUPER_ADMIN")
    client = await user.open("/alerts?tab=rules")
    await user.should_see("First", retries=RETRIES)
    user.find(Menu).trigger("choose", "Change")
    await user.should_see("Change alert rule", retries=RETRIES)
    await house.here.signed_in.get(CREATE_RULE, name="Second")
    await user.should_see("Second", retries=RETRIES)
    await user.should_see("Change alert rule")
    client.delete()


def _press(user: User, words: str) -> None:
    """The button that these words are in."""
    for element in user.find(words).elements:
        assert element.parent_slot is not None
        UserInteraction(user, {element.parent_slot.parent}, None).click()


async def _sees(user: User, path: str, heading: str) -> bool:
    client = await user.open(path)
    try:
        await user.should_see(heading, retries=RETRIES)
    except AssertionError:
        return False
    finally:
        client.delete()  # as when the browser leaves
    return True
