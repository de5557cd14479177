"""Prices with tiers are read by mouse, key and finger; holds, transfers and invoices say what they are about."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Served

pytestmark = pytest.mark.browser

TIERS = [
    {"upTo": "100", "unitPriceMinor": "200"},
    {"upTo": "1000", "unitPriceMinor": "150", "flatMinor": 5000},
    {"upTo": None, "unitPriceMinor": "0.25"},
]


def priced_every_way(arranger: Arranger, name: str) -> str:
    """The wallet of a tenant with a price of each model; of two for API calls the second has tiers."""
    tenant, wallet = arranger.tenant(name)
    since, later = "2025-02-01T00:00:00Z", "2025-04-01T00:00:00Z"
    arranger.price(tenant, "0.25", since, service="API", unit="call")
    arranger.price(tenant, None, later, service="API", unit="call", model="GRADUATED", tiers=TIERS)
    arranger.price(tenant, None, since, service="ARCHIVE", unit="GB", model="FLAT", flatMinor=500_000)
    arranger.price(tenant, "10000", since, service="SMS", unit="SMS", model="PACKAGE", packageSize="100")
    arranger.price(tenant, None, since, service="VIDEO", unit="hour", model="VOLUME", tiers=TIERS, minimumMinor=100_000)
    return wallet


@pytest.mark.proof
async def test_tiers_are_read_with_the_mouse_and_with_keys_alone(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = priced_every_way(arranger, "Every Way")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet, "prices")
    drawing, tip = person.page.locator(".t-timeline__drawing"), person.page.locator(".t-timeline__tip")
    tiers = ["First 100 calls₹2.00 each", "Next 900₹1.50 each and ₹50.00 once", "Above 1,000₹0.0025 each"]
    await person.page.locator(".t-stretch__target").nth(1).hover()
    await expect(tip.locator("tr")).to_have_text(tiers)
    await person.page.locator("h1").hover()
    await expect(tip).to_have_count(0)
    await drawing.focus()
    await person.page.keyboard.press("ArrowRight")
    await expect(tip.locator("tr")).to_have_text(tiers)
    await person.page.keyboard.press("ArrowLeft")
    await expect(tip).to_contain_text("₹0.0025 a call")
    await person.page.keyboard.press("ArrowDown")
    await expect(tip).to_contain_text("Every month, used or not")
    await person.page.keyboard.press("Escape")
    await expect(tip).to_have_count(0)
    table = person.page.get_by_role("table", name="Tiers of API")
    await expect(table).to_be_hidden()
    await person.page.locator(".t-timeline__list summary").first.focus()
    await person.page.keyboard.press("Enter")
    await expect(table.locator("tr")).to_have_text(tiers)


@pytest.mark.proof
async def test_tiers_are_read_with_a_finger_at_390_pixels(meet: Meet, served: Served, arranger: Arranger) -> None:
    wallet = priced_every_way(arranger, "Every Way In Hand")
    person = await meet(width=390, dark=True)
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet, "prices")
    await person.page.locator(".t-stretch__target").last.dispatch_event("click")
    await expect(person.page.locator(".t-timeline__tip")).to_contain_text("Above 100, up to 1,000")
    for text in ("₹5,000.00 a month", "₹100.00 per started 100 SMS", "at least ₹1,000.00 a month"):
        await expect(person.page.locator(".t-timeline__list")).to_contain_text(text)
    for summary in await person.page.locator(".t-timeline__list summary").all():
        await summary.click()
    await person.expect_no_sideways_scroll()


@pytest.mark.proof
async def test_open_holds_are_listed_page_by_page_and_leave_by_themselves(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Holders")
    arranger.top_up(wallet, 100_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet, "holds")
    section = person.page.locator("section[aria-label=Holds]")
    await expect(section).to_contain_text("Nothing is held")
    held = [arranger.hold(wallet, 1_000 + number, f"Deposit {number:02}") for number in range(26)]
    await expect(section.locator(".t-pager__words")).to_have_text("1–25 of 26 holds")
    await person.expect_figures(total="₹1,000.00", locked="₹263.25", available="₹736.75")
    await section.get_by_role("button", name="Next").click()
    await expect(section.locator("tbody tr")).to_have_count(1)
    await expect(section.locator("tbody tr")).to_contain_text("Deposit 00")
    arranger.release(held[0])
    await expect(section.locator("tbody tr")).to_have_count(25)
    await expect(section).to_contain_text("Deposit 25")
    for hold in held[1:]:
        arranger.release(hold)
    await expect(section).to_contain_text("Nothing is held")
    await person.expect_figures(locked="₹0.00", available="₹1,000.00")
    await section.get_by_role("button", name="All").click()
    await expect(person.page).to_have_url(re.compile(r"tab=holds&chip=All$"))
    await person.page.reload()
    await expect(section.locator("tbody tr")).to_have_count(25)


@pytest.mark.proof
async def test_a_transfer_names_its_other_side_and_a_reversal_what_it_takes_back(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    (_, giver), (_, taker) = arranger.tenant("Giving House"), arranger.tenant("Taking House")
    arranger.top_up(giver, 50_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(taker)
    log = person.page.locator("section[aria-label=Log] tbody tr")
    line = arranger.transfer(giver, taker, 20_000)
    await expect(log.first).to_contain_text("Transfer from Giving House")
    arranger.reverse(line, 5_000, "Too much")
    await expect(log.first).to_contain_text("Takes back a part of the transfer of ₹200.00")
    await expect(log.first).to_contain_text("Too much")
    await person.open_wallet(giver)
    await expect(log).to_contain_text(["Gives back a part of the transfer", "Transfer to Taking House", "Top-up"])


@pytest.mark.proof
async def test_an_invoice_unfolds_the_lines_of_its_total(meet: Meet, served: Served, arranger: Arranger) -> None:
    last_month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    tenant, wallet = arranger.tenant("Unfolders")
    arranger.price(tenant, "200000", f"{last_month}-01T00:00:00Z", minimumMinor=1_000_000)
    arranger.top_up(wallet, 2_000_000)
    arranger.bill_pages(tenant, 3, last_month)
    person = await meet(width=390)
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet, "invoices")
    row = person.page.locator("section[aria-label=Invoices] tbody button")
    lines = person.page.locator("section[aria-label=Invoices] .t-row__details li")
    await expect(lines).to_have_count(0)
    await row.focus()
    await person.page.keyboard.press("Enter")
    await expect(row).to_have_attribute("aria-expanded", "true")
    await expect(lines).to_contain_text(["EPAPER, 3 × ₹2,000.00", "EPAPER, up to the monthly minimum"])
    await expect(lines).to_contain_text(["₹6,000.00", "₹4,000.00"])
    await person.expect_no_sideways_scroll()
    await row.click()
    await expect(lines).to_have_count(0)
