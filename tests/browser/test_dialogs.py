"""What an administrator does at the screen is done once, shown exactly, and seen at once by everyone looking."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.lines import slow_line
from tests.browser.people import AMOUNT, CONFIRM, DESCRIPTION, Arranger, Served

pytestmark = pytest.mark.browser


async def test_a_top_up_is_previewed_done_once_and_seen_live_by_another(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = arranger.owing_tenant("Morning Star")
    doer, watcher = await meet(), await meet(width=390, dark=True)
    for person in (doer, watcher):
        await person.sign_in(served.phone, served.password)
        await person.open_wallet(wallet)
        await expect(person.page.locator(".t-callout[aria-label=Lock]")).to_contain_text(
            "₹24,000.00 is due. ₹19,500.00 more unlocks it."
        )
    await doer.begin("Top up", "25,000", "Bank transfer 17")
    preview = doer.page.locator(".t-preview")
    await expect(preview).to_contain_text("₹5,500.00")
    await expect(preview).to_contain_text("Unlocks the wallet")
    await expect(doer.page.locator(CONFIRM)).to_be_enabled()
    await doer.page.locator(CONFIRM).dblclick()
    for person in (doer, watcher):
        await person.expect_figures(total="₹5,500.00", available="₹5,500.00", locked="₹0.00")
        await expect(person.page.locator(".t-callout[aria-label=Lock]")).to_be_hidden()
        await expect(person.page.locator("section[aria-label=Log]")).to_contain_text("Bank transfer 17")
        await person.page.get_by_role("tab", name="Invoices").click()
        await expect(person.page.locator("section[aria-label=Invoices]")).to_contain_text("Paid")
    assert arranger.total(wallet) == 550_000


@pytest.mark.proof
async def test_what_cannot_be_done_is_said_with_its_figures(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Careful Counters")
    arranger.top_up(wallet, 100_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Subtract", "1,500.50", "Too much")
    await expect(person.page.locator(".t-dialog [role=alert]")).to_contain_text(
        "Only ₹1,000.00 is available: ₹500.50 short."
    )
    await expect(person.page.locator(CONFIRM)).to_be_disabled()
    await person.page.locator(AMOUNT).fill("1,5")
    await expect(person.page.locator(".t-dialog")).to_contain_text("Type an amount in digits")
    await expect(person.page.locator(CONFIRM)).to_be_disabled()
    assert arranger.total(wallet) == 100_000


@pytest.mark.proof
async def test_a_refused_preview_says_why_and_clears_once_it_is_mended(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = arranger.owing_tenant("Refused United")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    problem = person.page.locator(".t-dialog [role=alert]")
    await person.begin("Subtract", "1", "Locked")
    await expect(problem).to_contain_text("The wallet is locked, so nothing can be taken out by hand.")
    await expect(problem).to_contain_text("₹19,500.00 more unlocks it.")
    await expect(person.page.locator(CONFIRM)).to_be_disabled()
    await person.page.keyboard.press("Escape")
    await expect(person.page.locator(".t-dialog")).to_have_count(0)
    await person.begin("Set", "4,500", "The same")
    await expect(problem).to_be_visible()
    await expect(person.page.locator(CONFIRM)).to_be_disabled()
    await person.page.locator(AMOUNT).fill("4,600")
    await expect(person.page.locator(".t-preview__after").first).to_have_text("₹4,600.00")
    await expect(problem).to_be_hidden()
    await expect(person.page.locator(CONFIRM)).to_have_text("Set to ₹4,600.00")
    assert arranger.total(wallet) == 450_000


@pytest.mark.proof
async def test_a_dialog_is_worked_with_the_keyboard_alone(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Keyboards")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    page, top_up = person.page, person.page.locator(".t-actions").get_by_role("button", name="Top up")
    await top_up.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(AMOUNT)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".t-dialog")).to_have_count(0)
    await expect(top_up).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(AMOUNT)).to_be_focused()
    await page.keyboard.type("250")
    await page.keyboard.press("Tab")
    await expect(page.locator(DESCRIPTION)).to_be_focused()
    await page.keyboard.type("Typed")
    await expect(page.locator(CONFIRM)).to_be_enabled()
    await page.keyboard.press("Enter")
    await person.expect_figures(total="₹250.00")
    await expect(page.locator(".t-dialog")).to_have_count(0)
    assert arranger.total(wallet) == 25_000


@pytest.mark.proof
async def test_enter_pressed_before_the_preview_has_come_carries_nothing_out(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Quick Fingers")
    person = await meet()
    line = await slow_line(person)
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Top up", "")
    after = person.page.locator(".t-preview__after").first
    await person.page.locator(AMOUNT).focus()
    await person.page.keyboard.type("75")
    await person.page.keyboard.press("Enter")
    await expect(after).to_have_text("₹75.00")
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    line.lets_through = 1
    await person.page.keyboard.type("0")
    await person.page.keyboard.press("Enter")
    await expect(after).to_have_text("₹750.00")
    line.release()
    await expect(person.page.locator(".t-dialog [role=alert]")).to_contain_text("Look, and confirm again.")
    assert arranger.total(wallet) == 0
    await person.page.keyboard.press("Enter")
    await person.expect_figures(total="₹750.00")
    assert arranger.total(wallet) == 75_000


@pytest.mark.proof
async def test_the_balance_is_added_to_taken_from_and_set(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Adjusters")
    arranger.top_up(wallet, 100_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    for action, amount, total in (
        ("Add", "0.05", "₹1,000.05"),
        ("Subtract", "1,000", "₹0.05"),
        ("Set", "250", "₹250.00"),
    ):
        await person.begin(action, amount, f"{action} by hand")
        await person.confirm()
        await person.expect_figures(total=total)
        await expect(person.page.locator("section[aria-label=Log] tbody tr").first).to_contain_text(f"{action} by hand")
    assert arranger.total(wallet) == 25_000


@pytest.mark.proof
async def test_a_preview_follows_a_wallet_that_moves_under_it(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Moving Targets")
    arranger.top_up(wallet, 100_000)
    person = await meet()
    line = await slow_line(person)
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Subtract", "1,200", "Fee")
    alert, after = person.page.locator(".t-dialog [role=alert]"), person.page.locator(".t-preview__after").first
    await expect(alert).to_contain_text("₹200.00 short")
    arranger.top_up(wallet, 50_000)
    await expect(after).to_have_text("₹300.00")
    await expect(alert).to_be_hidden()
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    line.keep_back(awaited="₹800.00")
    arranger.top_up(wallet, 50_000)
    await line.was_said.wait()
    await person.page.locator(CONFIRM).click()
    line.release()
    await expect(after).to_have_text("₹800.00")
    await expect(alert).to_contain_text("Look, and confirm again.")
    assert arranger.total(wallet) == 200_000
    await person.confirm()
    assert arranger.total(wallet) == 80_000


@pytest.mark.proof
async def test_a_wallet_is_locked_and_unlocked_by_hand(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Lockers")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    for action, shown in (("Lock", "Locked by hand"), ("Unlock", None)):
        await person.act(action)
        await person.page.locator(".t-dialog input").fill(f"{action} for a test")
        await expect(person.page.locator(".t-preview")).to_contain_text("Afterwards")
        await expect(person.page.locator(CONFIRM)).to_be_enabled()
        await person.page.locator(".t-dialog input").press("Enter")
        await expect(person.page.locator(".t-dialog")).to_have_count(0)
        callout = person.page.locator(".t-callout[aria-label=Lock]")
        await (expect(callout).to_contain_text(shown) if shown else expect(callout).to_be_hidden())
        await expect(person.page.locator("section[aria-label=Log]")).to_contain_text(f"{action} for a test")
