"""The card's timeline, to the rupee, through real HTTP and a real websocket."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.api import Api, Stream, api

CREATE_TENANT = """
mutation { createTenant(input: {name: "Mohan Sai Publications", externalId: "t_001"}) {
  ... on TenantPayload { tenant { id wallet { id version balance { total } } } } } }
"""
SET_PRICE = """
mutation ($input: SetPriceInput!) { setPrice(input: $input) { __typename ... on PricePayload { price { status }
  timeline { unitPriceMinor effectiveFrom effectiveUntil status isActive } } } }
"""
TOP_UP = """
mutation ($input: TopUpInput!) { topUp(input: $input) { __typename ... on MoneyPayload {
  replayed after { balance { total } lock { locked reasons unlockAmount } }
  settledInvoices { number month status totalMinor } transactions { type amountMinor dueAmountMinor } } } }
"""
RECORD_USAGE = """
mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename
  ... on UsagePayload { accepted duplicates } ... on UsageRefused { message events { code index lock { locked } } } } }
"""
RUN_BILLING = """
mutation ($input: RunBillingInput!) { runBilling(input: $input) { __typename ... on BillingPayload {
  run { invoiceCount locked amounts { currency billedMinor collectedMinor } }
  invoices { number status totalMinor amountDueMinor lines { kind service quantity unitPriceMinor amountMinor } } } } }
"""
WALLET = """
query ($id: ID!) { wallet(id: $id) { version monthlyCharge monthsRemaining
  balance { total locked available }
  lock { locked reasons amountDue unlockAmount topUpUnlocks } } }
"""
EVENTS = """
subscription ($id: ID!, $after: Int) { walletEvents(walletId: $id, afterVersion: $after) { __typename
  ... on WalletSnapshot { wallet { version balance { total } } }
  ... on WalletChange { lastOfOperation after { balance { total } lock { locked } }
    transaction { version type reason amountMinor dueAmountMinor balanceAfterMinor dueAfterMinor description } } } }
"""
LINE = tuple[str, str, int, int, int, bool]

EXPECTED: list[LINE] = [  # type, reason, amount, due, balance after, locked after
    ("CREDIT", "TOP_UP", 500_000, 0, 500_000, False),
    ("CREDIT", "TOP_UP", 350_000, 0, 850_000, False),
    ("CREDIT", "TOP_UP", 3_200_000, 0, 4_050_000, False),
    ("DEBIT", "INVOICE", -3_600_000, 0, 450_000, False),
    ("DUE", "INVOICE", 0, 2_400_000, 450_000, False),
    ("LOCK", "INSUFFICIENT_FUNDS", 0, 0, 450_000, True),
    ("CREDIT", "TOP_UP", 2_500_000, 0, 2_950_000, True),
    ("DEBIT", "INVOICE", -2_400_000, 0, 550_000, True),
    ("DUE", "SETTLED", 0, -2_400_000, 550_000, True),
    ("UNLOCK", "INSUFFICIENT_FUNDS", 0, 0, 550_000, False),
    ("DUE", "INVOICE", 0, 2_700_000, 550_000, False),
    ("LOCK", "INSUFFICIENT_FUNDS", 0, 0, 550_000, True),
    ("CREDIT", "TOP_UP", 2_150_000, 0, 2_700_000, True),
    ("DEBIT", "INVOICE", -2_700_000, 0, 0, True),
    ("DUE", "SETTLED", 0, -2_700_000, 0, True),
    ("UNLOCK", "INSUFFICIENT_FUNDS", 0, 0, 0, False),
]


class Card:
    """The card's tenant, told through the API."""

    def __init__(self, here: Api, tenant: dict[str, Any]) -> None:
        self.here, self.tenant_id, self.wallet_id = here, tenant["id"], tenant["wallet"]["id"]
        self._keys = 0

    async def price(self, minor: str, since: str) -> Any:
        new = {"tenantId": self.tenant_id, "service": "EPAPER", "unitPriceMinor": minor, "effectiveFrom": since}
        return await self.here.admin.get(SET_PRICE, input=new)

    async def top_up(self, instant: str, minor: int) -> Any:
        self.here.at(instant)
        self._keys += 1
        asked = {"walletId": self.wallet_id, "amountMinor": minor, "idempotencyKey": f"top-up {self._keys}"}
        return await self.here.admin.get(TOP_UP, input=asked)

    async def use(self, instant: str, quantity: int) -> Any:
        self.here.at(instant)
        event = {"tenantId": self.tenant_id, "service": "EPAPER", "quantity": quantity, "key": f"upload {instant}"}
        return await self.here.admin.get(RECORD_USAGE, input={"events": [event]})

    async def bill(self, instant: str, month: str) -> Any:
        self.here.at(instant)
        return await self.here.admin.get(RUN_BILLING, input={"month": month, "tenantIds": [self.tenant_id]})

    async def wallet(self) -> Any:
        return await self.here.admin.get(WALLET, id=self.wallet_id)


@pytest_asyncio.fixture
async def card(database_url: str) -> AsyncIterator[Card]:
    async with api(database_url) as here:
        payload = await here.admin.get(CREATE_TENANT)
        yield Card(here, payload["tenant"])


def line(change: dict[str, Any]) -> LINE:
    t = change["transaction"]
    locked = change["after"]["lock"]["locked"]
    return (t["type"], t["reason"], t["amountMinor"], t["dueAmountMinor"], t["balanceAfterMinor"], locked)


async def changes(stream: Stream, count: int) -> list[dict[str, Any]]:
    return [(await stream.next())["data"]["walletEvents"] for _ in range(count)]


