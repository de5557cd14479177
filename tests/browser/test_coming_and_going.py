"""Signing in and out, a connection that breaks, and pages that are closed."""

import asyncio

import httpx
import pytest
from playwright.async_api import Cookie, expect

from tests.browser.conftest import Meet
from tests.browser.gate import Gate
from tests.browser.people import CONFIRM, Arranger, Person, Served

pytestmark = pytest.mark.browser


async def session_cookie(person: Person) -> Cookie:
    return next(cookie for cookie in await person.page.context.cookies() if cookie["name"] == "tijori_session")


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Deep Links")
    person = await meet()
    await person.page.goto(f"{person.url}/wallet/{wallet}")
    await expect(person.page.get_by_role("heading", name="Sign in to Tijori")).to_be_visible()
    await person.type_credentials(served.phone, "not the password")
    await expect(person.page.get_by_role("alert")).to_be_visible()
    await person.type_credentials(served.phone, served.password)
    await expect(person.page.locator("h1")).to_have_text("Deep Links")


@pytest.mark.proof
async def test_signing_in_never_leads_to_another_site(meet: Meet, served: Served) -> None:
    person = await meet()
    await person.page.goto(f"{person.url}/login?back=https%3A%2F%2Fevil.example%2F")
    await person.type_credentials(served.phone, served.password)
    await expect(person.page).to_have_url(f"{person.url}/")


@pytest.mark.proof
async def test_a_session_begins_with_signing_in_and_ends_with_signing_out(meet: Meet, served: Served) -> None:
    person = await meet()
    await person.page.goto(f"{person.url}/login")
    assert await person.page.context.cookies() == []
    await person.type_credentials(served.phone, "not the password")
    await expect(person.page.get_by_role("alert")).to_be_visible()
    before = await session_cookie(person)
    await person.sign_in(served.phone, served.password)
    signed_in = await session_cookie(person)
    assert signed_in["sameSite"] == "Strict"
    assert signed_in["httpOnly"] is True
    assert signed_in["value"] != before["value"]
    await person.page.get_by_role("button", name="Sign out").click()
    await expect(person.page.get_by_text("You are signed out.")).to_be_visible()
    for stale in (before, signed_in):
        await person.page.context.clear_cookies()
        await person.page.context.add_cookies([{"name": stale["name"], "value": stale["value"], "url": person.url}])
        await person.page.goto(f"{person.url}/wallet")
        await expect(person.page.get_by_role("heading", name="Sign in to Tijori")).to_be_visible()


@pytest.mark.proof
async def test_a_session_that_ends_while_a_page_is_open_leads_to_sign_in_and_back(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Ended Sessions")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    async with httpx.AsyncClient(trust_env=False) as client:
        mine = {"Authorization": f"Bearer {served.newest_token()}"}
        answer = await client.post(f"{served.url}/graphql", json={"query": "mutation { signOut }"}, headers=mine)
    assert answer.json() == {"data": {"signOut": True}}
    await expect(person.page.get_by_text("Your session has ended.")).to_be_visible(timeout=10_000)
    await person.type_credentials(served.phone, served.password)
    await expect(person.page.locator("h1")).to_have_text("Ended Sessions")


@pytest.mark.proof
async def test_the_light_is_the_systems_until_one_is_chosen_and_then_kept(meet: Meet, served: Served) -> None:
    person = await meet(dark=True)
    await person.sign_in(served.phone, served.password)
    root = person.page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await person.page.get_by_role("button", name="Dark or light").click()
    await expect(root).to_have_attribute("data-theme", "light")
    await person.page.reload()
    await expect(root).to_have_attribute("data-theme", "light")


async def test_a_lost_connection_is_said_and_nothing_is_missed_after_it(
    meet: Meet, served: Served, arranger: Arranger, gated: tuple[Gate, str]
) -> None:
    gate, url = gated
    _, wallet = arranger.tenant("Cut Off")
    detail, overview = await meet(url=url, width=390), await meet(url=url)
    for person in (detail, overview):
        await person.sign_in(served.phone, served.password)
    await detail.open_wallet(wallet)
    await overview.page.goto(f"{url}/wallet?search=cut%20off")
    for person in (detail, overview):
        await expect(person.page.locator(".t-light")).to_have_text("Live")
    gate.shut()
    for person in (detail, overview):
        await expect(person.page.locator(".t-banner")).to_contain_text("The connection was lost.")
        await expect(person.page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=1)
    for count in range(1, 6):
        arranger.top_up(wallet, 10_000, f"While you were away {count}")
    gate.open()
    for person in (detail, overview):
        await expect(person.page.locator(".t-banner")).to_be_hidden(timeout=15_000)
    await detail.expect_figures(total="₹500.00")
    lines = detail.page.locator("section[aria-label=Log] tbody tr")
    await expect(lines).to_contain_text([f"While you were away {count}" for count in range(5, 0, -1)])
    await expect(overview.page.locator(f'tr[data-id="{wallet}"]')).to_contain_text("₹500.00")


@pytest.mark.proof
async def test_what_was_done_without_an_answer_is_done_once(
    meet: Meet, served: Served, arranger: Arranger, gated: tuple[Gate, str]
) -> None:
    gate, url = gated
    _, wallet = arranger.tenant("No Answer")
    person = await meet(url=url)
    page = person.page
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Top up", "250")
    await expect(page.locator(CONFIRM)).to_be_enabled()
    gate.keeps_answers = True
    await page.locator(CONFIRM).click()
    alert = page.locator(".t-dialog [role=alert]")
    await expect(alert).to_contain_text("may or may not have been done. Confirm again: it counts once.")
    gate.keeps_answers = False
    assert arranger.total(wallet) == 25_000
    await person.confirm()
    await person.expect_figures(total="₹250.00")
    assert arranger.total(wallet) == 25_000
    await page.goto(f"{url}/tenants")
    await page.get_by_role("button", name="Create tenant").click()
    await page.get_by_label("Name", exact=True).fill("No Answer Again")
    await expect(page.locator(CONFIRM)).to_be_enabled()
    gate.keeps_answers = True
    await page.locator(CONFIRM).click()
    await expect(alert).to_contain_text("Close this and look whether it is there, before you make another.")
    gate.keeps_answers = False
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await page.reload()
    await expect(page.get_by_role("link", name="No Answer Again")).to_have_count(1)


@pytest.mark.proof
async def test_pages_that_are_closed_leave_no_connection_behind(
    meet: Meet, served: Served, arranger: Arranger, gated: tuple[Gate, str]
) -> None:
    gate, url = gated
    _, wallet = arranger.tenant("Come And Go")
    person = await meet(url=url)
    await person.sign_in(served.phone, served.password)
    context = person.page.context
    await person.page.goto("about:blank")
    for _ in range(2):
        pages = [await context.new_page() for _ in range(3)]
        for number, page in enumerate(pages):
            await page.goto(f"{url}/wallet" if number % 2 else f"{url}/wallet/{wallet}")
            await expect(page.locator(".t-light")).to_have_text("Live")
        for page in pages:
            await page.close()
    async with asyncio.timeout(30):
        await gate.quiet.wait()
