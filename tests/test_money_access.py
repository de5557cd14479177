"""Who may move money, and that what was done is answered whole, whatever its doer may read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.teller import DOCUMENTS, Teller, teller

NEEDED = {
    "transfer": "wallet:transfer",
    "reverseTransaction": "wallet:reverse",
    "placeHold": "hold:write",
    "captureHold": "hold:write",
    "releaseHold": "hold:write",
    "approveInvoice": "invoice:write",
    "voidInvoice": "invoice:write",
}
LEADING_TO_WALLETS = {
    "tenant:write": """mutation { createTenant(input: {name: "New"}) {
        ... on TenantPayload { tenant { wallet { version owner { ... on Tenant { wallet { version } } } } } } } }""",
    "price:write": """mutation ($tenant: ID!) { setPrice(input: {tenantId: $tenant, service: "API",
        unitPriceMinor: 5, effectiveFrom: "2025-03-01T00:00:00Z"}) {
        ... on PricePayload { price { tenant { wallet { version } } }
            timeline { tenant { wallet { version } } } } } }""",
    "billing:run": """mutation ($tenant: ID!) { runBilling(input: {month: "2025-02", tenantIds: [$tenant]}) {
        ... on BillingPayload { invoices { tenant { wallet { version } } } } } }""",
    "invoice:write": """mutation ($invoice: ID!) { voidInvoice(input: {invoiceId: $invoice, idempotencyKey: "v"}) {
        ... on InvoicePayload { invoice { tenant { wallet { version } } } wallet { version } } } }""",
}

BILL = """mutation ($input: RunBillingInput!) { runBilling(input: $input) {
    ... on BillingPayload { invoices { totalMinor } } } }"""


@pytest_asyncio.fixture
async def here(database_url: str) -> AsyncIterator[Teller]:
    async with teller(database_url) as opened:
        yield opened


async def test_only_who_has_the_permission_moves_money_and_who_does_not_see_a_wallet_learns_nothing(
    here: Teller,
) -> None:
    mine, other = await here.using("Mine", 1_000, finalizationDays=5), await here.using("Other", 1_000)
    await here.bill(mine, other)
    hold_id = await here.hold(mine, 10)
    unseen, support = [await here.person("MEMBER", of=other)], await here.person("SUPPORT")
    seen = [support, *[await here.person(role, of=mine) for role in ("TENANT_ADMIN", "MEMBER")]]
    program = await here.token("wallet:read", "wallet:topup", "wallet:adjust", "wallet:lock", "billing:run", of=mine)
    unseen.append(await here.token(*set(NEEDED.values()), of=other))
    everything: dict[str, dict[str, Any]] = {
        "transfer": {"fromWalletId": mine, "toWalletId": mine, "amountMinor": 1},
        "reverseTransaction": {"transactionId": mine.replace("wal", "txn") + "_1", "description": "x"},
        "placeHold": {"walletId": mine, "amountMinor": 1},
        "captureHold": {"holdId": hold_id},
        "releaseHold": {"holdId": hold_id},
        "approveInvoice": {"invoiceId": mine.replace("wal", "inv") + "_1"},
        "voidInvoice": {"invoiceId": mine.replace("wal", "inv") + "_1"},
    }
    async with here.unchanged():
        for name, asked in everything.items():
            for client in (*seen, program):
                assert (name, await here.code(name, client, **asked)) == (name, "FORBIDDEN")
            for client in unseen:
                assert (name, await here.code(name, client, **asked)) == (name, "NOT_FOUND")
            assert await here.here.nobody.code(DOCUMENTS[name], input=asked | {"idempotencyKey": "k"}) == (
                "UNAUTHENTICATED"
            )


async def test_a_token_with_only_the_permission_is_answered_whole(here: Teller) -> None:
    mine, other = await here.using("Mine", 1_000, finalizationDays=5), await here.tenant("Other", 1_000)
    await here.bill(mine)
    top_up, invoice = mine.replace("wal", "txn") + "_1", mine.replace("wal", "inv") + "_1"
    asked: dict[str, dict[str, Any]] = {
        "transfer": {"fromWalletId": other, "toWalletId": mine, "amountMinor": 1},
        "reverseTransaction": {"transactionId": top_up, "amountMinor": 1, "description": "x"},
        "placeHold": {"walletId": mine, "amountMinor": 1},
        "captureHold": {"holdId": await here.hold(mine, 10)},
        "releaseHold": {"holdId": await here.hold(mine, 10)},
        "approveInvoice": {"invoiceId": invoice},
        "voidInvoice": {"invoiceId": invoice},
    }
    for name, permission in NEEDED.items():
        program = await here.token(permission, of=None if name == "transfer" else mine)
        done = await here.ask(name, program, **asked[name])
        assert done["__typename"].endswith("Payload"), done
        assert done["wallet"]["version"] == done["after"]["version"]


@pytest.mark.parametrize("permission", sorted(LEADING_TO_WALLETS))
async def test_an_answer_that_leads_to_the_wallet_does_not_fail_after_its_effect(here: Teller, permission: str) -> None:
    wallet_id = await here.using("Mine", 1_000)
    if permission == "billing:run":
        here.here.at("2025-03-01T00:00:00Z")
    else:
        await here.bill(wallet_id)
    program = await here.token(permission)
    named = {"tenant": wallet_id.replace("wal", "ten"), "invoice": wallet_id.replace("wal", "inv") + "_1"}
    answer = await program.ask(LEADING_TO_WALLETS[permission], **named)
    assert "errors" not in answer
    assert "version" in str(answer["data"])
    assert await program.get("query ($id: ID!) { wallet(id: $id) { version } }", id=wallet_id) is None


async def test_a_token_bound_to_a_tenant_closes_the_months_of_that_one_only(here: Teller) -> None:
    mine, other = await here.using("Mine", 1_000), await here.using("Other", 1_000)
    here.here.at("2025-03-01T00:00:00Z")
    program = await here.token("billing:run", "invoice:read", of=mine)
    ours, theirs = (wallet_id.replace("wal", "ten") for wallet_id in (mine, other))
    february: dict[str, Any] = {"month": "2025-02"}
    async with here.unchanged():
        for dry in (True, False):
            for tenants in ([theirs], [ours, theirs], ["ten_" + "0" * 32]):
                asked = february | {"tenantIds": tenants, "dryRun": dry}
                assert await program.code(BILL, input=asked) == "NOT_FOUND"
            assert await program.code(BILL, input=february | {"dryRun": dry}) == "FORBIDDEN"
    billed = await program.get(BILL, input=february | {"tenantIds": [ours]})
    assert [invoice["totalMinor"] for invoice in billed["invoices"]] == [100]
