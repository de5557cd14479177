"""User management: an account is made, changed, suspended, and each sees who they may see."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Served

PASSWORD = "four words not together"
USER = "query ($p: String!) { user(phone: $p) { id name active vehicles { registration } } }"
CHANGE = "mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { __typename } }"
IN_TENANT = """mutation ($input: CreateUserInput!) {
    createUser(input: $input) { ... on UserPayload { user { id } } }
}"""


@pytest.mark.proof
async def test_an_administrator_makes_edits_and_suspends_a_user(meet: Meet, served: Served, arranger: Arranger) -> None:
    person = await meet()
    page = person.page
    await person.sign_in(served.phone, served.password)
    await page.goto(f"{served.url}/users/create")
    await page.get_by_label("Phone", exact=True).fill("+91 98760 00001")
    await page.get_by_label("Name", exact=True).fill("Meera Pillai")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await expect(page.get_by_text("Meera Pillai signs in with +919876000001 as member.")).to_be_visible()
    await page.get_by_role("button", name="Create user").dblclick()
    await expect(page.locator("h1")).to_have_text("Meera Pillai")
    user = arranger.send(USER, p="+919876000001")["user"]
    await page.get_by_role("link", name="Edit").click()
    await page.get_by_label("Name", exact=True).fill("Meera P")
    await expect(page.get_by_text("Is called Meera P instead of Meera Pillai.")).to_be_visible()
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.locator("h1")).to_have_text("Meera P")
    arranger.send(CHANGE, id=user["id"], input={"name": "Meera Nair"})
    await expect(page.locator("h1")).to_have_text("Meera Nair")
    await page.get_by_role("button", name="Add vehicle").click()
    await page.get_by_label("Registration").fill("kl 07 ab 1234")
    await person.confirm()
    await expect(page.get_by_label("Vehicles", exact=True).get_by_text("KL")).to_be_visible()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Suspend").click()
    await expect(page.get_by_text("cannot sign in again")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Suspend").dblclick()
    await expect(page.locator(".t-identity .t-badge")).to_have_text("Suspended")
    await page.reload()
    await expect(page.locator(".t-identity .t-badge")).to_have_text("Suspended")
    assert arranger.send(USER, p="+919876000001")["user"]["active"] is False
    await page.goto(f"{served.url}/users?search=Meera")
    await expect(page.get_by_role("row", name="Meera Nair")).to_contain_text("Suspended")


@pytest.mark.proof
async def test_a_tenants_administrator_manages_its_members_and_sees_nobody_else(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, _ = arranger.tenant("A tenant with people")
    for phone, name, role in (("+919876000011", "Its boss", "TENANT_ADMIN"), ("+919876000012", "Its member", "MEMBER")):
        given = {"phone": phone, "name": name, "password": PASSWORD, "role": role, "tenantId": tenant}
        arranger.send(IN_TENANT, input=given)
    boss = await meet(width=390)
    await boss.enter("+919876000011", PASSWORD)
    await boss.page.goto(f"{served.url}/users")
    await expect(boss.page.locator("tbody tr")).to_have_count(2)
    await expect(boss.page.locator(".t-page")).not_to_contain_text("wallet")
    await boss.page.get_by_role("link", name="Its member").click()
    await expect(boss.page.get_by_role("link", name="Edit")).to_be_visible()
    await expect(boss.page.get_by_role("region", name="Wallet")).to_contain_text("see their own wallet")
    await boss.expect_no_sideways_scroll()
    foreign = arranger.send(USER, p=served.phone)["user"]["id"]
    await boss.page.goto(f"{served.url}/users/{foreign}")
    await expect(boss.page.locator("h1")).to_have_text("No such user")
    member = await meet()
    await member.enter("+919876000012", PASSWORD)
    await member.page.goto(f"{served.url}/users")
    await expect(member.page.locator("h1")).to_have_text("No such page")
