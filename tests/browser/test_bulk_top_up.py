"""Many wallets from a file: looked through, paid once, told line by line, and found again after a reload."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Meet
from tests.browser.people import CONFIRM, Arranger, Person, Served

pytestmark = pytest.mark.browser


def line(person: Person, number: int) -> Locator:
    return person.page.locator(f'tr[data-id="{number}"]')


def text_of(file: Path) -> str:
    return file.read_text("utf-8-sig")


async def pay(person: Person, words: str) -> None:
    """Confirms what is previewed, by a double click."""
    await person.page.get_by_role("button", name=words).click()
    await expect(person.page.locator(CONFIRM)).to_be_enabled()
    await person.page.locator(CONFIRM).dblclick()
    await expect(person.page.locator(".t-dialog")).to_have_count(0)


@pytest.mark.proof
async def test_a_file_is_looked_through_paid_once_and_paid_again_only_on_purpose(
    meet: Meet, served: Served, arranger: Arranger, tmp_path: Path
) -> None:
    owing = arranger.owing_tenant("Bulk Press")
    _, dairy = arranger.tenant("Bulk Dairy", externalId="bulk-dairy")
    arranger.user("+919811111111", "a password for bulk", "MEMBER")
    file = tmp_path / "october.csv"
    file.write_text(
        "wallet,amount,description\n"
        f'{owing},"25,000.00",Bank transfer 17\n'
        "bulk-dairy,12.345\nbulk-dairy,500\n919811111111,75\nnobody,5\n"
    )
    person = await meet()
    await person.sign_in(served.phone, served.password)
    await person.open_wallets()
    await person.page.get_by_role("link", name="Bulk top-up").click()
    await person.page.locator("input[type=file]").set_input_files(file)
    await expect(line(person, 2)).to_contain_text("₹25,000.00")
    await expect(line(person, 2)).to_contain_text("₹5,500.00from ₹4,500.00")
    await expect(line(person, 2)).to_contain_text("Unlocks the wallet.")
    await expect(line(person, 3)).to_contain_text("INR has 2 decimals at most.")
    await expect(line(person, 5)).to_contain_text("A member")
    await expect(line(person, 6)).to_contain_text("No wallet is known by that")
    await expect(person.page.locator(".t-bulk__sums")).to_have_text("To do₹25,575.003 wallets")
    assert arranger.total(dairy) == 0
    await pay(person, "Top up 3 wallets")
    for number in (2, 4, 5):
        await expect(line(person, number)).to_contain_text("Done")
    assert [arranger.total(wallet) for wallet in (owing, dairy)] == [550_000, 50_000]
    await person.page.reload()
    await expect(person.page.locator(".t-bulk__words")).to_have_text("3 wallets topped up.")
    async with person.page.expect_download() as coming:
        await person.page.get_by_role("link", name="Results").click()
    told = text_of(await (await coming.value).path())
    assert f"4,{dairy},Bulk Dairy,INR,500.00,50000,,Done,,0.00,500.00,,,opr_" in told
    assert '6,nobody,,,5,,,Mistake,"No wallet is known by that' in told

    await person.page.get_by_role("link", name="Another file").click()
    await person.page.locator("textarea").fill(file.read_text())
    await person.page.get_by_role("button", name="Check the lines").click()
    await expect(line(person, 4)).to_contain_text("Done already")
    await expect(person.page.get_by_role("button", name="Top up")).to_have_count(0)
    await person.page.get_by_role("button", name="Pay all of it once more").click()
    await expect(line(person, 4)).to_contain_text("It was topped up with as much on")
    await pay(person, "Top up 3 wallets")
    for number in (2, 4, 5):
        await expect(line(person, number)).to_contain_text("Done")
    await expect(line(person, 4)).to_contain_text("₹1,000.00from ₹500.00")
    assert arranger.total(dairy) == 100_000


@pytest.mark.proof
async def test_what_is_under_way_goes_on_without_its_page(meet: Meet, served: Served, arranger: Arranger) -> None:
    wallets = [arranger.tenant(f"Under Way {number}")[1] for number in range(30)]
    person = await meet(width=390, dark=True)
    await person.sign_in(served.phone, served.password)
    await person.page.goto(f"{person.url}/wallet/bulk")
    await person.page.locator("textarea").fill("\n".join(f"{wallet},1" for wallet in wallets))
    await person.page.get_by_role("button", name="Check the lines").click()
    await person.expect_no_sideways_scroll()
    await pay(person, "Top up 30 wallets")
    await person.page.reload()
    await expect(person.page.locator(".t-bulk__words")).to_have_text("30 wallets topped up.")
    assert [arranger.total(wallet) for wallet in wallets] == [100] * 30


@pytest.mark.proof
async def test_only_who_moves_money_finds_it(meet: Meet, served: Served, arranger: Arranger) -> None:
    arranger.user("+919811111112", "support-password", "SUPPORT")
    person = await meet()
    await person.sign_in("+919811111112", "support-password")
    await person.open_wallets()
    await expect(person.page.get_by_role("link", name="Bulk top-up")).to_have_count(0)
    await person.page.goto(f"{person.url}/wallet/bulk")
    await expect(person.page.get_by_role("heading", name="No such page")).to_be_visible()
    answer = await person.page.request.post(f"{person.url}/wallet/bulk/file", data="t,1")
    assert answer.status == 404
