"""The search box finds from any page what its viewer may see, and is worked with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Served
from tests.browser.test_axe import complaints

pytestmark = pytest.mark.browser

PASSWORD = "four words not together"


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def found(page: Page) -> Locator:
    return page.locator("#found-list").get_by_role("option")


@pytest.mark.proof
async def test_it_finds_by_name_number_and_id_with_the_keyboard_alone(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, wallet = arranger.tenant("Saffron Quarterly", externalId="saffron-1")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    page, keys = person.page, person.page.keyboard
    await page.goto(f"{served.url}/wallet")
    await page.get_by_label("Search name or phone").press_sequentially("sa/ffron")
    await expect(page.get_by_label("Search name or phone")).to_have_value("sa/ffron")
    await page.get_by_role("link", name="Access").focus()
    await keys.press("/")
    await expect(field(page)).to_be_focused()
    await expect(page.get_by_text("or any id")).to_be_visible()
    await keys.type("saffron q")
    await expect(found(page)).to_have_count(2)
    await expect(page.locator("#found-list .t-find__title")).to_have_text(["Tenants", "Wallets"])
    await expect(found(page).first).to_have_attribute("aria-selected", "true")
    assert await complaints(page, ".t-find") == []
    await keys.press("ArrowDown")
    await expect(found(page).nth(1)).to_have_attribute("aria-selected", "true")
    await expect(field(page)).to_have_attribute("aria-activedescendant", f"found-{wallet}")
    await keys.press("Enter")
    await expect(page).to_have_url(f"{served.url}/wallet/{wallet}")
    await expect(page.locator("h1")).to_have_text("Saffron Quarterly")
    await page.get_by_role("link", name="Audit").focus()
    await keys.press("/")
    await expect(found(page)).to_have_count(1)
    await expect(page.locator("#found-list")).to_contain_text("Opened lately")
    await keys.type(tenant)
    await keys.press("Enter")
    await expect(page).to_have_url(f"{served.url}/tenants/{tenant}")
    await page.goto(f"{served.url}/access")
    await page.get_by_role("link", name="Audit").focus()
    await keys.press("/")
    await keys.type("nobody is called so")
    await expect(page.get_by_text("Nothing is called “nobody is called so”.")).to_be_visible()
    await keys.press("Escape")
    await expect(field(page)).to_have_value("")
    await keys.press("Escape")
    await expect(page.get_by_role("link", name="Audit")).to_be_focused()
    await expect(page.locator(".t-find__panel")).to_be_hidden()
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_label("Old password")).to_be_visible()
    await page.locator(".t-dialog").get_by_role("button", name="Close").focus()
    await keys.press("/")
    await expect(field(page)).not_to_be_focused()


@pytest.mark.proof
async def test_a_member_finds_their_own_at_390_pixels_and_nobody_elses(meet: Meet, arranger: Arranger) -> None:
    mine, wallet = arranger.tenant("Cardamom Weekly")
    other, _ = arranger.tenant("Cardamom Rivals")
    arranger.user("+919900003001", PASSWORD, "MEMBER", tenantId=mine)
    person = await meet(width=390, dark=True)
    page = person.page
    await page.goto(f"{person.url}/login?back=/access")
    await person.type_credentials("+919900003001", PASSWORD)
    await expect(page.locator("h1")).to_have_text("Access")
    out = await page.get_by_role("button", name="Sign out").bounding_box()
    assert out is not None
    assert out["x"] + out["width"] <= 390
    await page.get_by_role("button", name="Search").click()
    await expect(field(page)).to_be_focused()
    await page.keyboard.type("cardamom")
    await expect(found(page)).to_have_count(2)
    await expect(page.locator("#found-list")).not_to_contain_text("Rivals")
    await person.expect_no_sideways_scroll()
    assert await complaints(page, ".t-find") == []
    await field(page).fill(other)
    await expect(page.get_by_text("Nothing is called")).to_be_visible()
    await field(page).fill("cardamom")
    await found(page).first.click()
    await expect(page).to_have_url(f"{person.url}/wallet/{wallet}")
