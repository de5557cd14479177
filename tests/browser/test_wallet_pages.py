"""What an administrator does at the screen is done once, shown exactly, and seen at once by everyone looking."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import AMOUNT, CONFIRM, Arranger, Served

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
