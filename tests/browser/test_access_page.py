"""People see where they are signed in and end it; tokens are made, shown once, and revoked."""

import re

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Meet
from tests.browser.lines import slow_line
from tests.browser.people import Arranger, Person, Served
from tests.browser.test_axe import complaints

pytestmark = pytest.mark.browser

TOKENS = "query ($id: ID!) { tenant(id: $id) { apiTokens { edges { node { id } } } } }"
PASSWORD, NEW = "four words not together", "four other words apart"


async def at_access(person: Person, phone: str, password: str = PASSWORD) -> Page:
    await person.page.goto(f"{person.url}/login?back=/access")
    await person.type_credentials(phone, password)
    await expect(person.page.locator("h1")).to_have_text("Access")
    await expect(person.page.get_by_text("This one")).to_be_visible()
    return person.page


def rows(page: Page, card: str) -> Locator:
    return page.get_by_role("region", name=card).locator("tbody tr[data-id]")


@pytest.mark.proof
async def test_one_sees_where_one_is_signed_in_and_ends_it_by_a_button_or_a_new_password(
    meet: Meet, arranger: Arranger
) -> None:
    arranger.user("+919900001001", PASSWORD, "SUPPORT")
    person, phone, laptop = await meet(), await meet(width=390, dark=True), await meet()
    page = await at_access(person, "+919900001001")
    await expect(rows(page, "Your sessions")).to_have_count(1)
    await expect(page.get_by_role("button", name="End all others")).to_be_hidden()
    await at_access(phone, "+919900001001")
    await phone.expect_no_sideways_scroll()
    await expect(rows(page, "Your sessions")).to_have_count(2)
    await expect(rows(page, "Your sessions").nth(1)).to_contain_text("Chrome on Linux")
    await rows(page, "Your sessions").nth(1).get_by_role("button", name="End").click()
    await expect(page.locator(".t-preview")).to_contain_text("is signed out within seconds")
    await page.locator(".t-dialog .t-btn--danger").dblclick()
    await expect(rows(page, "Your sessions")).to_have_count(1)
    await expect(phone.page.get_by_label("Password")).to_be_visible()
    await at_access(laptop, "+919900001001")
    await page.get_by_role("button", name="Change password").click()
    dialog = page.locator(".t-dialog")
    await expect(dialog).to_contain_text("signs you out everywhere but here")
    await dialog.get_by_label("New password").fill("support12345")
    await expect(dialog.locator(".t-strength")).to_contain_text("among those that are tried first")
    await dialog.get_by_label("New password").fill(NEW)
    await expect(dialog.locator(".t-strength__step--positive")).to_have_count(4)
    await dialog.get_by_label("Old password").fill("not the old one at all")
    await expect(dialog.locator(".t-preview")).to_contain_text("1 other place is signed out")
    assert await complaints(page, ".t-dialog") == []
    await dialog.get_by_role("button", name="Change password").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("The old password is wrong.")
    await dialog.get_by_label("Old password").fill(PASSWORD)
    await expect(dialog.get_by_role("button", name="Change password")).to_be_enabled()
    await dialog.get_by_role("button", name="Change password").click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await expect(rows(page, "Your sessions")).to_have_count(1)
    await expect(laptop.page.get_by_label("Password")).to_be_visible()
    await at_access(laptop, "+919900001001", NEW)
    await page.get_by_role("button", name="End all others").click()
    await expect(page.locator(".t-preview")).to_contain_text("You stay signed in here.")
    await page.locator(".t-dialog .t-btn--danger").dblclick()
    await expect(rows(page, "Your sessions")).to_have_count(1)
    await expect(laptop.page.get_by_label("Password")).to_be_visible()


