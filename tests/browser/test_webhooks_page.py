"""Webhooks in the browser: an endpoint is added, is sent what happens, fails, is mended, and goes."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect
from standardwebhooks import Webhook

from tests.browser.conftest import Meet
from tests.browser.people import Arranger, Person, Served
from tests.receiver import OK, Receiver, receiving, says

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


@dataclass
class Scene:
    """Who changes an endpoint, who looks on, and what it is called."""

    admin: Person
    other: Person
    name: str
    receiver: Receiver
    arranger: Arranger


async def add(scene: Scene) -> str:
    """By the dialog, which refuses what cannot be sent to; the secret."""
    page, name = scene.admin.page, scene.name
    await page.get_by_role("button", name="New endpoint").click()
    await page.get_by_label("URL, beginning with").fill("http://169.254.169.254/latest")
    await expect(page.locator(".t-dialog")).to_contain_text("an address in a private network")
    await page.get_by_label("Description").fill(name)
    await page.get_by_role("combobox", name="Hears of").click()
    await page.get_by_role("option", name="One tenant").click()
    await page.get_by_label("Tenant: name").fill(name)
    await page.get_by_role("button", name=f"{name} INR").click()
    await page.get_by_label("URL, beginning with").fill(scene.receiver.url)
    await confirm(scene.admin, f"all events · of {name}")
    secret = await page.get_by_text(re.compile("^whsec_")).text_content()
    await page.get_by_role("button", name="I have copied it").click()
    assert secret is not None
    assert len(endpoints(scene.arranger, name)) == 1
    await expect(line(scene.other, name)).to_contain_text("On")
    return secret


async def hear(scene: Scene, tenant: str, secret: str) -> None:
    """An alert fires."""
    threshold = {"name": scene.name, "condition": "AVAILABLE_BELOW", "tenantId": tenant, "thresholdMinor": 1_000_000}
    rule = scene.arranger.send(RULE, input=threshold)["createAlertRule"]["rule"]["id"]
    (heard,) = await scene.receiver.hears(1)
    told = Webhook(secret).verify(heard.body, heard.headers)
    assert (told["type"], told["data"]["tenantId"]) == ("alert.fired", tenant)
    assert told["data"]["availableMinor"] == 900_000
    await expect(row(scene.other, scene.name)).to_contain_text("Delivered")
    await expect(row(scene.other, scene.name)).to_contain_text("Alert fired")
    scene.arranger.send(DELETE_RULE, id=rule)


async def fail_and_mend(scene: Scene) -> None:
    """The other page shows it as it happens, also in the dialog that is open there."""
    admin, other, name = scene.admin, scene.other, scene.name
    scene.receiver.answer = says("500 Broken", "the books are closed")
    await act(admin, name, "Send test")
    await confirm(admin, "A signed webhook.test is sent at once")
    await expect(row(other, name)).to_contain_text("500 Broken: the books are closed")
    await expect(row(other, name)).to_contain_text("Waiting")
    await expect(line(other, name)).to_contain_text("Failing")
    await other.page.get_by_role("button", name=re.compile(f"Details: Test .* {name}")).first.click()
    await expect(other.page.locator(".t-payload")).to_contain_text('"type": "webhook.test"')
    await expect(other.page.locator(".t-attempt").last).to_contain_text("500 Broken: the books are closed")
    await other.expect_no_sideways_scroll()
    scene.receiver.answer = OK
    await row(admin, name).get_by_role("button", name="Redeliver").click()
    await confirm(admin, "by the same webhook-id")
    await expect(other.page.locator(".t-attempt").first).to_contain_text("200 after")
    await expect(line(other, name)).to_contain_text("On")
    assert len({one.id for one in scene.receiver.heard}) == 2
    await other.page.keyboard.press("Escape")
    await other.page.get_by_role("button", name="Failed", exact=True).click()
    await expect(row(other, name)).to_have_count(0)


async def end(scene: Scene, secret: str) -> None:
    """A new secret, off, and gone for good."""
    admin, other, name = scene.admin, scene.other, scene.name
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
    assert endpoints(scene.arranger, name) == []


@pytest.mark.proof
async def test_an_endpoint_is_added_hears_fails_is_mended_and_goes(
    meet: Meet, served: Served, arranger: Arranger
) -> None:
    name = f"Books {uuid4().hex[:8]}"
    tenant, wallet = arranger.tenant(name)
    arranger.top_up(wallet, 900_000)
    async with receiving() as receiver:
        scene = Scene(await meet(), await meet(width=390, dark=True), name, receiver, arranger)
        for person in (scene.admin, scene.other):
            await enter(person, served.phone, served.password)
            await expect(person.page.get_by_role("heading", name="Endpoints", exact=True)).to_be_visible()
        secret = await add(scene)
        await hear(scene, tenant, secret)
        await fail_and_mend(scene)
        await end(scene, secret)


@pytest.mark.proof
async def test_support_reads_webhooks_and_is_offered_no_change(meet: Meet, served: Served, arranger: Arranger) -> None:
    phone = f"+9197{uuid4().int % 10**8:08d}"
    arranger.send(SUPPORT, phone=phone, password=served.password)
    asha = await meet()
    await enter(asha, phone, served.password)
    await expect(asha.page.get_by_role("heading", name="Deliveries", exact=True)).to_be_visible()
    await expect(asha.page.get_by_role("button", name="New endpoint")).to_have_count(0)
    await expect(asha.page.get_by_role("button", name="Redeliver")).to_have_count(0)
