"""Alerts in the browser: a rule is made, fires on every open page as it happens, is read, recovers, and goes."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Meet
from tests.browser.people import CONFIRM, Arranger, Person, Served

MEMBER = """mutation ($tenant: ID!, $phone: String!, $password: String!) {
  createUser(input: {name: "Latha", phone: $phone, password: $password, tenantId: $tenant}) { __typename } }"""
RULE = """mutation ($input: CreateAlertRuleInput!) {
  createAlertRule(input: $input) { ... on AlertRulePayload { rule { id } } } }"""
DELETE = "mutation ($id: ID!) { deleteAlertRule(id: $id) { __typename } }"
RULES = "{ alertRules { edges { node { id name firing active } } } }"


def rules(arranger: Arranger, name: str) -> list[dict[str, object]]:
    """Those of that name."""
    listed = [edge["node"] for edge in arranger.send(RULES)["alertRules"]["edges"]]
    return [rule for rule in listed if rule["name"] == name]


def rows(person: Person, words: str) -> Locator:
    return person.page.locator("tbody tr", has_text=words)


async def unread(person: Person, words: str) -> None:
    await expect(person.page.locator(".t-bell")).to_have_attribute("aria-label", words)


@pytest.mark.proof
async def test_a_rule_fires_on_every_open_page_is_read_and_recovers(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    name = f"Watched {uuid4().hex[:8]}"
    _, wallet = arranger.tenant(name)
    arranger.top_up(wallet, 900_000)
    admin, other = await meet(), await meet(width=390, dark=True)
    await admin.sign_in(served.phone, served.password)
    await admin.page.goto(f"{served.url}/alerts")
    await other.sign_in(served.phone, served.password)
    await unread(other, "Alerts")

    await admin.page.get_by_role("tab", name="Rules").click()
    await admin.page.get_by_role("button", name="New rule").click()
    await admin.page.get_by_label("Name", exact=True).fill(f"Low {name}")
    await admin.page.get_by_role("combobox", name="Of whom").click()
    await admin.page.get_by_role("option", name="One tenant").click()
    await admin.page.get_by_label("Tenant: name or external id").fill(name)
    await admin.page.get_by_role("button", name=f"{name} INR").click()
    await admin.page.get_by_label("Amount", exact=True).fill("10,000")
    dialog = admin.page.locator(".t-dialog")
    await expect(dialog).to_contain_text(f"It would fire for 1 tenant now: {name}.")
    await admin.page.locator(CONFIRM).dblclick()
    await expect(dialog).to_have_count(0)
    assert len(rules(arranger, f"Low {name}")) == 1
    rule = admin.page.locator(".t-rule", has_text=f"Low {name}")
    await expect(rule).to_contain_text(f"Available below ₹10,000.00 · {name}")
    await expect(rule).to_contain_text("Fires for 1")

    await unread(other, "Alerts, 1 unread")
    await other.page.locator(".t-bell").click()
    row = rows(other, "₹9,000.00 available, less than ₹10,000.00")
    await expect(row).to_contain_text("New")
    await expect(row).to_contain_text("Firing")
    await other.page.get_by_role("button", name="Mark 1 read").click()
    await expect(row).not_to_contain_text("New")
    await unread(other, "Alerts")
    await unread(admin, "Alerts")
    await other.expect_no_sideways_scroll()
    arranger.top_up(wallet, 150_000)
    await expect(row).to_contain_text("Recovered")
    await expect(rule).to_contain_text("Quiet")
    await other.page.get_by_role("button", name="Firing").click()
    await expect(row).to_have_count(0)
    await other.page.get_by_role("button", name="Recovered").click()
    await expect(row).to_have_count(1)
    await expect(other.page).to_have_url(re.compile(r"/alerts\?chip=Recovered$"))
    await other.page.reload()
    await expect(other.page.get_by_role("button", name="Recovered")).to_have_attribute("aria-pressed", "true")
    await expect(row).to_have_count(1)
    await row.get_by_role("link").click()
    await expect(other.page.locator("h1")).to_have_text(name)

    await rule.get_by_role("button", name="What to do with").press("Enter")
    await admin.page.get_by_role("menuitem", name="Change").click()
    await admin.page.get_by_label("Amount", exact=True).fill("20,000")
    await expect(dialog).to_contain_text("It would fire for 1 tenant now")
    await admin.page.locator(CONFIRM).click()
    await expect(rule).to_contain_text("Fires for 1")
    await admin.page.reload()
    await rule.get_by_role("button", name="What to do with").click()
    await admin.page.get_by_role("menuitem", name="Delete").click()
    await expect(dialog).to_contain_text("The alert that fires now recovers")
    await admin.page.locator(".t-dialog__foot .t-btn--danger").click()
    await expect(rule).to_have_count(0)
    assert rules(arranger, f"Low {name}") == []


@pytest.mark.proof
async def test_tenants_people_have_the_inbox_of_their_own_tenant_alone(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    (ours, _), (_theirs, _) = (arranger.tenant(f"{side} {uuid4().hex[:8]}") for side in ("Ours", "Theirs"))
    phone = f"+9198{uuid4().int % 10**8:08d}"
    arranger.send(MEMBER, tenant=ours, phone=phone, password=served.password)
    general = {"name": "Of all of them", "condition": "AVAILABLE_BELOW", "currency": "INR", "thresholdMinor": 700}
    made = arranger.send(RULE, input=general)["createAlertRule"]["rule"]["id"]
    latha = await meet()
    await latha.page.goto(f"{served.url}/login")
    await latha.type_credentials(phone, served.password)
    await unread(latha, "Alerts, 1 unread")
    await latha.page.goto(f"{served.url}/alerts?tab=rules")
    await expect(rows(latha, "₹0.00 available, less than ₹7.00")).to_have_count(1)
    await expect(latha.page.get_by_role("tab")).to_have_count(0)
    await expect(latha.page.locator(".t-page")).not_to_contain_text("Of all of them")
    arranger.send(DELETE, id=made)
    await expect(rows(latha, "Recovered")).to_have_count(1)
