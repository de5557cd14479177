"""Prices are added, changed and cancelled on their page; a draft is rehearsed there, and set for those it was of."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served

pytestmark = pytest.mark.browser

MEMBER = "+919812345678"
LAST_MONTH = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
YEAR = datetime.now(UTC).year + 1
NEW_YEAR = f"{YEAR}-01-01"


async def open_prices(person: Person, tenant: str, view: str = "timeline") -> None:
    await person.page.goto(f"{person.url}/pricing?tenant={tenant}&view={view}")
    await expect(person.page.get_by_role("tab", name=view.capitalize())).to_have_attribute("aria-selected", "true")


def stretches(person: Person) -> Locator:
    return person.page.locator(".t-timeline__list li")


async def fill(dialog: Locator, **fields: str) -> None:
    for label, value in fields.items():
        await dialog.get_by_label(re.compile(label.replace("_", " "), re.IGNORECASE)).fill(value)


@pytest.mark.proof
async def test_a_price_is_added_changed_while_scheduled_and_cancelled(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, wallet = arranger.tenant("Price Setters")
    arranger.price(tenant, "200000", f"{LAST_MONTH}-01T00:00:00Z")
    arranger.top_up(wallet, 10_000_000)
    arranger.bill_pages(tenant, 12, LAST_MONTH)
    person, watcher = await meet(), await meet(width=390, dark=True)
    for one in (person, watcher):
        await one.sign_in(served.phone, served.password)
        await open_prices(one, tenant)
        await expect(stretches(one)).to_have_count(1)
    dialog = person.page.locator(".t-dialog")
    await person.page.get_by_role("button", name="Add a price").click()
    await fill(dialog, Price_of_one="1800", Begins=f"{LAST_MONTH}-20T00:00")
    await expect(dialog.get_by_role("alert")).to_contain_text("has been billed: its prices are history")
    await expect(dialog.get_by_role("button", name="Set the price")).to_be_disabled()
    await dialog.get_by_role("button", name="Begin on").click()
    await expect(dialog.locator(".t-preview")).to_contain_text("what was used since then is billed at it")
    await fill(dialog, Begins=f"{NEW_YEAR}T00:00")
    preview = dialog.locator(".t-preview__line")
    await expect(preview).to_contain_text(
        [
            "EPAPER costs ₹1,800.00 a page",
            "Until then: ₹2,000.00 a page.",
            "₹21,600.00 instead of ₹24,000.00, ₹2,400.00 less",
        ]
    )
    await dialog.get_by_role("button", name="Set the price").dblclick()
    await expect(dialog).to_have_count(0)
    for one in (person, watcher):
        await expect(stretches(one)).to_have_count(2)
        await expect(stretches(one).last).to_contain_text("Scheduled")
    await stretches(person).last.get_by_role("button", name="Change").click()
    await expect(dialog.get_by_label("Price of one")).to_have_value("1800.00")
    await fill(dialog, Price_of_one="0.0025", Begins=f"{NEW_YEAR}T05:30")
    await expect(preview.first).to_contain_text("₹0.0025 a page")
    await person.confirm()
    await expect(stretches(watcher)).to_have_count(2)
    await expect(stretches(watcher).last).to_contain_text("₹0.0025 a page")
    await stretches(person).first.get_by_role("button", name="Cancel").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("has been billed")
    await dialog.get_by_role("button", name="Close").click()
    await stretches(person).last.get_by_role("button", name="Cancel").click()
    await expect(preview).to_have_text(["₹2,000.00 a page goes on"])
    await dialog.get_by_role("button", name="Cancel the price").click()
    for one in (person, watcher):
        await expect(stretches(one)).to_have_count(1)
    await watcher.expect_no_sideways_scroll()


@pytest.mark.proof
async def test_a_draft_with_tiers_is_rehearsed_for_one_and_for_all_and_set_for_them(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    """The dirhams keep the others' tenants out of all."""
    tenants = {}
    for name, pages, paid in (("Rehearsed Much", 120, 30_000_000), ("Rehearsed Little", 10, 1_500_000)):
        tenants[name], wallet = arranger.tenant(name, currency="AED")
        arranger.price(tenants[name], "10000", f"{LAST_MONTH}-01T00:00:00Z")
        arranger.top_up(wallet, paid)
        arranger.bill_pages(tenants[name], pages, LAST_MONTH)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await open_prices(person, tenants["Rehearsed Little"], "rehearsal")
    form = person.page.locator("section[aria-label='Rehearse a price']")
    rows = person.page.locator("section[aria-label='Tenant by tenant'] tbody tr")
    await form.get_by_role("button", name="Rehearse").click()
    await expect(form.get_by_role("alert")).to_contain_text("Type the service and what it would cost")
    await form.get_by_label("How it is charged").click()
    await person.page.get_by_role("option", name="Tiers, each part at its own price").click()
    for label, value in (("Up to", "100"), ("Each", "200"), ("Once (optional)", "50")):
        await form.get_by_role("group", name="Tier 1").get_by_label(label).fill(value)
    await form.get_by_role("group", name="Tier 2").get_by_label("Each").fill("0.5")
    await form.get_by_role("button", name="Rehearse").click()
    await expect(rows).to_have_count(1)
    await person.expect_figures(Charged="AED\u00a01,000.00", **{"At the draft": "AED\u00a02,050.00"})
    await form.get_by_label("For").click()
    await person.page.get_by_role("option", name="All tenants in AED").click()
    await form.get_by_role("button", name="Rehearse").click()
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Rehearsed Much")
    await person.expect_figures(
        Difference="+AED\u00a09,110.00", **{"At the draft": "AED\u00a022,110.00", "Would have locked": "0"}
    )
    await rows.first.click()
    await expect(person.page.locator(".t-row__details li")).to_contain_text(["120 used"])
    await person.page.get_by_role("button", name="Schedule it").click()
    dialog = person.page.locator(".t-dialog")
    await dialog.get_by_label("From midnight of").fill(f"{LAST_MONTH}-20")
    await expect(dialog.locator(".t-preview")).to_contain_text("Not Rehearsed Much: That day has been billed")
    await expect(dialog.get_by_role("button", name="Set it")).to_be_disabled()
    arranger.price(tenants["Rehearsed Much"], "900", f"{NEW_YEAR}T00:00:00Z")
    await dialog.get_by_label("From midnight of").fill(NEW_YEAR)
    await expect(dialog.locator(".t-preview")).to_contain_text("Not Rehearsed Much: EPAPER has a price that begins")
    await dialog.get_by_role("button", name="Set it").dblclick()
    setting = person.page.locator("section[aria-label='Setting the price']")
    await expect(setting.locator("h2")).to_have_text("1 set, 1 refused")
    await expect(setting.locator("tbody tr")).to_contain_text(["Rehearsed Much", "Rehearsed Little"])
    await expect(setting.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "2")
    await setting.get_by_role("link", name="Rehearsed Little").click()
    await expect(stretches(person)).to_have_count(2)
    await expect(stretches(person).last).to_contain_text("First 100 pages at AED\u00a0200.00")


