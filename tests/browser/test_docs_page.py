"""The page at /api/v1/docs: it draws every route from our own files, and a request tried there is answered."""

import pytest
from playwright.async_api import expect

from server.openapi import DESCRIPTION
from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Served

pytestmark = pytest.mark.browser

SIGN_IN = """
mutation ($phone: String!, $password: String!) {
  signIn(phone: $phone, password: $password) { ... on SignedIn { token } } }
"""


@pytest.mark.proof
async def test_every_route_is_drawn_and_one_is_tried_with_a_token(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    arranger.tenant("Documented")
    person = await meet()
    page, complaints = person.page, list[str]()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{served.url}/api/v1/docs")
    routes = sum(len(methods) for methods in DESCRIPTION["paths"].values())
    await expect(page.locator(".opblock")).to_have_count(routes)

    variables = {"phone": served.phone, "password": served.password}
    signed_in = arranger.client.post("/graphql", json={"query": SIGN_IN, "variables": variables}).json()
    await page.get_by_role("button", name="Authorize", exact=True).first.click()
    await page.get_by_label("auth-bearer-value").fill(signed_in["data"]["signIn"]["token"])
    await page.get_by_role("button", name="Apply credentials").click()
    await page.get_by_role("button", name="Close", exact=True).click()
    listed = page.locator("#operations-Wallets-listWallets")
    await listed.locator(".opblock-summary-control").click()
    await listed.get_by_role("button", name="Try it out").click()
    await listed.get_by_role("button", name="Execute").click()
    await expect(listed.locator(".live-responses-table .response-col_description").last).to_contain_text("Documented")
    assert complaints == []
    assert await page.evaluate("() => JSON.stringify([Object.entries(localStorage), document.cookie])") == '[[],""]'
