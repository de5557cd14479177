"""Someone at a browser, and the API by which a test arranges what they find."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Page, Request, expect

AMOUNT, DESCRIPTION = ".t-dialog input >> nth=0", ".t-dialog input >> nth=1"
CONFIRM = ".t-dialog .t-btn--primary"


@dataclass(frozen=True)
class Served:
    """A running program and its administrator."""

    url: str
    phone: str
    password: str
    data: Path

    def newest_token(self) -> str:
        """The API's token of who signed in last, as the dashboard keeps it."""
        files = (self.data / "sessions").iterdir()
        return max(files, key=lambda file: file.stat().st_mtime_ns).read_text()


@dataclass
class Person:
    """A browser window, what it asked for, and what went wrong in it."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", self.note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note(self, request: Request) -> None:
        self.requests.append(request.url)

    @property
    def elsewhere(self) -> list[str]:
        """What was asked of anyone but the program."""
        ours = urlsplit(self.url).netloc
        return [url for url in self.requests if urlsplit(url).netloc != ours and not url.startswith("data:")]

    async def sign_in(self, phone: str, password: str) -> None:
        await self.page.goto(f"{self.url}/login")
        await self.type_credentials(phone, password)
        await expect(self.page.locator("h1")).to_have_text("Overview")

    async def enter(self, phone: str, password: str) -> None:
        """Signs in, and waits for wherever that leads."""
        await self.page.goto(f"{self.url}/login")
        await self.type_credentials(phone, password)
        await expect(self.page.locator(".t-page")).to_be_visible()

    async def type_credentials(self, phone: str, password: str) -> None:
        await self.page.get_by_label("Phone").fill(phone)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def open_wallets(self) -> None:
        await self.page.goto(f"{self.url}/wallet")
        await expect(self.page.locator("h1")).to_have_text("Wallet Management")

    async def open_wallet(self, wallet_id: str, tab: str = "") -> None:
        await self.page.goto(f"{self.url}/wallet/{wallet_id}{'?tab=' if tab else ''}{tab}")
        await expect(self.page.locator(".t-balances")).to_be_visible()

    async def act(self, action: str) -> None:
        """Presses an action of a page: a button of its own, or an entry of the menu."""
        actions = self.page.locator(".t-actions")
        if action in ("Top up", "Transfer"):
            await actions.get_by_role("button", name=action, exact=True).click()
            return
        await actions.get_by_role("button", name="More").click()
        await actions.get_by_role("menuitem", name=re.compile(f"^{action}")).click()

    async def begin(self, action: str, amount: str, description: str = "") -> None:
        """Opens a dialog and types; confirming is left to the test."""
        await self.act(action)
        await self.page.locator(AMOUNT).fill(amount)
        await self.page.locator(DESCRIPTION).fill(description)

    async def confirm(self) -> None:
        await expect(self.page.locator(CONFIRM)).to_be_enabled()
        await self.page.locator(CONFIRM).click()
        await expect(self.page.locator(".t-dialog")).to_have_count(0)

    async def expect_figures(self, **figures: str) -> None:
        """The figures under these headings, once they have arrived."""
        for label, text in figures.items():
            figure = self.page.locator(".t-figure", has=self.page.get_by_text(label.capitalize(), exact=True))
            await expect(figure.locator(".t-figure__value")).to_have_text(text)

    async def expect_no_sideways_scroll(self) -> None:
        assert await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class Arranger:
    """The API in an administrator's name."""

    def __init__(self, client: httpx.Client, phone: str, password: str) -> None:
        self.client = client
        answer = self.send(
            "mutation ($p: String!, $w: String!) { signIn(phone: $p, password: $w) { ... on SignedIn { token } } }",
            p=phone,
            w=password,
        )
        self.client.headers["Authorization"] = f"Bearer {answer['signIn']['token']}"

    def send(self, document: str, **variables: object) -> dict[str, Any]:
        body = self.client.post("/graphql", json={"query": document, "variables": variables}).json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    def tenant(self, name: str, **more: object) -> tuple[str, str]:
        """A new tenant; its id and its wallet's."""
        document = """mutation ($input: CreateTenantInput!) {
            createTenant(input: $input) { ... on TenantPayload { tenant { id wallet { id } } } }
        }"""
        tenant = self.send(document, input={"name": name, **more})["createTenant"]["tenant"]
        return tenant["id"], tenant["wallet"]["id"]

    def top_up(self, wallet_id: str, amount_minor: int, description: str = "") -> None:
        document = """mutation ($input: TopUpInput!) {
            topUp(input: $input) { __typename }
        }"""
        given = {"walletId": wallet_id, "amountMinor": amount_minor, "description": description}
        result = self.send(document, input={**given, "idempotencyKey": uuid.uuid4().hex})["topUp"]
        assert result["__typename"] == "MoneyPayload"

    def price(self, tenant_id: str, unit_price_minor: str | None, effective_from: str, **terms: object) -> None:
        document = """mutation ($input: SetPriceInput!) {
            setPrice(input: $input) { __typename }
        }"""
        given = {"tenantId": tenant_id, "service": "EPAPER", "unitPriceMinor": unit_price_minor, **terms}
        result = self.send(document, input={**given, "effectiveFrom": effective_from})["setPrice"]
        assert result["__typename"] == "PricePayload"

    def transfer(self, from_id: str, to_id: str, amount_minor: int) -> str:
        """The id of the line that took the money."""
        document = """mutation ($input: TransferInput!) {
            transfer(input: $input) { ... on MoneyPayload { transactions { id } } }
        }"""
        given = {"fromWalletId": from_id, "toWalletId": to_id, "amountMinor": amount_minor}
        result = self.send(document, input={**given, "idempotencyKey": uuid.uuid4().hex})["transfer"]
        line: str = result["transactions"][0]["id"]
        return line

    def reverse(self, transaction_id: str, amount_minor: int, why: str) -> None:
        document = """mutation ($input: ReverseTransactionInput!) {
            reverseTransaction(input: $input) { __typename }
        }"""
        given = {"transactionId": transaction_id, "amountMinor": amount_minor, "description": why}
        result = self.send(document, input={**given, "idempotencyKey": uuid.uuid4().hex})["reverseTransaction"]
        assert result["__typename"] == "MoneyPayload"

    def hold(self, wallet_id: str, amount_minor: int, description: str) -> str:
        """The id of a new hold."""
        document = """mutation ($input: PlaceHoldInput!) {
            placeHold(input: $input) { ... on HoldPayload { hold { id } } }
        }"""
        given = {"walletId": wallet_id, "amountMinor": amount_minor, "description": description}
        hold: str = self.send(document, input={**given, "idempotencyKey": uuid.uuid4().hex})["placeHold"]["hold"]["id"]
        return hold

    def release(self, hold_id: str) -> None:
        document = """mutation ($input: ReleaseHoldInput!) {
            releaseHold(input: $input) { __typename }
        }"""
        result = self.send(document, input={"holdId": hold_id, "idempotencyKey": uuid.uuid4().hex})["releaseHold"]
        assert result["__typename"] == "MoneyPayload"

    def bill_pages(self, tenant_id: str, pages: int, month: str) -> None:
        """Records usage in a month that is over, and bills it."""
        record = """mutation ($input: RecordUsageInput!) {
            recordUsage(input: $input) { __typename }
        }"""
        event = {"tenantId": tenant_id, "service": "EPAPER", "quantity": str(pages), "key": uuid.uuid4().hex}
        used = self.send(record, input={"events": [{**event, "occurredAt": f"{month}-10T09:00:00Z"}]})
        assert used["recordUsage"]["__typename"] == "UsagePayload"
        bill = """mutation ($input: RunBillingInput!) {
            runBilling(input: $input) { __typename }
        }"""
        billed = self.send(bill, input={"month": month, "tenantIds": [tenant_id]})
        assert billed["runBilling"]["__typename"] == "BillingPayload"

    def owing_tenant(self, name: str) -> str:
        """The wallet of a tenant that holds ₹4,500 and owes ₹24,000 for last month, and is locked for it."""
        last_month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        tenant, wallet = self.tenant(name)
        self.price(tenant, "200000", f"{last_month}-01T00:00:00Z")
        self.top_up(wallet, 450_000, "First deposit")
        self.bill_pages(tenant, 12, last_month)
        return wallet

    def user(self, phone: str, password: str, role: str, **more: object) -> None:
        document = """mutation ($input: CreateUserInput!) {
            createUser(input: $input) { __typename }
        }"""
        given = {"phone": phone, "password": password, "role": role, "name": f"A {role.lower()}"}
        assert self.send(document, input={**given, **more})["createUser"]["__typename"] == "UserPayload"

    def member(self, tenant_id: str, phone: str, password: str) -> None:
        """Somebody who reads a tenant's things."""
        document = "mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename } }"
        given = {"phone": phone, "password": password, "role": "MEMBER", "name": "A member", "tenantId": tenant_id}
        assert self.send(document, input=given)["createUser"]["__typename"] == "UserPayload"

    def operation(self, transaction_id: str) -> str:
        """The id of the operation that wrote a line."""
        document = "query ($id: ID!) { node(id: $id) { ... on Transaction { operationId } } }"
        operation: str = self.send(document, id=transaction_id)["node"]["operationId"]
        return operation

    def total(self, wallet_id: str) -> int:
        total: int = self.send("query ($id: ID!) { wallet(id: $id) { balance { total } } }", id=wallet_id)["wallet"][
            "balance"
        ]["total"]
        return total
