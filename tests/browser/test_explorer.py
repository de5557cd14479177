"""The page at /graphql: administrators explore the API, others are told why not, and leaving ends the session."""

import asyncio
from contextlib import suppress

import httpx
import pytest
from playwright.async_api import Request, expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served

pytestmark = pytest.mark.browser

EDITOR = ".graphiql-query-editor .CodeMirror"
KEPT = "() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"
MEMBER = """
mutation ($input: CreateUserInput!) { createUser(input: $input) { ... on UserPayload { user { id } } } }
"""


async def enter(person: Person, phone: str, password: str) -> None:
    await person.page.goto(f"{person.url}/graphql")
    await person.type_credentials(phone, password)


async def ask(person: Person, document: str, answer: str) -> None:
    """Until it is answered: the page looks at what was typed once typing has paused, and asks in the old way before."""
    await expect(person.page.locator(EDITOR)).to_be_visible()
    await person.page.locator(EDITOR).evaluate("(editor, text) => editor.CodeMirror.setValue(text)", document)
    async with asyncio.timeout(20):
        while True:
            await person.page.locator(".graphiql-execute-button").click()
            with suppress(AssertionError):
                return await expect(person.page.locator(".result-window")).to_contain_text(answer, timeout=700)


def told(person: Person) -> list[str]:
    """What the browser complains of in this page, such as what its policy forbids."""
    complaints: list[str] = []
    person.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return complaints


@pytest.mark.proof
async def test_an_administrator_signs_in_asks_and_watches_and_leaves_nothing_behind(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Explored")
    person = await meet()
    complaints, tokens = told(person), set[str]()

    def note(request: Request) -> None:
        tokens.add(request.headers.get("authorization", "").removeprefix("Bearer "))

    person.page.on("request", note)
    await enter(person, served.phone, served.password)
    await ask(person, "{ viewer { role } }", "SUPER_ADMIN")
    await person.page.get_by_role("button", name="Show Documentation Explorer").click()
    await expect(person.page.get_by_text("A GraphQL schema provides a root type")).to_be_visible()
    await ask(person, f'subscription {{ walletEvents(walletId: "{wallet}") {{ __typename }} }}', "WalletSnapshot")
    arranger.top_up(wallet, 500)
    await expect(person.page.locator(".result-window")).to_contain_text("WalletChange")

    (token,) = tokens - {""}
    assert token not in await person.page.evaluate(KEPT)
    assert complaints == []
    assert is_good(arranger, token)
    await person.page.goto(f"{person.url}/healthz")
    await ended(arranger, token)


def is_good(arranger: Arranger, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    response = arranger.client.post("/graphql", json={"query": "{ tenants { totalCount } }"}, headers=headers)
    return "errors" not in response.json()


async def ended(arranger: Arranger, token: str) -> None:
    """A page's last request is on its way when the page has gone."""
    async with asyncio.timeout(20):
        while True:
            if not is_good(arranger, token):
                return
            await asyncio.sleep(0.05)  # nothing tells when it has come


@pytest.mark.proof
async def test_who_is_no_administrator_is_told_so_and_gets_no_more_of_the_page(
    meet: Meet, arranger: Arranger, served: Served
) -> None:
    tenant, _ = arranger.tenant("With a curious member")
    phone, password = "+919900000777", "a password of somebody else"
    arranger.send(MEMBER, input={"phone": phone, "name": "Ravi", "password": password, "tenantId": tenant})
    person = await meet(width=390, dark=True)
    await enter(person, phone, password)
    await person.expect_no_sideways_scroll()
    problem = person.page.get_by_role("alert")
    await expect(problem).to_contain_text("The schema is shown to administrators")
    await person.type_credentials(phone, "another password")
    await expect(problem).to_contain_text("wrong")
    assert [url for url in person.requests if url.endswith(("graphiql.min.js", "start.js"))] == []
    async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
        assert (await client.post("/explorer/files")).status_code == 401
