"""A log is gone through, taken along and opened line by line, and what was a mistake is taken back where it is read."""

import csv
import io

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import CONFIRM, Arranger, Person, Served

pytestmark = pytest.mark.browser

LOG = "section[aria-label=Log] tbody tr"


async def downloaded(person: Person) -> list[dict[str, str]]:
    """The file behind the log's button."""
    href = await person.page.get_by_role("link", name="Download CSV").get_attribute("href")
    answer = await person.page.request.get(f"{person.url}{href}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return [*csv.DictReader(io.StringIO((await answer.text()).removeprefix("\ufeff"), newline=""))]


@pytest.mark.proof
async def test_a_line_opens_its_operation_which_is_charged_back_once_and_says_so(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = arranger.owing_tenant("Second Thoughts")
    arranger.top_up(wallet, 2_500_000, "Cheque 17")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    page = person.page
    await page.locator(LOG).get_by_role("link", name="Cheque 17").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Top-up of ₹25,000.00")
    main = page.locator(".t-page")
    for words in ("Administrator, ", "“Cheque 17”", "EPAPER, 12 × ₹2,000.00", "is no longer due", "Unlock"):
        await expect(main).to_contain_text(words)
    await person.page.get_by_role("button", name="Reverse").click()
    await page.get_by_label("Why is it reversed?").fill("The cheque bounced")
    await expect(page.locator(".t-dialog [role=alert]")).to_contain_text("Only ₹5,500.00 is available")
    await page.get_by_role("checkbox", name="Charge-back").click()
    await expect(page.locator(".t-preview")).to_contain_text("falls due again: ₹24,000.00")
    await expect(page.locator(".t-preview")).to_contain_text("₹4,500.00")
    await expect(page.locator(".t-dialog .t-btn--danger")).to_be_enabled()
    await page.locator(".t-dialog .t-btn--danger").dblclick()
    await expect(main).to_contain_text("₹25,000.00 of it was taken back")
    await expect(page.get_by_role("button", name="Reverse")).to_have_count(0)
    assert arranger.total(wallet) == 450_000
    await page.get_by_role("link", name="of it was taken back").click()
    await expect(page.locator("h1")).to_contain_text("Reversal of")
    await page.get_by_role("link", name="Takes back an earlier operation").click()
    await expect(page.locator("h1")).to_have_text("Top-up of ₹25,000.00")


@pytest.mark.proof
async def test_a_log_is_filtered_paged_and_taken_along_and_what_is_read_stays_in_its_place(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Long Log")
    for number in range(1, 28):
        arranger.top_up(wallet, 100 * number, f"=Payment {number:02}")
    line = arranger.hold(wallet, 50, "Deposit")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    page, rows = person.page, person.page.locator(LOG)
    await expect(rows).to_have_count(25)
    twentieth = page.get_by_role("link", name="=Payment 09")
    await twentieth.scroll_into_view_if_needed()
    before = await twentieth.evaluate("row => row.getBoundingClientRect().top")
    arranger.top_up(wallet, 5_000, "=Payment 28")
    await expect(rows.first).to_contain_text("=Payment 28")
    assert abs(await twentieth.evaluate("row => row.getBoundingClientRect().top") - before) < 2
    await page.get_by_role("button", name="Next").click()
    await expect(rows).to_have_count(3)
    await expect(rows.last).to_contain_text("=Payment 01")
    arranger.release(line)
    await person.expect_figures(locked="₹0.00")
    await page.reload()
    await expect(rows.last).to_contain_text("=Payment 01")
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="Previous").click()
    await expect(rows.last).to_contain_text("=Payment 04")
    await page.get_by_role("button", name="Previous").click()
    await expect(rows.first).to_contain_text("Hold released: Deposit")
    await page.get_by_label("Kind").click()
    await page.get_by_role("option", name="Holds").click()
    await expect(rows).to_have_count(1)
    assert page.url.endswith(f"/wallet/{wallet}?type=HOLD")
    assert [row["description"] for row in await downloaded(person)] == ["Deposit"]
    await page.reload()
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Clear filters").click()
    await expect(rows).to_have_count(25)
    everything = await downloaded(person)
    assert [int(row["version"]) for row in everything] == [*range(30, 0, -1)]
    assert everything[-1]["description"] == "'=Payment 01"
    assert {row["actorName"] for row in everything} == {"Administrator"}
    assert sum(int(row["amountMinor"]) for row in everything) == arranger.total(wallet)


@pytest.mark.proof
async def test_a_balance_is_explained_to_the_paisa_and_each_step_leads_to_its_lines(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    (_, giver), (_, taker) = arranger.tenant("Explained"), arranger.tenant("Explained Too")
    arranger.top_up(giver, 100_001)
    arranger.reverse(arranger.transfer(giver, taker, 40_000), 10_000, "Too much")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(giver, "explain")
    page = person.page
    drawing = page.locator(".t-waterfall tbody tr")
    sentence = page.locator(".t-explained__sum")
    await expect(sentence).to_have_text("₹0.00 +₹1,100.01 −₹400.00 = ₹700.01. It adds up to the paisa.")
    names = ["At the beginning", "Top-ups", "Given back by reversals", "Transfers out", "Now"]
    await expect(drawing.locator("th")).to_contain_text(names)
    await page.get_by_role("button", name="Last month").click()
    await expect(sentence).to_have_text("Nothing changed it: ₹0.00 all along.")
    await page.reload()
    await expect(sentence).to_have_text("Nothing changed it: ₹0.00 all along.")
    await page.get_by_role("button", name="This month").click()
    await expect(drawing.locator("th").first).to_contain_text("Before 1 ")
    arranger.top_up(giver, 1)
    await expect(sentence).to_have_text("₹0.00 +₹1,100.02 −₹400.00 = ₹700.02. It adds up to the paisa.")
    await page.get_by_label("Day and minute").fill("2025-01-01T10:00")
    await expect(page.get_by_text("On 1 Jan 2025, 10:00 am: ₹0.00 in total")).to_be_visible()
    await page.get_by_role("link", name="Transfers out").click()
    await expect(page.locator(LOG)).to_have_count(1)
    await expect(page.locator(LOG)).to_contain_text("Transfer to Explained Too")


@pytest.mark.proof
async def test_money_goes_to_a_wallet_that_is_found_and_a_hold_is_taken_in_part(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    (_, giver), taker = arranger.tenant("Paying House"), arranger.owing_tenant("Owing House")
    arranger.top_up(giver, 3_000_000)
    person = await meet(width=390, dark=True)
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(giver)
    page, preview = person.page, person.page.locator(".t-preview")
    await person.act("Transfer")
    await page.get_by_label("To: name, phone or wallet id").fill("owing hou")
    await page.get_by_role("button", name="Owing House").click()
    await page.get_by_label("Amount", exact=True).fill("20,000")
    for words in ("Paying House", "₹10,000.00", "Owing House", "₹500.00", "Pays invoice", "Unlocks the wallet"):
        await expect(preview).to_contain_text(words)
    await page.locator(CONFIRM).dblclick()
    await expect(page.locator(".t-dialog")).to_have_count(0)
    await person.expect_figures(total="₹10,000.00")
    assert (arranger.total(giver), arranger.total(taker)) == (1_000_000, 50_000)
    await person.act("Place a hold")
    await page.get_by_label("What is it for?").fill("Venue")
    await page.get_by_label("Amount to hold").fill("900")
    await expect(preview).to_contain_text("₹9,100.00")
    await person.confirm()
    await page.get_by_role("tab", name="Holds").click()
    await page.get_by_role("button", name="Capture the hold of ₹900.00: Venue").click()
    await page.get_by_label("Amount to take").fill("250")
    await expect(preview).to_contain_text("₹250.00 is taken, ₹650.00 becomes available again")
    await person.confirm()
    await person.expect_figures(total="₹9,750.00", locked="₹0.00")
    await expect(page.locator("section[aria-label=Holds]")).to_contain_text("Nothing is held")
    await page.get_by_role("button", name="All", exact=True).click()
    await expect(page.locator("section[aria-label=Holds]")).to_contain_text("₹250.00 taken")
    await person.expect_no_sideways_scroll()


@pytest.mark.proof
async def test_a_forecast_says_what_carries_a_wallet_through_a_day_and_pays_just_that(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, wallet = arranger.tenant("Foreseen")
    arranger.price(tenant, None, "2025-01-01T00:00:00Z", model="FLAT", flatMinor=100_000)
    arranger.top_up(wallet, 150_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet, "forecast")
    page = person.page
    section = page.locator("section[aria-label=Forecast]")
    await expect(section.locator("tbody tr").first).to_contain_text("−₹1,000.00")
    await expect(section).to_contain_text("It locks on")
    pay = section.locator(".t-reach .t-btn--primary")
    amount = (await pay.inner_text()).removeprefix("Top up").strip()
    await pay.click()
    await expect(page.locator(CONFIRM)).to_have_text(f"Top up {amount}")
    await person.confirm()
    await expect(section).to_contain_text("What is there lasts through that day")


@pytest.mark.proof
async def test_a_tenants_people_read_their_own_and_nothing_else(meet: Meet, served: Served, arranger: Arranger) -> None:
    (tenant, own), (_, other) = arranger.tenant("Our House"), arranger.tenant("Their House")
    for wallet in (own, other):
        arranger.top_up(wallet, 100_000, "Deposit")
    line = arranger.transfer(own, other, 1_000)
    arranger.member(tenant, "+919900000055", "member-password")
    person = await meet()
    page = person.page
    await page.goto(f"{person.url}/login")
    await person.type_credentials("+919900000055", "member-password")
    await expect(page.locator("h1")).to_have_text("Our House")
    await expect(page.locator(".t-actions")).to_have_count(0)
    await expect(page.locator(LOG)).to_contain_text(["Transfer to another wallet", "Deposit"])
    for name in ("Explain", "Forecast", "Holds", "Prices & usage", "Invoices"):
        await page.get_by_role("tab", name=name).click()
        await expect(page.locator("[role=tabpanel] .t-card").first).to_be_visible()
    await expect(page.get_by_role("button", name="Place a hold")).to_have_count(0)
    await page.goto(f"{person.url}/operation/{arranger.operation(line)}")
    await expect(page.locator("h1")).to_have_text("Transfer of ₹10.00")
    await expect(page.locator(".t-page")).not_to_contain_text("Their House")
    await expect(page.get_by_role("button", name="Reverse")).to_have_count(0)
    await page.goto(f"{person.url}/wallet/{other}")
    await expect(page.locator("h1")).to_have_text("No such wallet")
    assert (await page.request.get(f"{person.url}/wallet/{other}/log.csv")).status == 404
    stranger = await (await meet()).page.request.get(f"{person.url}/wallet/{own}/log.csv", max_redirects=0)
    assert (stranger.status, stranger.headers["location"].startswith("/login")) == (303, True)