@pytest.mark.proof
async def test_a_tenants_own_people_read_their_prices_and_support_rehearses_without_setting(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, _ = arranger.tenant("Price Readers")
    other, _ = arranger.tenant("Price Neighbours")
    arranger.price(tenant, "200000", f"{LAST_MONTH}-01T00:00:00Z")
    arranger.bill_pages(tenant, 2, LAST_MONTH)
    arranger.user(MEMBER, "a password for tests", "MEMBER", tenantId=tenant)
    arranger.user("+919812345679", "a password for tests", "SUPPORT")
    member, support = await meet(width=390), await meet()
    await member.page.goto(f"{member.url}/login")
    await member.type_credentials(MEMBER, "a password for tests")
    await expect(member.page.locator(".t-page")).to_be_visible()
    await member.page.goto(f"{member.url}/pricing")
    await expect(stretches(member)).to_contain_text(["₹2,000.00 a page"])
    await expect(member.page.get_by_role("tab")).to_have_count(0)
    await expect(member.page.locator("main").get_by_role("button", name=re.compile("Add|Next|Cancel"))).to_have_count(0)
    arranger.price(tenant, "180000", f"{NEW_YEAR}T00:00:00Z")
    await expect(stretches(member)).to_have_count(2)
    await member.page.goto(f"{member.url}/pricing?tenant={other}")
    await expect(member.page.get_by_role("heading", name="No such tenant")).to_be_visible()
    await support.sign_in("+919812345679", "a password for tests")
    await support.page.goto(f"{support.url}/pricing")
    await support.page.get_by_label("Search tenants").fill("price readers")
    await support.page.get_by_role("link", name="Price Readers").click()
    await expect(stretches(support)).to_have_count(2)
    await expect(support.page.get_by_role("button", name="Add a price")).to_have_count(0)
    await support.page.get_by_role("tab", name="Rehearsal").click()
    form = support.page.locator("section[aria-label='Rehearse a price']")
    await form.get_by_label("Price of one").fill("1,800")
    await form.get_by_role("button", name="Rehearse").click()
    await support.expect_figures(Difference="−₹400.00")
    await expect(support.page.get_by_role("button", name="Schedule it")).to_have_count(0)
    await support.page.reload()
    await expect(form).to_be_visible()
