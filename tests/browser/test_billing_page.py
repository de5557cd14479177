"""A month is billed with its figures first and its progress live; invoices are approved, voided and printed."""

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.async_api import Page, expect

from server.embedded import DATABASE, ROLE
from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served

pytestmark = pytest.mark.browser

MEMBER, PASSWORD = "+919812345688", "a password for tests"
LAST = datetime.now(UTC).replace(day=1) - timedelta(days=1)
MONTH, MONTH_NAME = LAST.strftime("%Y-%m"), LAST.strftime("%b %Y")
RECORD = "mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename } }"
INVOICES = "query ($id: ID!) { invoices(tenantId: $id) { edges { node { id number status } } } }"
RUNS = "{ billingRuns(first: 1) { totalCount } }"
MOST = str(2**53 - 1)


@asynccontextmanager
async def store_of(served: Served) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The served program's own database."""
    connection = await asyncpg.connect(host=str(served.data / "postgres"), user=ROLE, database=DATABASE)
    try:
        yield connection
    finally:
        await connection.close()


def used(arranger: Arranger, tenant: str, quantity: int, service: str = "EPAPER") -> None:
    """Usage of last month, not billed."""
    event = {"tenantId": tenant, "service": service, "quantity": str(quantity), "key": uuid.uuid4().hex}
    answer = arranger.send(RECORD, input={"events": [{**event, "occurredAt": f"{MONTH}-10T09:00:00Z"}]})
    assert answer["recordUsage"]["__typename"] == "UsagePayload"


def priced(arranger: Arranger, name: str, paid: int, **more: object) -> tuple[str, str]:
    """A tenant whose page costs 2,000.00, with money in its wallet."""
    tenant, wallet = arranger.tenant(name, **more)
    arranger.price(tenant, "200000", f"{MONTH}-01T00:00:00Z")
    arranger.top_up(wallet, paid)
    return tenant, wallet


def invoice_of(arranger: Arranger, tenant: str) -> tuple[str, str, str]:
    """Id, number and status of its only invoice."""
    (edge,) = arranger.send(INVOICES, id=tenant)["invoices"]["edges"]
    return edge["node"]["id"], edge["node"]["number"], edge["node"]["status"]


async def choose_tenant(page: Page, name: str) -> None:
    """Narrows the run that is about to be done to one tenant."""
    dialog = page.locator(".t-dialog")
    await dialog.get_by_role("combobox", name="For").click()
    await page.get_by_role("option", name="One tenant").click()
    await dialog.get_by_label("Tenant", exact=True).fill(name)
    await dialog.locator(".t-picker__one", has_text=name).click()


async def open_run(person: Person) -> None:
    await person.page.goto(f"{person.url}/billing")
    await person.page.get_by_role("button", name=f"Run billing for {MONTH_NAME}").click()
    await expect(person.page.locator(".t-preview__rows")).to_be_visible()


