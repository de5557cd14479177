"""What an administrator does at the screen is done once, shown exactly, and seen at once by everyone looking."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import AMOUNT, CONFIRM, DESCRIPTION, Arranger, Served

pytestmark = pytest.mark.browser


def last_month() -> str:
    return (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def owing_tenant(arranger: Arranger, name: str) -> str:
    """The wallet of a tenant that holds ₹4,500 and owes ₹24,000 for last month, and is locked for it."""
    tenant, wallet = arranger.tenant(name)
    arranger.price(tenant, "200000", f"{last_month()}-01T00:00:00Z")
    arranger.top_up(wallet, 450_000, "First deposit")
    arranger.bill_pages(tenant, 12, last_month())
    return wallet


async def test_a_row_of_the_list_changes_by_itself(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Row Watchers")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.page.get_by_label("Search name or phone").fill("row watch")
    row = person.page.locator(f'tr[data-id="{wallet}"]')
    await expect(row).to_contain_text("₹0.00")
    await expect(person.page.locator("tbody tr")).to_have_count(1)
    await expect(person.page.locator(".t-light")).to_have_text("Live")
    arranger.top_up(wallet, 12_345_600)
    await expect(row).to_contain_text("₹1,23,456.00")
    await row.click()
    await expect(person.page.locator("h1")).to_have_text("Row Watchers")


async def test_a_search_without_a_match_and_the_chips_say_so(meet: Meet, served: Served, arranger: Arranger) -> None:
    owing_tenant(arranger, "Debtors United")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.page.get_by_label("Search name or phone").fill("nobody at all")
    await expect(person.page.get_by_role("heading", name="No wallet matches")).to_be_visible()
    await person.page.get_by_label("Search name or phone").fill("debtors")
    await person.page.get_by_role("button", name="Owing").click()
    await expect(person.page.locator("tbody tr")).to_contain_text("Locked")


async def test_a_top_up_is_previewed_done_once_and_seen_live_by_another(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = owing_tenant(arranger, "Morning Star")
    doer, watcher = await meet(), await meet(width=390, dark=True)
    for person in (doer, watcher):
        await person.sign_in(served.phone, served.password)
        await person.open_wallet(wallet)
        await expect(person.page.locator(".t-callout--lock")).to_contain_text(
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
        await expect(person.page.locator(".t-callout--lock")).to_be_hidden()
        await expect(person.page.locator("section[aria-label=Log]")).to_contain_text("Bank transfer 17")
        await expect(person.page.locator("section[aria-label=Invoices]")).to_contain_text("Paid")
    assert arranger.total(wallet) == 550_000


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


async def test_a_refused_preview_says_why_and_clears_once_it_is_mended(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    wallet = owing_tenant(arranger, "Refused United")
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


async def test_enter_pressed_before_the_preview_has_come_carries_nothing_out(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Quick Fingers")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Top up", "")
    await person.page.locator(AMOUNT).focus()
    await person.page.keyboard.type("75")
    await person.page.keyboard.press("Enter")
    await expect(person.page.locator(".t-preview__after").first).to_have_text("₹75.00")
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    assert arranger.total(wallet) == 0


async def test_a_long_list_is_gone_through_page_by_page(meet: Meet, served: Served, arranger: Arranger) -> None:
    wallets = [arranger.tenant(f"Long List {number:02}")[1] for number in range(60)]
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.page.get_by_label("Search name or phone").fill("long list")
    words, rows = person.page.locator(".t-pager__words"), person.page.locator("tbody tr")
    back, on = person.page.get_by_role("button", name="Previous"), person.page.get_by_role("button", name="Next")
    seen = []
    for first, last in ((1, 25), (26, 50), (51, 60)):
        await expect(words).to_have_text(f"{first}–{last} of 60 wallets")
        seen += [await row.get_attribute("data-id") for row in await rows.all()]
        if last < 60:
            await on.click()
    assert sorted(map(str, seen)) == sorted(wallets)
    await expect(on).to_be_disabled()
    await back.click()
    await expect(words).to_have_text("26–50 of 60 wallets")
    arranger.top_up(str(seen[30]), 4_200)
    await expect(person.page.locator(f'tr[data-id="{seen[30]}"]')).to_contain_text("₹42.00")
    await person.page.get_by_label("Search name or phone").fill("long list 07")
    await expect(words).to_have_text("1 wallet")
    await expect(rows).to_have_count(1)
    await expect(on).to_be_hidden()


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


async def test_a_preview_follows_a_wallet_that_moves_under_it(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Moving Targets")
    arranger.top_up(wallet, 100_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    await person.begin("Subtract", "100", "Fee")
    await expect(person.page.locator(".t-preview__after").first).to_have_text("₹900.00")
    arranger.top_up(wallet, 50_000)
    await expect(person.page.locator(".t-preview__after").first).to_have_text("₹1,400.00")
    await person.confirm()
    assert arranger.total(wallet) == 140_000


async def test_a_wallet_is_locked_and_unlocked_by_hand(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Lockers")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    actions = person.page.locator(".t-actions")
    for action, shown in (("Lock", "Locked by hand"), ("Unlock", None)):
        await actions.get_by_role("button", name=action, exact=True).click()
        await person.page.locator(".t-dialog input").fill(f"{action} for a test")
        await person.confirm()
        callout = person.page.locator(".t-callout--lock")
        await (expect(callout).to_contain_text(shown) if shown else expect(callout).to_be_hidden())
        await expect(person.page.locator("section[aria-label=Log]")).to_contain_text(f"{action} for a test")


async def test_past_active_and_scheduled_prices_are_drawn(meet: Meet, served: Served, arranger: Arranger) -> None:
    tenant, wallet = arranger.tenant("Price Watchers")
    for price, begins in (
        ("200000", "2025-02-01"),
        ("180000", "2025-04-01"),
        ("170000", f"{datetime.now(UTC).year + 1}-12-01"),
    ):
        arranger.price(tenant, price, f"{begins}T00:00:00Z")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallet(wallet)
    stretches = person.page.locator(".t-timeline__list li")
    await expect(stretches).to_have_count(3)
    for index, words in enumerate(("₹2,000.00 / page", "₹1,800.00 / page", "₹1,700.00 / page")):
        await expect(stretches.nth(index)).to_contain_text(words)
    await expect(stretches).to_contain_text(["Past", "Active", "Scheduled"])
    await expect(person.page.locator(".t-timeline svg rect[rx]")).to_have_count(3)


async def test_the_balance_is_drawn_on_to_today_and_long_rests_leave_room_for_history(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, wallet = arranger.tenant("Quiet Ones")
    arranger.top_up(wallet, 100_000)
    arranger.top_up(wallet, 50_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    chart = person.page.locator(".t-chart")
    for days_later in (0, 700):
        await person.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=days_later))
        await person.open_wallet(wallet)
        await expect(chart.get_by_text("Today", exact=True)).to_be_visible()
        lines, drawing = chart.locator(".t-chart__line"), await chart.locator("svg").bounding_box()
        history, rest = await lines.first.bounding_box(), await lines.last.bounding_box()
        assert drawing is not None and history is not None and rest is not None
        assert drawing["x"] + drawing["width"] - (rest["x"] + rest["width"]) < 20
    await expect(chart.locator(".t-chart__line--long")).to_have_count(1)
    assert history["width"] > drawing["width"] / 2


@pytest.mark.parametrize("dark", [False, True])
async def test_at_390_pixels_nothing_scrolls_sideways(
    meet: Meet, served: Served, arranger: Arranger, dark: bool
) -> None:
    wallet = owing_tenant(arranger, f"A Publisher With Quite A Long Name {dark}")
    person = await meet(width=390, dark=dark)
    await person.page.goto(f"{person.url}/login")
    await expect(person.page.get_by_label("Password")).to_be_visible()
    await person.expect_no_sideways_scroll()
    await person.sign_in(served.phone, served.password)
    await expect(person.page.locator("tbody tr").first).to_be_visible()
    await person.expect_no_sideways_scroll()
    await person.open_wallet(wallet)
    await person.expect_no_sideways_scroll()
    await person.begin("Top up", "12345678.90")
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    await person.expect_no_sideways_scroll()


async def test_support_sees_everything_and_has_no_buttons(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Looked At")
    arranger.user("+919900000077", "support-password", "SUPPORT")
    person = await meet()
    await person.sign_in("+919900000077", "support-password")
    await person.open_wallet(wallet)
    await expect(person.page.locator(".t-actions")).to_have_count(0)
