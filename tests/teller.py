"""The API's money operations as a client asks for them, and what is written by them."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from tests.api import PASSWORD, PHONE, Api, Client, api

_REFUSALS = """__typename
  ... on InsufficientFunds { availableMinor requiredMinor shortfallMinor }
  ... on WalletLocked { walletId lock { reasons } }
  ... on IdempotencyConflict { operationId }
  ... on NotPossible { message }"""
_AFTER = """operationId replayed dryRun after { version balance { total locked available } lock { locked amountDue } }
  wallet { id version }"""
_MONEY = f"""... on MoneyPayload {{ {_AFTER} basedOnVersion settledInvoices {{ number status }}
  transactions {{ id type reason amountMinor lockedAmountMinor dueAmountMinor description operationId
    wallet {{ id }} reverses {{ version }} hold {{ id }} invoice {{ number }}
    counterparty {{ ... on Tenant {{ name }} ... on User {{ name }} }}
    operation {{ id kind transactions {{ id }} }} }} }}"""
_HOLD = f"""... on HoldPayload {{ {_AFTER}
  hold {{ id amountMinor capturedMinor status description expiresAt createdAt wallet {{ id }} invoice {{ id }} }} }}"""
_INVOICE = f"""... on InvoicePayload {{ {_AFTER}
  invoice {{ id number status totalMinor amountDueMinor locksAt paidAt voidedAt lines {{ amountMinor }} }} }}"""


def _document(name: str, kind: str, payload: str) -> str:
    wanted = _REFUSALS
    if payload is not _MONEY and payload is not _HOLD:
        wanted = wanted.replace("  ... on WalletLocked { walletId lock { reasons } }\n", "")
    return f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {wanted} {payload} }} }}"


DOCUMENTS = {
    "topUp": _document("topUp", "TopUpInput", _MONEY),
    "transfer": _document("transfer", "TransferInput", _MONEY),
    "reverseTransaction": _document("reverseTransaction", "ReverseTransactionInput", _MONEY),
    "placeHold": _document("placeHold", "PlaceHoldInput", _HOLD),
    "captureHold": _document("captureHold", "CaptureHoldInput", _MONEY),
    "releaseHold": _document("releaseHold", "ReleaseHoldInput", _MONEY),
    "approveInvoice": _document("approveInvoice", "InvoiceActionInput", _INVOICE),
    "voidInvoice": _document("voidInvoice", "InvoiceActionInput", _INVOICE),
}
LOCK = 'mutation ($id: ID!) { lockWallet(walletId: $id, reason: "checked") { __typename } }'
UNLOCK = 'mutation ($id: ID!) { unlockWallet(walletId: $id, reason: "checked") { __typename } }'
HOLD = "query ($id: ID!) { node(id: $id) { ... on Hold { status capturedMinor amountMinor } } }"
_NEW_TENANT = """mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
  ... on TenantPayload { tenant { id wallet { id } } } } }"""
_NEW_USER = """mutation ($input: CreateUserInput!) {
  createUser(input: $input) { ... on UserPayload { user { phone wallet { id } } } } }"""
_NEW_TOKEN = """mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { ... on ApiTokenPayload { token } } }"""
_NEW_PRICE = "mutation ($input: SetPriceInput!) { setPrice(input: $input) { __typename } }"
_USAGE = "mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { __typename } }"
_BILL = "mutation ($input: RunBillingInput!) { runBilling(input: $input) { __typename } }"
_STATE = "query ($id: ID!) { wallet(id: $id) { version balance { total locked available } lock { locked amountDue } } }"
_MONEY_TABLES = (
    "wallets", "operations", "wallet_transactions", "transaction_texts", "holds", "invoices", "billing_months",
)  # fmt: skip
_DIGEST = "SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} t"
_NUMBERS = itertools.count(1)


@dataclass
class Teller:
    """Asks as an administrator, unless told otherwise; each request with a key of its own, unless given one."""

    here: Api
    database: "asyncpg.Connection[asyncpg.Record]"
    sessions: dict[datetime | None, Client] = field(default_factory=dict)

    async def ask(self, name: str, client: Client | None = None, **asked: Any) -> Any:
        """The one root field's value."""
        return await (client or self.here.admin).get(DOCUMENTS[name], input={"idempotencyKey": new_key()} | asked)

    async def code(self, name: str, client: Client | None = None, **asked: Any) -> str:
        """The code of the one error."""
        return await (client or self.here.admin).code(DOCUMENTS[name], input={"idempotencyKey": new_key()} | asked)

    async def tenant(self, name: str, total: int = 0, **more: Any) -> str:
        """A new tenant's wallet with money in it."""
        made = (await self.here.admin.get(_NEW_TENANT, input={"name": name, **more}))["tenant"]
        wallet_id: str = made["wallet"]["id"]
        if total:
            await self.ask("topUp", walletId=wallet_id, amountMinor=total)
        return wallet_id

    async def using(self, name: str, total: int = 0, **more: Any) -> str:
        """A new tenant's wallet, and a page used for 100."""
        wallet_id = await self.tenant(name, total, **more)
        of = {"tenantId": wallet_id.replace("wal", "ten"), "service": "EPAPER"}
        price = {"unitPriceMinor": "100", "effectiveFrom": "2025-02-01T00:00:00Z"}
        await self.here.admin.get(_NEW_PRICE, input=of | price)
        await self.here.admin.get(_USAGE, input={"events": [of | {"quantity": 1, "key": "a page"}]})
        return wallet_id

    async def bill(self, *wallet_ids: str) -> list[str]:
        """The invoices for February, on the first of March."""
        self.here.at("2025-03-01T00:00:00Z")
        tenant_ids = [wallet_id.replace("wal", "ten") for wallet_id in wallet_ids]
        await self.here.admin.get(_BILL, input={"month": "2025-02", "tenantIds": tenant_ids})
        return [wallet_id.replace("wal", "inv") + "_1" for wallet_id in wallet_ids]

    async def hold(self, wallet_id: str, amount: int, **more: Any) -> str:
        """A new hold's id."""
        hold_id: str = (await self.ask("placeHold", walletId=wallet_id, amountMinor=amount, **more))["hold"]["id"]
        return hold_id

    async def state(self, wallet_id: str) -> Any:
        """As an administrator sees the wallet."""
        return await self.here.admin.get(_STATE, id=wallet_id)

    async def token(self, *permissions: str, of: str | None = None) -> Client:
        """A program's, bound to the tenant of a wallet where one is given."""
        tenant_id = of.replace("wal", "ten") if of else None
        asked = {"name": "a program", "permissions": permissions, "tenantId": tenant_id}
        administrator = await self._administrator()
        return Client(self.here.http, self.here.url, (await administrator.get(_NEW_TOKEN, input=asked))["token"])

    async def person(self, role: str, of: str | None = None) -> Client:
        """A signed-in user, of the tenant of a wallet where one is given."""
        tenant_id = of.replace("wal", "ten") if of else None
        asked = {"name": role, "phone": f"+9198{next(_NUMBERS):08d}", "password": PASSWORD, "role": role}
        administrator = await self._administrator()
        made = await administrator.get(_NEW_USER, input=asked | {"tenantId": tenant_id})
        return await self.here.nobody.sign_in(made["user"]["phone"], PASSWORD)

    async def _administrator(self) -> Client:
        """Signed in: only a person hands out roles and permissions."""
        instant = self.here.clock.fixed
        if instant not in self.sessions:  # one from before may have ended since
            self.sessions[instant] = await self.here.nobody.sign_in(PHONE, PASSWORD)
        return self.sessions[instant]

    async def written(self) -> list[str]:
        """A digest of each table that money is in."""
        return [await self.database.fetchval(_DIGEST.format(name)) for name in _MONEY_TABLES]

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """Nothing about money is written in the block."""
        before = await self.written()
        yield
        assert await self.written() == before


@asynccontextmanager
async def teller(database_url: str) -> AsyncIterator[Teller]:
    """At a server of its own, on 1 February 2025."""
    async with api(database_url) as here:
        database = await asyncpg.connect(database_url)
        try:
            yield Teller(here, database)
        finally:
            await database.close()


def new_key() -> str:
    """One that no request has used."""
    return f"key {next(_NUMBERS)}"


def lines(payload: Any) -> list[tuple[str, str, int, int, int]]:
    """Type, reason, and the changes of total, locked and due."""
    return [
        (t["type"], t["reason"], t["amountMinor"], t["lockedAmountMinor"], t["dueAmountMinor"])
        for t in payload["transactions"]
    ]
