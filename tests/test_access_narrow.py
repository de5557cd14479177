"""Tokens that carry one permission, or all but one: what each is for, and that its answers are whole (law 23)."""

import pytest
import pytest_asyncio

from resolvers.root import schema
from tests.access.asking import Asking
from tests.access.cast import EVERYTHING, new_token
from tests.access.stage import staged
from tests.access.table import Row, rows

everybody = staged
CHANGES = {
    "topUp": "wallet:topup",
    "adjustBalance": "wallet:adjust",
    "eraseDescription": "wallet:adjust",
    "transfer": "wallet:transfer",
    "reverseTransaction": "wallet:reverse",
    "lockWallet": "wallet:lock",
    "unlockWallet": "wallet:lock",
    "placeHold": "hold:write",
    "captureHold": "hold:write",
    "releaseHold": "hold:write",
    "setPrice": "price:write",
    "cancelPrice": "price:write",
    "recordUsage": "usage:write",
    "runBilling": "billing:run",
    "approveInvoice": "invoice:write",
    "voidInvoice": "invoice:write",
    "createTenant": "tenant:write",
    "updateTenant": "tenant:write",
    "deleteTenant": "tenant:write",
    "createUser": "user:write",
    "updateUser": "user:write",
    "deleteUser": "user:write",
    "addVehicle": "user:write",
    "removeVehicle": "user:write",
    "createWallet": "user:write",
    "revokeApiToken": "token:write",
    "createWebhookEndpoint": "webhook:write",
    "updateWebhookEndpoint": "webhook:write",
    "deleteWebhookEndpoint": "webhook:write",
    "rotateWebhookSecret": "webhook:write",
    "testWebhookEndpoint": "webhook:write",
    "redeliverWebhook": "webhook:write",
    "createAlertRule": "alert:write",
    "updateAlertRule": "alert:write",
    "deleteAlertRule": "alert:write",
}
BY_ONESELF = {"signIn", "signOut", "register", "endSession", "endOtherSessions", "changePassword", "markAlertsRead"}
ALSO_NEEDED = {"cancelPrice": "price:read"}
"""It names a price by its id alone: whoever does not read prices does not know of it."""
READS = {
    "Query.wallet": "wallet:read",
    "Query.wallets": "wallet:read",
    "Query.operation": "wallet:read",
    "Query.tenant": "tenant:read",
    "Query.tenants": "tenant:read",
    "Tenant.prices": "price:read",
    "Tenant.usage": "usage:read",
    "Tenant.invoices": "invoice:read",
    "Query.invoice": "invoice:read",
    "Query.invoices": "invoice:read",
    "Query.billingRuns": "invoice:read",
    "Query.user": "user:read",
    "Query.users": "user:read",
    "Tenant.users": "user:read",
    "Query.alerts": "alert:read",
    "Query.alertRules": "alert:read",
    "Query.audit": "audit:read",
    "Query.webhookEndpoints": "audit:read",
    "Query.webhookDeliveries": "audit:read",
    "Query.verification": "audit:read",
    "Query.checkpoints": "audit:read",
}
LEADING_TO_WALLETS = {
    "tenant:write": """createTenant(input: {name: "New", dryRun: true}) { ... on TenantPayload {
        tenant { wallet { version owner { ... on Tenant { wallet { version } } } } } } }""",
    "price:write": """setPrice(input: {tenantId: <tenant>, service: "API", unitPriceMinor: 5,
        effectiveFrom: "2025-04-01T00:00:00Z", dryRun: true}) { ... on PricePayload {
        price { tenant { wallet { version } } } timeline { tenant { wallet { version } } } } }""",
    "billing:run": """runBilling(input: {month: "2025-03", tenantIds: [<tenant>], dryRun: true}) {
        ... on BillingPayload { invoices { tenant { wallet { version } } } } }""",
    "invoice:write": """voidInvoice(input: {invoiceId: <invoice>, idempotencyKey: "v", dryRun: true}) {
        ... on InvoicePayload { invoice { tenant { wallet { version } } } wallet { version } } }""",
    "hold:write": """placeHold(input: {walletId: <wallet>, amountMinor: 1, idempotencyKey: "h", dryRun: true}) {
        ... on HoldPayload { after { version } wallet { version } hold { wallet { version } } } }""",
    "wallet:transfer": """transfer(input: {fromWalletId: <wallet>, toWalletId: <person.wallet>, amountMinor: 1,
        idempotencyKey: "m", dryRun: true}) { ... on MoneyPayload { after { version } wallet { version }
        transactions { wallet { version } operation { transactions { wallet { version } } } } } }""",
    "wallet:reverse": """reverseTransaction(input: {transactionId: <txn>, amountMinor: 1, description: "a mistake",
        idempotencyKey: "r", dryRun: true}) { ... on MoneyPayload { after { version } wallet { version }
        transactions { wallet { version } reverses { version } } } }""",
    "wallet:topup": """topUp(input: {walletId: <wallet>, amountMinor: 1000000, idempotencyKey: "t", dryRun: true}) {
        ... on MoneyPayload { after { version } wallet { version } transactions { wallet { version } } } }""",
}


@pytest_asyncio.fixture(scope="module")
async def asking(everybody: Asking) -> Asking:
    """With an asker for each permission alone (`price:read`), and for each that is wanting (`no price:read`)."""
    for permission in EVERYTHING:
        rest = [other for other in EVERYTHING if other != permission]
        for asker, carried in ((permission, [permission]), (f"no {permission}", rest)):
            everybody.cast.clients[asker] = (await new_token(everybody.cast, "super", carried, None))[1]
    return everybody


def first(name: str) -> Row:
    """The first of a field's rows."""
    return next(row for row in rows("queries.txt", "edges.txt", "mutations.txt") if row.name == name)


def test_it_is_said_of_every_mutation_which_permission_it_needs() -> None:
    assert schema._schema.mutation_type is not None
    assert set(schema._schema.mutation_type.fields) == set(CHANGES) | BY_ONESELF | {"createApiToken"}
    assert set(CHANGES.values()) | set(READS.values()) == set(EVERYTHING)


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_a_change_needs_its_permission_and_no_other(asking: Asking, name: str) -> None:
    row, needed = first(f"Mutation.{name}"), CHANGES[name]
    assert (await asking.ask(row, f"no {needed}", "own")).word == "FORBIDDEN"
    expected = "FORBIDDEN" if name in ALSO_NEEDED else row.word("own", "program")
    assert (await asking.ask(row, needed, "own")).word == expected


@pytest.mark.parametrize("name", sorted(READS))
async def test_what_is_read_needs_its_permission_and_no_other(asking: Asking, name: str) -> None:
    row, needed = first(name), READS[name]
    assert (await asking.ask(row, f"no {needed}", "own")).word in ("null", "empty", "FORBIDDEN")
    if name.startswith("Query."):
        assert (await asking.ask(row, needed, "own")).word == row.word("own", "program")


@pytest.mark.parametrize("permission", sorted(LEADING_TO_WALLETS))
async def test_an_answer_that_leads_to_the_wallet_does_not_fail_after_its_effect(
    asking: Asking, permission: str
) -> None:
    """Done in earnest, by a token that reads nothing."""
    row = Row("Payload.version", "", LEADING_TO_WALLETS[permission], "")
    for dry in (True, False):
        assert (await asking.ask(row, permission, "own", dry=dry)).word == "seen"
    assert (await asking.ask(first("Query.wallet"), permission, "own")).word == "null"
