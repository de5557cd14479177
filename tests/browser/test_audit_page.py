"""Who changed what stands on a page that keeps up by itself, and can be asked for by who, what, when and about what."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served
from tests.browser.test_axe import complaints

pytestmark = pytest.mark.browser

CHANGE = "mutation ($id: ID!, $input: UpdateTenantInput!) { updateTenant(id: $id, input: $input) { __typename } }"


async def open_audit(person: Person, query: str = "") -> Page:
    await person.page.goto(f"{person.url}/audit{query}")
    await expect(person.page.locator(".t-audit__entry").first).to_be_visible()
    return person.page


@pytest.mark.proof
async def test_what_was_changed_is_said_in_words_and_found_by_subject_action_and_person(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, _ = arranger.tenant("Changing Times", graceDays=2)
    arranger.send(CHANGE, id=tenant, input={"name": "Changed Times", "graceDays": 5})
    arranger.price(tenant, "180050", "2027-01-01T00:00:00+05:30")
    arranger.user("+919900002001", "four words not together", "SUPPORT")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    page = await open_audit(person, f"?subject={tenant}")
    entries = page.locator(".t-audit__entry")
    await expect(entries).to_have_count(2)
    await expect(entries.first).to_contain_text("Administrator changed the tenant Changed Times")
    changes = entries.first.locator(".t-audit__change")
    await expect(changes).to_have_text(
        ["Namebefore: Changing Timesafter: Changed Times", "Grace periodbefore: 2 daysafter: 5 days"]
    )
    await expect(page.get_by_text("Only what was done to Changed Times")).to_be_visible()
    assert await complaints(page, ".t-audit") == []
    await page.get_by_role("button", name="Show everything").click()
    priced = page.locator(".t-audit__entry").filter(has_text="set the price EPAPER, Changed Times")
    await expect(priced).to_contain_text("₹1,800.50")
    await expect(priced).to_contain_text("1 Jan 2027, 12:00 am")
    await expect(priced.get_by_role("link", name="EPAPER, Changed Times", exact=True)).to_have_attribute(
        "href", f"/pricing?tenant={tenant}"
    )
    await page.get_by_label("Did what").click()
    await page.get_by_role("option", name="Created the user").click()
    await page.get_by_label("Who", exact=True).fill("the sys")
    await page.get_by_role("button", name="The system").click()
    await expect(page.locator(".t-audit__entry")).to_have_count(1)
    await expect(page.locator(".t-audit__entry")).to_contain_text("The system created the user Administrator")
    await expect(page).to_have_url(f"{served.url}/audit?actor=system&action=createUser")
    await page.reload()
    await expect(page.get_by_label("Who", exact=True)).to_have_value("The system")
    await expect(page.locator(".t-audit__entry")).to_have_count(1)
    await page.get_by_label("Until").fill("2001-01-01")
    await expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()


@pytest.mark.proof
async def test_new_entries_come_on_the_first_page_and_move_nothing_on_the_others(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, _ = arranger.tenant("Busy Times")
    for days in range(1, 30):
        arranger.send(CHANGE, id=tenant, input={"graceDays": days})
    reader, watcher = await meet(), await meet(width=390, dark=True)
    for one in (reader, watcher):
        await one.sign_in(served.phone, served.password)
        await open_audit(one, f"?subject={tenant}")
        await expect(one.page.locator(".t-light")).to_have_text("Live")
    await reader.page.get_by_role("button", name="Next").click()
    left = reader.page.locator(".t-audit__entry")
    await expect(left).to_have_count(5)
    before = await left.all_inner_texts()
    arranger.send(CHANGE, id=tenant, input={"name": "Busier Times"})
    first = watcher.page.locator(".t-audit__entry").first
    await expect(first).to_contain_text("Busier Times")
    await expect(first).to_have_class("t-audit__entry t-flash-a")
    await expect(watcher.page.locator(".t-audit__entry")).to_have_count(25)
    assert await left.all_inner_texts() == before
    await reader.page.get_by_role("button", name="Previous").click()
    await expect(reader.page.locator(".t-audit__entry").first).to_contain_text("Busier Times")