async def test_the_cards_timeline_comes_out_to_the_rupee_and_a_subscriber_sees_exactly_its_changes_in_order(
    card: Card,
) -> None:
    async with card.here.subscribe(card.here.admin, EVENTS, id=card.wallet_id) as live:
        (snapshot,) = await changes(live, 1)
        assert snapshot == {"__typename": "WalletSnapshot", "wallet": {"version": 0, "balance": {"total": 0}}}
        await play(card)
        seen = await changes(live, len(EXPECTED))
    assert [line(change) for change in seen] == EXPECTED
    assert [change["transaction"]["version"] for change in seen] == list(range(1, len(EXPECTED) + 1))
    ends = [change["transaction"]["version"] for change in seen if change["lastOfOperation"]]
    assert ends == [1, 2, 3, 4, 6, 10, 12, 16]

    async with card.here.subscribe(card.here.admin, EVENTS, id=card.wallet_id, after=9) as resumed:
        assert await changes(resumed, len(EXPECTED) - 9) == seen[9:]


async def topped_up(card: Card, instant: str, amount: int) -> int:
    total: int = (await card.top_up(instant, amount))["after"]["balance"]["total"]
    return total


async def play(card: Card) -> None:
    await card.price("200000", "2025-02-01T00:00:00Z")
    assert await topped_up(card, "2025-02-01T10:00:00Z", 500_000) == 500_000
    assert await topped_up(card, "2025-02-03T10:00:00Z", 350_000) == 850_000
    await card.use("2025-02-05T09:00:00Z", 10)
    assert await topped_up(card, "2025-02-07T10:00:00Z", 3_200_000) == 4_050_000
    await card.use("2025-02-10T09:00:00Z", 8)
    await march(card)
    await april(card)
    await may(card)


async def march(card: Card) -> None:
    billed = await card.bill("2025-03-01T00:00:00Z", "2025-02")
    (invoice,) = billed["invoices"]
    assert (invoice["status"], invoice["totalMinor"]) == ("PAID", 3_600_000)
    assert invoice["lines"] == [
        {"kind": "USAGE", "service": "EPAPER", "quantity": "18", "unitPriceMinor": "200000", "amountMinor": 3_600_000}
    ]
    assert (await card.wallet())["balance"] == {"total": 450_000, "locked": 0, "available": 450_000}
    await card.use("2025-03-05T09:00:00Z", 12)
    scheduled = await card.price("180000", "2025-04-01T00:00:00Z")
    assert scheduled["price"]["status"] == "SCHEDULED"
    assert [(p["unitPriceMinor"], p["effectiveUntil"], p["status"]) for p in scheduled["timeline"]] == [
        ("200000", "2025-04-01T00:00:00Z", "ACTIVE"),
        ("180000", None, "SCHEDULED"),
    ]


async def april(card: Card) -> None:
    billed = await card.bill("2025-04-01T00:00:00Z", "2025-03")
    (invoice,) = billed["invoices"]
    assert (invoice["status"], invoice["totalMinor"], invoice["amountDueMinor"]) == ("DUE", 2_400_000, 2_400_000)
    assert invoice["lines"][0]["unitPriceMinor"] == "200000", "the old rate: usage occurred before the switch"
    assert billed["run"] == {
        "invoiceCount": 1,
        "locked": 1,
        "amounts": [{"currency": "INR", "billedMinor": "2400000", "collectedMinor": "0"}],
    }
    wallet = await card.wallet()
    assert wallet["balance"]["total"] == 450_000, "never in part"
    assert wallet["lock"] == {
        "locked": True,
        "reasons": ["INSUFFICIENT_FUNDS"],
        "amountDue": 2_400_000,
        "unlockAmount": 1_950_000,
        "topUpUnlocks": True,
    }
    refused = await card.use("2025-04-01T12:00:00Z", 1)
    assert [event["code"] for event in refused["events"]] == ["WALLET_LOCKED"]

    settled = await card.top_up("2025-04-02T10:00:00Z", 2_500_000)
    assert settled["after"] == {
        "balance": {"total": 550_000},
        "lock": {"locked": False, "reasons": [], "unlockAmount": 0},
    }
    assert [(i["number"], i["month"], i["status"]) for i in settled["settledInvoices"]] == [
        ("MSP-0002", "2025-03", "PAID")
    ]
    assert (await card.use("2025-04-05T09:00:00Z", 15))["accepted"] == 1


async def may(card: Card) -> None:
    billed = await card.bill("2025-05-01T00:00:00Z", "2025-04")
    (invoice,) = billed["invoices"]
    assert (invoice["status"], invoice["totalMinor"]) == ("DUE", 2_700_000)
    assert invoice["lines"][0]["unitPriceMinor"] == "180000", "the new rate"
    wallet = await card.wallet()
    assert (wallet["balance"]["total"], wallet["lock"]["unlockAmount"]) == (550_000, 2_150_000)
    assert wallet["lock"]["locked"]
    assert wallet["monthlyCharge"] == 2_900_000, "(36,000 + 24,000 + 27,000) / 3"
    assert wallet["monthsRemaining"] == 0.1

    settled = await card.top_up("2025-05-02T10:00:00Z", 2_150_000)
    assert settled["after"]["balance"]["total"] == 0
    assert not settled["after"]["lock"]["locked"]


async def test_billing_a_month_again_changes_nothing_more(card: Card) -> None:
    await card.price("200000", "2025-02-01T00:00:00Z")
    await card.top_up("2025-02-01T10:00:00Z", 5_000_000)
    await card.use("2025-02-05T09:00:00Z", 10)
    first = await card.bill("2025-03-01T00:00:00Z", "2025-02")
    before = await card.wallet()
    again = await card.bill("2025-03-01T00:00:00Z", "2025-02")
    assert len(first["invoices"]) == 1
    assert again["invoices"] == []
    assert await card.wallet() == before
