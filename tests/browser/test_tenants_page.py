"""Tenants: one is made, its terms change, its usage shows as it comes, and it is suspended."""

import uuid

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Served

TERMS = "query ($id: ID!) { tenant(id: $id) { graceDays active } }"
USE = "mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename } }"


@pytest.mark.proof
async def test_a_tenant_is_made_given_terms_used_and_suspended(meet: Meet, served: Served, arranger: Arranger) -> None:
    person = await meet()
    page = person.page
    await person.sign_in(served.phone, served.password)
    await page.goto(f"{served.url}/tenants")
    await page.get_by_role("button", name="Create tenant").click()
    await page.get_by_label("Name", exact=True).fill("Malabar Weekly")
    await expect(page.get_by_text("Malabar Weekly and its wallet in INR, with a balance of 0.")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Create tenant").dblclick()
    await expect(page.locator("h1")).to_have_text("Malabar Weekly")
    tenant = page.url.rsplit("/", 1)[1]
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_label("Grace, in days").fill("5")
    await expect(page.get_by_text("Grace: Locks 5 days after an invoice is not covered")).to_be_visible()
    await person.confirm()
    await expect(page.get_by_label("Terms").get_by_text("Locks 5 days after")).to_be_visible()
    arranger.price(tenant, "200000", "2025-01-01T00:00:00Z")
    arranger.top_up(tenant.replace("ten_", "wal_"), 123_456)
    await expect(page.get_by_label("Wallet", exact=True).get_by_text("₹1,234.56").first).to_be_visible()
    event = {"tenantId": tenant, "service": "EPAPER", "quantity": "3", "key": uuid.uuid4().hex}
    arranger.send(USE, input={"events": [event]})
    await expect(page.get_by_label("Months not billed yet").get_by_text("₹6,000.00")).to_be_visible()
    await expect(page.get_by_label("Usage by day").get_by_text("3 in ")).to_be_visible()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.locator(".t-dialog [role=alert]")).to_contain_text("1,234.56")
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Suspend").click()
    await page.get_by_role("dialog").get_by_role("button", name="Suspend").dblclick()
    await expect(page.locator(".t-identity .t-badge")).to_have_text("Suspended")
    await page.reload()
    await expect(page.locator(".t-identity .t-badge")).to_have_text("Suspended")
    assert arranger.send(TERMS, id=tenant)["tenant"] == {"graceDays": 5, "active": False}
