"""The pages of wallets show what is there, by themselves, and fit the screen."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Meet
from tests.browser.people import CONFIRM, Arranger, Served

pytestmark = pytest.mark.browser


async def right_edge(part: Locator) -> float:
    edge: float = await part.evaluate("part => part.getBoundingClientRect().right")
    return edge


async def test_a_row_of_the_list_changes_by_itself(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Row Watchers")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallets()
    await person.page.get_by_label("Search name or phone").fill("row watch")
    row = person.page.locator(f'tr[data-id="{wallet}"]')
    await expect(row).to_contain_text("₹0.00")
    await expect(person.page.locator("tbody tr")).to_have_count(1)
    await expect(person.page.locator(".t-light")).to_have_text("Live")
    arranger.top_up(wallet, 12_345_600)
    await expect(row).to_contain_text("₹1,23,456.00")
    await row.click()
    await expect(person.page.locator("h1")).to_have_text("Row Watchers")


@pytest.mark.proof
async def test_rows_of_tenants_and_users_show_what_their_wallets_hold(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, tenants = arranger.tenant("Shown Elsewhere")
    arranger.user("+919822222222", "a password for rows", "MEMBER")
    document = "query ($phone: String!) { user(phone: $phone) { wallet { id } } }"
    users = arranger.send(document, phone="+919822222222")["user"]["wallet"]["id"]
    person = await meet()
    await person.sign_in(served.phone, served.password)
    row = person.page.locator("tbody tr")
    for path, wallet in (("tenants?search=shown%20elsewhere", tenants), ("users?search=9822222222", users)):
        await person.page.goto(f"{person.url}/{path}")
        await expect(row).to_contain_text("₹0.00")
        await expect(person.page.locator(".t-light")).to_have_text("Live")
        arranger.top_up(wallet, 4_200)
        await expect(row).to_contain_text("₹42.00")


@pytest.mark.proof
async def test_a_search_without_a_match_and_the_chips_say_so(meet: Meet, served: Served, arranger: Arranger) -> None:
    arranger.owing_tenant("Debtors United")
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallets()
    await person.page.get_by_label("Search name or phone").fill("nobody at all")
    await expect(person.page.get_by_role("heading", name="No wallet matches")).to_be_visible()
    await person.page.get_by_label("Search name or phone").fill("debtors")
    await person.page.get_by_role("button", name="Due").click()
    await expect(person.page.locator("tbody tr")).to_contain_text("Locked")


@pytest.mark.proof
async def test_the_list_is_narrowed_by_an_amount_and_money_is_moved_from_it(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    _, poor = arranger.tenant("Narrowed Poor")
    _, rich = arranger.tenant("Narrowed Rich")
    arranger.tenant("Narrowed Abroad", currency="USD")
    arranger.top_up(rich, 900_000)
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.page.goto(f"{person.url}/wallet?search=narrowed&currency=INR&below=5%2C000")
    rows = person.page.locator("tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Narrowed Poor")
    await person.page.get_by_role("button", name="Transfer").click()
    for label, name in (("From", "Narrowed Rich"), ("To", "Narrowed Poor")):
        await person.page.get_by_label(f"{label}: name, phone or wallet id").fill(name)
        await person.page.locator(".t-picker__one", has_text=name).click()
    await person.page.get_by_label("Amount", exact=True).fill("6000")
    await expect(person.page.locator(".t-dialog")).to_contain_text("₹3,000.00")
    await person.page.locator(CONFIRM).dblclick()
    await expect(rows).to_contain_text("₹6,000.00")
    assert [arranger.total(wallet) for wallet in (poor, rich)] == [600_000, 300_000]
    await person.page.get_by_label("Available below").fill("4000")
    await expect(rows).to_contain_text("Narrowed Rich")
    assert "below=4000" in person.page.url


@pytest.mark.proof
async def test_a_long_list_is_gone_through_page_by_page(meet: Meet, served: Served, arranger: Arranger) -> None:
    wallets = [arranger.tenant(f"Long List {number:02}")[1] for number in range(60)]
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallets()
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


@pytest.mark.proof
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
    await person.open_wallet(wallet, "prices")
    stretches = person.page.locator(".t-timeline__list li")
    await expect(stretches).to_have_count(3)
    for index, words in enumerate(("₹2,000.00 a page", "₹1,800.00 a page", "₹1,700.00 a page")):
        await expect(stretches.nth(index)).to_contain_text(words)
    await expect(stretches).to_contain_text(["Past", "Active", "Scheduled"])
    await expect(person.page.locator(".t-timeline svg .t-stretch__bar")).to_have_count(3)


@pytest.mark.proof
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
        assert await right_edge(chart.locator("svg")) - await right_edge(chart.locator(".t-chart__line").last) < 20
    await expect(chart.locator(".t-chart__line--long")).to_have_count(1)
    assert await right_edge(chart.locator(".t-chart__line").first) > await right_edge(chart.locator("svg")) / 2


@pytest.mark.proof
@pytest.mark.parametrize("dark", [False, True])
async def test_at_390_pixels_nothing_scrolls_sideways(
    meet: Meet, served: Served, arranger: Arranger, dark: bool
) -> None:
    wallet = arranger.owing_tenant(f"A Publisher With Quite A Long Name {dark}")
    person = await meet(width=390, dark=dark)
    await person.page.goto(f"{person.url}/login")
    await expect(person.page.get_by_label("Password")).to_be_visible()
    await person.expect_no_sideways_scroll()
    await person.sign_in(served.phone, served.password)
    await person.open_wallets()
    await expect(person.page.locator("tbody tr").first).to_be_visible()
    await person.expect_no_sideways_scroll()
    await person.open_wallet(wallet)
    await person.expect_no_sideways_scroll()
    await person.begin("Top up", "12345678.90")
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    await person.expect_no_sideways_scroll()


@pytest.mark.proof
async def test_support_sees_everything_and_has_no_buttons(meet: Meet, served: Served, arranger: Arranger) -> None:
    _, wallet = arranger.tenant("Looked At")
    arranger.user("+919900000077", "support-password", "SUPPORT")
    person = await meet()
    await person.sign_in("+919900000077", "support-password")
    await person.open_wallet(wallet)
    await expect(person.page.locator(".t-actions")).to_have_count(0)