@pytest.mark.proof
async def test_a_month_is_run_after_its_dry_run_and_goes_on_live_on_every_page(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, wallet = priced(arranger, "Run Weekly", 450_000)
    used(arranger, tenant, 12)
    huge, _ = arranger.tenant("Run Hugely", currency="BHD")
    for service in ("EPAPER", "SMS"):
        arranger.price(huge, MOST, f"{MONTH}-01T00:00:00Z", service=service)
        used(arranger, huge, 1, service)
    person, watcher = await meet(), await meet(width=390, dark=True)
    for one in (person, watcher):
        await one.enter(served.phone, served.password)
    await watcher.page.goto(f"{served.url}/billing?tab=runs")
    before = arranger.send(RUNS)["billingRuns"]["totalCount"]
    await open_run(person)
    preview = person.page.locator(".t-dialog .t-preview")
    await expect(preview).to_contain_text("Not Run Hugely:")
    await choose_tenant(person.page, "Run Weekly")
    await expect(preview).to_contain_text("Run Weekly: ₹24,000.00 for")
    await expect(preview).to_contain_text("Locks 1 wallet: not covered")
    assert arranger.send(RUNS)["billingRuns"]["totalCount"] == before
    bar = watcher.page.get_by_role("progressbar", name=f"Billing {MONTH_NAME}")
    async with store_of(served) as store, store.transaction():
        await store.execute("SELECT 1 FROM wallets WHERE id = $1 FOR UPDATE", uuid.UUID(wallet.removeprefix("wal_")))
        await person.page.get_by_role("dialog").get_by_role("button", name="Run billing").dblclick()
        await expect(bar).to_have_attribute("aria-valuenow", "0")
        await watcher.page.reload()
        await expect(bar).to_have_attribute("aria-valuetext", "0 of 1 tenant done")
    await expect(person.page.locator("h1")).to_have_text(f"Billing of {MONTH_NAME}")
    await person.expect_figures(Invoices="1", Locked="1", **{"Not billed": "0"})
    await expect(person.page.get_by_role("row", name="INR")).to_contain_text("₹24,000.00₹0.00")
    await expect(bar).to_have_count(0)
    await expect(watcher.page.locator("tbody tr").first).to_contain_text("1 tenant done")
    await watcher.expect_no_sideways_scroll()
    assert arranger.send(RUNS)["billingRuns"]["totalCount"] == before + 1
    await open_run(person)
    await choose_tenant(person.page, "Run Hugely")
    await expect(preview).to_contain_text("Not Run Hugely:")
    await person.page.get_by_role("dialog").get_by_role("button", name="Run billing").click()
    failure = person.page.get_by_role("row", name="Run Hugely")
    await expect(failure).to_be_visible()
    await person.page.reload()
    await expect(person.page.locator(".t-identity .t-badge")).to_have_text("1 not billed")
    await failure.get_by_role("button", name="Bill Run Hugely again").click()
    await expect(preview).to_contain_text("Not Run Hugely:")


@pytest.mark.proof
async def test_a_run_of_another_process_fills_its_bar(meet: Meet, served: Served) -> None:
    run_id = uuid.uuid4()
    person = await meet()
    await person.enter(served.phone, served.password)
    async with store_of(served) as store:
        await store.execute(
            "INSERT INTO billing_runs (id, month, actor, tenants, done, started_at, worked_at) "
            "VALUES ($1, '2020-02-01', 'system', 300, 0, now(), now() + interval '1 day')",
            run_id,
        )
        await person.page.goto(f"{served.url}/billing/runs/run_{run_id.hex}")
        bar = person.page.get_by_role("progressbar")
        await expect(bar).to_have_attribute("aria-valuenow", "0")
        await store.execute("UPDATE billing_runs SET done = 256 WHERE id = $1", run_id)
        await expect(bar).to_have_attribute("aria-valuetext", "256 of 300 tenants done")
        await expect(bar).to_have_attribute("aria-valuenow", "85")
        await store.execute("UPDATE billing_runs SET done = 300, finished_at = now() WHERE id = $1", run_id)
        await expect(person.page.locator(".t-identity .t-badge")).to_have_text("Finished")
        await expect(bar).to_have_attribute("aria-valuenow", "100")
        await store.execute("DELETE FROM billing_runs WHERE id = $1", run_id)


@pytest.mark.proof
async def test_invoices_are_approved_voided_and_printed_under_their_tenants_eyes(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, wallet = priced(arranger, "Sheets and Lines", 10_000_000, finalizationDays=7, billingZone="Asia/Kolkata")
    arranger.bill_pages(tenant, 12, MONTH)
    arranger.user(MEMBER, PASSWORD, "MEMBER", tenantId=tenant)
    owing = arranger.owing_tenant("Never Covered")
    invoice, number, _ = invoice_of(arranger, tenant)
    person, member = await meet(dark=True), await meet(width=390)
    await person.enter(served.phone, served.password)
    await member.enter(MEMBER, PASSWORD)
    await member.page.goto(f"{served.url}/billing")
    await expect(member.page.locator("section[aria-label='Months not billed yet'] tbody tr")).to_have_count(1)
    await member.page.locator("section[aria-label=Invoices]").get_by_role("link", name=number).click()
    await expect(member.page.get_by_role("button", name=re.compile("Approve|Void"))).to_have_count(0)
    await person.page.goto(f"{served.url}/billing?tab=invoices&status=pending&search={number}")
    await person.page.get_by_role("link", name=number).click()
    sheet = person.page.locator(".t-sheet")
    await expect(sheet).to_contain_text("12₹2,000.00₹24,000.00")
    await expect(sheet).to_contain_text("Pending")
    await person.page.get_by_role("button", name="Approve").click()
    dialog = person.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Collects what is held for it now")
    await dialog.get_by_role("button", name="Approve").dblclick()
    for one in (person, member):
        await expect(one.page.locator(".t-sheet__facts .t-badge")).to_have_text("Paid")
    assert arranger.total(wallet) == 10_000_000 - 2_400_000
    await expect(dialog).to_have_count(0)
    await looks_clean_on_paper(person.page, number)
    await person.page.get_by_role("button", name="Void").click()
    await expect(dialog).to_contain_text("₹24,000.00 returns to the wallet")
    await expect(dialog.get_by_role("button", name="Void it")).to_be_disabled()
    await dialog.get_by_label("Why is it void?").fill("Billed twice")
    await dialog.get_by_role("button", name="Void it").dblclick()
    for one in (person, member):
        await expect(one.page.locator(".t-sheet__facts .t-badge")).to_have_text("Void")
    assert arranger.total(wallet) == 10_000_000
    assert invoice_of(arranger, tenant) == (invoice, number, "VOID")
    due, _, status = invoice_of(arranger, owing.replace("wal_", "ten_"))
    assert status == "DUE"
    await member.page.goto(f"{served.url}/invoice/{due}")
    await expect(member.page.locator("h1")).to_have_text("No such invoice")
    await person.page.goto(f"{served.url}/invoice/{due}")
    await expect(person.page.locator("main .t-callout")).to_contain_text("₹19,500.00 more pays all that is due")
    await person.page.get_by_role("button", name="Void").click()
    await expect(dialog).to_contain_text("Unlocks the wallet")


async def looks_clean_on_paper(page: Page, number: str) -> None:
    """Black on white from a dark page, the sheet alone, on one page of A4 and of Letter."""
    await page.emulate_media(media="print")
    await expect(page.locator(".q-header")).to_be_hidden()
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    colours = await page.locator(".t-sheet").evaluate(
        "(sheet) => [sheet, document.body].map((e) => getComputedStyle(e)).flatMap((s) => [s.color, s.backgroundColor])"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"] * 2
    left = await page.locator(".t-sheet").evaluate("(sheet) => sheet.getBoundingClientRect().left")
    assert left == 0, "the side bar leaves no room"
    assert number in await page.title(), "the name of the file that it is saved as"
    for format_, box in (("A4", b"/MediaBox [0 0 59"), ("Letter", b"/MediaBox [0 0 612 792]")):
        paper = await page.pdf(format=format_)
        assert (paper.count(b"/Type /Page\n"), paper.count(box)) == (1, 1)
    await page.emulate_media(media="screen")


@pytest.mark.proof
async def test_support_reads_all_of_billing_and_changes_nothing_and_who_has_no_tenant_has_no_invoices(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    tenant, _ = priced(arranger, "Read by Support", 10_000_000, finalizationDays=7)
    arranger.bill_pages(tenant, 3, MONTH)
    arranger.user("+919812345689", PASSWORD, "SUPPORT")
    arranger.user("+919812345690", PASSWORD, "MEMBER")
    invoice, number, _ = invoice_of(arranger, tenant)
    support, loner = await meet(), await meet()
    await support.enter("+919812345689", PASSWORD)
    await support.page.goto(f"{served.url}/billing")
    await expect(support.page.get_by_role("button", name=re.compile("Run billing"))).to_have_count(0)
    await support.page.get_by_role("link", name=f"Invoices of {MONTH_NAME}").click()
    await support.page.get_by_role("button", name="Pending").click()
    await support.page.get_by_label("Search by number").fill(number)
    await expect(support.page.locator("tbody tr")).to_have_count(1)
    await support.page.reload()
    await expect(support.page.locator("tbody tr")).to_have_count(1)
    await support.page.goto(f"{served.url}/billing?tab=invoices&tenant={tenant}")
    await expect(support.page.locator("tbody tr")).to_have_count(1)
    await support.page.get_by_role("button", name="Only Read by Support: show all tenants").click()
    await expect(support.page.locator("tbody tr")).not_to_have_count(1)
    await support.page.goto(f"{served.url}/invoice/{invoice}")
    await expect(support.page.locator(".t-sheet")).to_be_visible()
    await expect(support.page.get_by_role("button", name=re.compile("Approve|Void"))).to_have_count(0)
    await support.page.goto(f"{served.url}/billing/runs/run_{uuid.uuid4().hex}")
    await expect(support.page.locator("h1")).to_have_text("No such billing run")
    await loner.enter("+919812345690", PASSWORD)
    await loner.page.goto(f"{served.url}/billing")
    await expect(loner.page.get_by_role("heading", name="No invoices here")).to_be_visible()
    await loner.page.goto(f"{served.url}/billing/runs/run_{uuid.uuid4().hex}")
    await expect(loner.page.locator("h1")).to_have_text("No such page")
