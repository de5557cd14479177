"""What is foreign takes as long to refuse as what is missing (law 23): a thousand tries of each, in turn."""

import time
from random import Random
from statistics import median

import pytest

from tests.access.asking import Asking
from tests.access.stage import staged
from tests.access.table import Row

asking = staged
TRIES = 1_000
MOST_SECONDS = 0.002
NEW_TENANTS_USER = """createUser(input: {tenantId: <tenant>, phone: "+919876511111", name: "New",
    password: "correct horse battery", dryRun: true}) { __typename }"""
FIELDS = {
    "wallet": ("manager", "wallet(id: <wallet>) { version }"),
    "node of a user": ("manager", "node(id: <user>) { id }"),
    "node of a price": ("agent", "node(id: <price>) { id }"),
    "user by phone": ("manager", "user(phone: <phone>) { id }"),
    "tenant by externalId": ("manager", "tenant(externalId: <external>) { id }"),
    "search": ("agent", "wallets(filter: {search: <search>}) { totalCount }"),
    "topUp as a TENANT_ADMIN": (
        "manager",
        "topUp(input: {walletId: <wallet>, amountMinor: 1, idempotencyKey: <key>}) { __typename }",
    ),
    "transfer from ours": (
        "agent",
        'transfer(input: {fromWalletId: <ours.wallet>, toWalletId: <wallet>, amountMinor: 1, idempotencyKey: "k"}) '
        "{ __typename }",
    ),
    "cancelPrice": ("agent", "cancelPrice(id: <scheduled>) { __typename }"),
    "createUser": ("manager", NEW_TENANTS_USER),
    "updateUser": ("manager", 'updateUser(id: <user>, input: {name: "Renamed"}) { __typename }'),
    "deleteUser": ("manager", "deleteUser(id: <user>) { __typename }"),
    "removeVehicle": ("manager", "removeVehicle(id: <vehicle>) { __typename }"),
    "revokeApiToken": ("manager", "revokeApiToken(id: <token>)"),
    "walletEvents": ("manager", "walletEvents(walletId: <wallet>) { ... on WalletSnapshot { wallet { id } } }"),
}
ROUTES = {
    "POST topup by externalId": ("agent", '/api/v1/admin/tenants/<external>/wallet/topup {"amountMinor": 1}'),
    "PUT user by phone": ("manager", '/api/core/user/user/<phone> {"name": "Renamed"}'),
}


@pytest.mark.proof
@pytest.mark.timing
@pytest.mark.parametrize("name", [*FIELDS, *ROUTES])
async def test_what_is_foreign_takes_as_long_as_what_is_missing(asking: Asking, name: str) -> None:
    asker, document = (FIELDS | ROUTES)[name]
    row = Row(name, "", document, "routes.txt" if name in ROUTES else "")
    taken: dict[str, list[float]] = {"foreign": [], "missing": []}
    dice = Random(23)
    for _ in range(TRIES):
        for side in dice.sample(sorted(taken), 2):
            begun = time.perf_counter()
            await asking.ask(row, asker, side)
            taken[side].append(time.perf_counter() - begun)
    foreign, missing = median(taken["foreign"]), median(taken["missing"])
    print(f"{name}: foreign {foreign * 1e3:.3f} ms, missing {missing * 1e3:.3f} ms")
    assert abs(foreign - missing) < MOST_SECONDS