@pytest.mark.proof
async def test_a_token_is_made_shown_once_used_and_revoked(meet: Meet, served: Served, arranger: Arranger) -> None:
    tenant, _ = arranger.tenant("Token Bearers")
    arranger.user("+919900001002", PASSWORD, "SUPER_ADMIN")
    page = await at_access(await meet(), "+919900001002")
    await page.get_by_role("button", name="New token").click()
    dialog = page.locator(".t-dialog")
    make = dialog.get_by_role("button", name="Make the token")
    await dialog.get_by_label("Name, such").fill("Print server")
    await dialog.get_by_role("button", name="Nothing").click()
    await dialog.get_by_role("checkbox", name="Report usage").click()
    await expect(make).to_be_disabled()
    await dialog.get_by_label("Tenant: search").fill("token b")
    await dialog.get_by_role("button", name="Token Bearers").click()
    await expect(dialog.locator(".t-preview")).to_contain_text("of Token Bearers alone. Changes 1, reads nothing.")
    assert await complaints(page, ".t-dialog") == []
    await make.dblclick()
    once = page.get_by_role("dialog", name="The token of Print server")
    await expect(once).to_contain_text("you will not see it again")
    token = await once.get_by_role("textbox", name="The token").inner_text()
    curl = await once.get_by_role("textbox", name="A first request").inner_text()
    assert await complaints(page, ".t-dialog") == []
    assert token in curl
    assert f"{served.url}/graphql" in curl
    body = re.search(r"-d '(.*)'", curl)
    assert body is not None
    assert tenant in body[1]
    ask = {"content": body[1], "headers": {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = (await client.post(f"{served.url}/graphql", **ask)).json()  # type: ignore[arg-type]
        assert answer["data"]["recordUsage"]["__typename"] in ("UsagePayload", "UsageRefused")
        await once.get_by_role("button", name="I have copied it").click()
        row = rows(page, "API tokens").filter(has_text=token[:10])
        await expect(row).to_contain_text("Works")
        await expect(once).to_have_count(0)
        assert token not in await page.content()
        await row.get_by_role("button", name="Print server", exact=False).first.click()
        await expect(page.get_by_role("region", name="API tokens")).to_contain_text("usage:write")
        await row.get_by_role("button", name="Revoke").click()
        await expect(page.locator(".t-preview")).to_contain_text("What stops, of Token Bearers: report usage")
        await page.locator(".t-dialog .t-btn--danger").dblclick()
        await expect(row).to_contain_text("Revoked")
        await expect(row.get_by_role("button", name="Revoke")).to_have_count(0)
        refused = (await client.post(f"{served.url}/graphql", **ask)).json()  # type: ignore[arg-type]
        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.proof
async def test_a_tenants_people_have_what_the_api_gives_them_and_no_other_page(meet: Meet, arranger: Arranger) -> None:
    tenant, _ = arranger.tenant("Modest Press")
    arranger.user("+919900001003", PASSWORD, "TENANT_ADMIN", tenantId=tenant)
    arranger.user("+919900001004", PASSWORD, "MEMBER", tenantId=tenant)
    boss, member = await meet(), await meet()
    line = await slow_line(boss)
    page = await at_access(boss, "+919900001003")
    await page.get_by_role("button", name="New token").click()
    dialog = page.locator(".t-dialog")
    await expect(dialog).to_contain_text("It sees Modest Press and nothing else.")
    await expect(dialog.get_by_role("checkbox", name="Read balances")).to_be_visible()
    await expect(dialog.get_by_role("checkbox", name="changes")).to_have_count(0)
    await dialog.get_by_label("Name, such").fill("Reader")
    await dialog.get_by_role("button", name="Reads all").click()
    make = dialog.get_by_role("button", name="Make the token")
    await expect(make).to_be_enabled()
    line.keep_back(awaited="is made")
    await make.click()
    await line.was_said.wait()
    await make.click()
    line.release()
    await page.get_by_role("button", name="I have copied it").click()
    await expect(rows(page, "API tokens")).to_have_count(1)
    made = arranger.send(TOKENS, id=tenant)["tenant"]["apiTokens"]["edges"]
    assert len(made) == 1, "pressed again on a slow line, it was made twice"
    theirs = await at_access(member, "+919900001004")
    await expect(theirs.get_by_role("region", name="API tokens")).to_have_count(0)
    for one in (page, theirs):
        await expect(one.get_by_role("link", name="Audit")).to_have_count(0)
        await one.goto(f"{boss.url}/audit")
        await expect(one.locator("h1")).to_have_text("No such page")
        await expect(one).to_have_title("No such page · Tijori")
