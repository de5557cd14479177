"""The first page in the browser: all wallets at a glance, what happens, and who locks next, as the API changes them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Meet
from tests.browser.people import AMOUNT, CONFIRM, Arranger, Person, Served
from tests.browser.running import running
from tests.programs import ROOT, free_port

HERE = ZoneInfo("Asia/Kolkata")
FORECAST = """query ($id: ID!, $date: DateTime!) { wallet(id: $id) {
  lock { locked } forecast(months: 1) { locksAt topUpUntil(date: $date) } } }"""
RECORD = """mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename } }"""


def figure(person: Person, label: str) -> Locator:
    return person.page.locator(".t-figure", has=person.page.get_by_text(label)).locator(".t-figure__value")


def row(person: Person, name: str) -> Locator:
    return person.page.locator(".t-board tbody tr", has_text=name)


def feed(person: Person) -> Locator:
    return person.page.locator(".t-feed__one")


def dinars(minor: int) -> str:
    return f"KWD\u00a0{minor // 1_000:,}.{minor % 1_000:03d}"


async def test_what_the_api_changes_shows_on_the_first_page_and_moves_nothing_that_one_reads(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    """In yen, which nothing else here uses: sums are those of this test."""
    last_month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    press, owing = arranger.tenant("Kyoto Press", currency="JPY")
    _, daily = arranger.tenant("Osaka Daily", currency="JPY")
    arranger.price(press, "2000", f"{last_month}-01T00:00:00Z")
    arranger.top_up(owing, 4_500, "First deposit")
    arranger.bill_pages(press, 12, last_month)
    for number in range(12):
        arranger.top_up(daily, 1_000, f"Part {number}")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await expect(person.page.locator(".t-page")).not_to_contain_text("¥")
    await person.page.get_by_role("button", name="JPY").click()
    await expect(person.page).to_have_url(f"{served.url}/?currency=JPY")
    await expect(figure(person, "Prepaid held")).to_have_text("¥16,500")
    await expect(figure(person, "Due")).to_have_text("¥24,000")
    await expect(figure(person, "Locked accounts")).to_have_text("1")
    await expect(person.page.locator("table[aria-label='Charge per service']")).to_contain_text("¥24,000")

    arranger.top_up(daily, 1_234, "Over the counter")
    await expect(figure(person, "Prepaid held")).to_have_text("¥17,734")
    newest = feed(person).first
    await expect(newest).to_contain_text("Over the counter")
    await expect(newest).to_contain_text("+¥1,234")
    await expect(newest.get_by_role("link", name="Osaka Daily")).to_have_attribute("href", f"/wallet/{daily}")

    await person.page.locator(".t-feed__list").evaluate("list => { list.scrollTop = 300; }")
    await person.page.wait_for_function("document.querySelector('.t-feed__list').scrollTop === 300")
    arranger.top_up(daily, 66, "While one reads")
    await expect(person.page.get_by_role("button", name="1 new")).to_be_visible()
    assert await person.page.locator(".t-feed__list").evaluate("list => list.scrollTop") == 300
    await expect(newest).to_contain_text("Over the counter")
    await person.page.get_by_role("button", name="1 new").click()
    await expect(newest).to_contain_text("While one reads")
    await newest.get_by_role("link", name="Top-up").click()
    await expect(person.page.locator(".t-page")).to_contain_text("Top-up of ¥66")


@pytest.mark.proof
async def test_the_exact_top_up_of_the_board_carries_a_tenant_to_the_day(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    """In dinars, which have three decimals, and which nothing else here uses."""
    now = datetime.now(UTC)
    last_month = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    press, wallet = arranger.tenant("Kuwait Press", currency="KWD")
    arranger.price(press, "2000", f"{last_month}-01T00:00:00Z")
    arranger.top_up(wallet, 4_500)
    arranger.bill_pages(press, 12, last_month)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.page.goto(f"{served.url}/?currency=KWD")
    risk = row(person, "Kuwait Press")
    await expect(risk).to_contain_text("Locked")
    await expect(risk.get_by_role("link")).to_have_attribute("href", f"/wallet/{wallet}?tab=forecast")
    button = risk.get_by_role("button")
    near = await button.get_attribute("aria-label")
    await person.page.get_by_label("Carry each through").fill("2001-01-01")
    await expect(person.page.locator(".t-board")).to_contain_text("Choose a day to come")
    day = now.astimezone(HERE).date() + timedelta(days=75)
    await person.page.get_by_label("Carry each through").fill(day.isoformat())
    await expect(person.page.locator(".t-board")).not_to_contain_text("Choose a day to come")
    await expect(button).not_to_have_attribute("aria-label", str(near))

    await button.click()
    shown = str(await button.get_attribute("aria-label"))
    typed = await person.page.locator(AMOUNT).input_value()
    assert shown == f"Top up KWD\u00a0{typed}: Kuwait Press"
    after = person.page.locator(".t-preview__after").first
    minor = int(typed.replace(".", "").replace(",", ""))
    await expect(after).to_have_text(dinars(minor + 4_500 - 24_000))
    arranger.top_up(wallet, 1)
    await expect(after).to_have_text(dinars(minor + 4_501 - 24_000))
    await expect(figure(person, "Prepaid held")).to_have_text(dinars(4_501))
    assert await button.get_attribute("aria-label") == shown, "a row moved while its top-up was open"
    await person.page.locator(CONFIRM).dblclick()
    await expect(person.page.locator(".t-dialog")).to_have_count(0)

    await expect(risk).to_contain_text("None needed")
    assert arranger.total(wallet) == minor + 4_501 - 24_000
    carried = datetime(day.year, day.month, day.day, tzinfo=HERE) + timedelta(days=1)
    found = arranger.send(FORECAST, id=wallet, date=carried.isoformat())["wallet"]
    assert (found["lock"]["locked"], found["forecast"]["topUpUntil"]) == (False, 0)
    assert datetime.fromisoformat(found["forecast"]["locksAt"]) >= carried


@pytest.mark.proof
async def test_a_tenants_people_are_led_to_their_own_wallet(meet: Meet, served: Served, arranger: Arranger) -> None:
    tenant, wallet = arranger.tenant("Own Wallet First")
    phone = f"+9198{uuid4().int % 10**8:08d}"
    arranger.user(phone, served.password, "MEMBER", tenantId=tenant)
    member = await meet()
    await member.page.goto(f"{served.url}/login")
    await member.type_credentials(phone, served.password)
    await expect(member.page).to_have_url(f"{served.url}/wallet/{wallet}")
    await expect(member.page.locator("h1")).to_have_text("Own Wallet First")


@pytest.mark.proof
async def test_an_empty_store_tells_what_to_do_first_until_money_comes_in(
    meet: Meet, tmp_path: Path, served: Served
) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    settings = {
        "TIJORI_DATA_DIR": str(tmp_path / "data"),
        "TIJORI_PORT": str(port),
        "TIJORI_ADMIN_PHONE": served.phone,
        "TIJORI_ADMIN_PASSWORD": served.password,
    }
    async with running(str(ROOT / "manage.py"), "serve", until=f"{url}/readyz", **settings):
        person = await meet(url=url)
        await person.sign_in(served.phone, served.password)
        steps, done = person.page.locator(".t-step"), person.page.locator(".t-step--done")
        await expect(steps).to_have_count(4)
        await expect(done).to_have_count(0)
        await expect(person.page.locator(".t-page")).not_to_contain_text("₹0.00")
        with httpx.Client(base_url=url, trust_env=False) as client:
            arranger = Arranger(client, served.phone, served.password)
            tenant, wallet = arranger.tenant("The First")
            await expect(done).to_contain_text(["The First is there."])
            await expect(steps.nth(1).get_by_role("link")).to_have_attribute("href", f"/pricing?tenant={tenant}")
            arranger.price(tenant, "200000", "2025-01-01T00:00:00Z")
            await expect(done).to_have_count(2)
            arranger.top_up(wallet, 500_000)
            await expect(figure(person, "Prepaid held")).to_have_text("₹5,000.00")
            await expect(steps).to_have_count(0)
            await expect(feed(person)).to_contain_text("The First")
