"""Webhooks in the browser: an endpoint is added, is sent what happens, fails, is mended, and goes."""

import re
from uuid import uuid4

from playwright.async_api import Locator, expect
from standardwebhooks import Webhook

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served
from tests.receiver import OK, receiving, says

RULE = """mutation ($input: CreateAlertRuleInput!) {
  createAlertRule(input: $input) { ... on AlertRulePayload { rule { id } } } }"""
DELETE_RULE = "mutation ($id: ID!) { deleteAlertRule(id: $id) { __typename } }"
ENDPOINTS = "{ webhookEndpoints { edges { node { id description } } } }"
SUPPORT = """mutation ($phone: String!, $password: String!) {
  createUser(input: {name: "Asha", phone: $phone, password: $password, role: SUPPORT}) { __typename } }"""


def endpoints(arranger: Arranger, name: str) -> list[str]:
    """The ids of those called so."""
    listed = [edge["node"] for edge in arranger.send(ENDPOINTS)["webhookEndpoints"]["edges"]]
    return [one["id"] for one in listed if one["description"] == name]


def line(person: Person, name: str) -> Locator:
    return person.page.locator(".t-rule", has_text=name)


def row(person: Person, name: str) -> Locator:
    """The newest delivery to it."""
    return person.page.locator(".t-deliveries tbody tr", has_text=name).first


async def enter(person: Person, phone: str, password: str) -> None:
    await person.page.goto(f"{person.url}/login")
    await person.type_credentials(phone, password)
    await person.page.wait_for_url(lambda url: "/login" not in url)
    await person.page.goto(f"{person.url}/alerts")
    await person.page.get_by_role("tab", name="Webhooks").click()


async def act(person: Person, name: str, entry: str) -> None:
    await line(person, name).get_by_role("button", name="What to do with").click()
    await person.page.get_by_role("menuitem", name=entry).click()


async def confirm(person: Person, says: str) -> None:
    """Once the dialog says what would happen."""
    dialog = person.page.locator(".t-dialog", has=person.page.locator(".t-preview"))
    await expect(dialog).to_contain_text(says)
    await dialog.locator(".t-dialog__foot .t-btn").last.dblclick()
    await expect(dialog).to_have_count(0)


async def test_an_endpoint_is_added_hears_fails_is_mended_and_goes(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    name = f"Books {uuid4().hex[:8]}"
    tenant, wallet = arranger.tenant(name)
    arranger.top_up(wallet, 900_000)
    admin, other = await meet(), await meet(width=390, dark=True)
    for person in (admin, other):
        await enter(person, served.phone, served.password)
        await expect(person.page.get_by_role("heading", name="Endpoints", exact=True)).to_be_visible()

    async with receiving() as receiver:
        await admin.page.get_by_role("button", name="New endpoint").click()
        await admin.page.get_by_label("URL, beginning with").fill("http://169.254.169.254/latest")
        await expect(admin.page.locator(".t-dialog")).to_contain_text("an address in a private network")
        await admin.page.get_by_label("Description").fill(name)
        await admin.page.get_by_role("combobox", name="Hears of").click()
        await admin.page.get_by_role("option", name="One tenant").click()
        await admin.page.get_by_label("Tenant: name").fill(name)
        await admin.page.get_by_role("button", name=f"{name} INR").click()
        await admin.page.get_by_label("URL, beginning with").fill(receiver.url)
        await confirm(admin, f"all events · of {name}")
        secret = await admin.page.get_by_text(re.compile("^whsec_")).text_content()
        await admin.page.get_by_role("button", name="I have copied it").click()
        assert secret is not None
        assert len(endpoints(arranger, name)) == 1
        await expect(line(other, name)).to_contain_text("On")

        threshold = {"name": name, "condition": "AVAILABLE_BELOW", "tenantId": tenant, "thresholdMinor": 1_000_000}
        rule = arranger.send(RULE, input=threshold)["createAlertRule"]["rule"]["id"]
        (heard,) = await receiver.hears(1)
        told = Webhook(secret).verify(heard.body, heard.headers)
        assert (told["type"], told["data"]["tenantId"], told["data"]["availableMinor"]) == (
            "alert.fired",
            tenant,
            900_000,
        )
        await expect(row(other, name)).to_contain_text("Delivered")
        await expect(row(other, name)).to_contain_text("Alert fired")
        arranger.send(DELETE_RULE, id=rule)

        receiver.answer = says("500 Broken", "the books are closed")
        await act(admin, name, "Send test")
        await confirm(admin, "A signed webhook.test is sent at once")
        await expect(row(other, name)).to_contain_text("500 Broken: the books are closed")
        await expect(row(other, name)).to_contain_text("Waiting")
        await expect(line(other, name)).to_contain_text("Failing")
        await other.page.get_by_role("button", name=re.compile(f"Details: Test .* {name}")).first.click()
        await expect(other.page.locator(".t-payload")).to_contain_text('"type": "webhook.test"')
        await expect(other.page.locator(".t-attempt").last).to_contain_text("500 Broken: the books are closed")
        await other.expect_no_sideways_scroll()

        receiver.answer = OK
        await row(admin, name).get_by_role("button", name="Redeliver").click()
        await confirm(admin, "by the same webhook-id")
        await expect(other.page.locator(".t-attempt").first).to_contain_text("200 after")
        await expect(line(other, name)).to_contain_text("On")
        assert len({one.id for one in receiver.heard}) == 2
        await other.page.keyboard.press("Escape")
        await other.page.get_by_role("button", name="Failed", exact=True).click()
        await expect(row(other, name)).to_have_count(0)

        await act(admin, name, "New secret")
        await confirm(admin, "messages are signed with the secret of today too")
        await expect(admin.page.get_by_text(re.compile("^whsec_"))).not_to_have_text(secret)
        await admin.page.get_by_role("button", name="I have copied it").click()
        await expect(line(admin, name)).to_contain_text("The secret before signs too until")
        await act(admin, name, "Switch off")
        await confirm(admin, "Nothing is sent to it any more")
        await expect(line(other, name)).to_contain_text("Off")
        await admin.page.reload()
        await act(admin, name, "Delete")
        await confirm(admin, "No message waits for it")
        await expect(line(other, name)).to_have_count(0)
        assert endpoints(arranger, name) == []


async def test_support_reads_webhooks_and_is_offered_no_change(meet: Meet, served: Served, arranger: Arranger) -> None:
    phone = f"+9197{uuid4().int % 10**8:08d}"
    arranger.send(SUPPORT, phone=phone, password=served.password)
    asha = await meet()
    await enter(asha, phone, served.password)
    await expect(asha.page.get_by_role("heading", name="Deliveries", exact=True)).to_be_visible()
    await expect(asha.page.get_by_role("button", name="New endpoint")).to_have_count(0)
    await expect(asha.page.get_by_role("button", name="Redeliver")).to_have_count(0)
